"""The demonstration behind `make demo`: train on drawn faces, test, look at a real photograph."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
from mmengine.config import Config

from fanet_mmpose import weights
from fanet_mmpose.base_configs import config_path
from fanet_mmpose.datasets.converters.atomic import write_bytes, write_json
from fanet_mmpose.deploy.torch_backend import TorchModel
from fanet_mmpose.engine.launch import test, train
from fanet_mmpose.engine.options import TestOptions, TrainOptions
from fanet_mmpose.evaluation.report.figures import ced_figure
from fanet_mmpose.evaluation.report.scored import score_model
from fanet_mmpose.evaluation.results import Results
from fanet_mmpose.evaluation.results_file import load_results
from fanet_mmpose.inference.backend import Model
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.synthetic.renderer import render_face
from fanet_mmpose.synthetic.variety import make_variety

CONFIG = 'fanet_lite_synthetic_demo.py'
SHIPPED = 'fanet_lite_300w'
SHEET = (4, 8)  # rows, columns


def save_picture(path: Path, picture: np.ndarray) -> None:
    """Write blue-first uint8 [H, W, 3] in the format of the suffix."""
    _, data = cv2.imencode(path.suffix, picture)
    write_bytes(path, data.tobytes())


def train_and_test(out: Path) -> tuple[Path, Results]:
    """Train in `out` where that is not done yet, and score the last epoch on the test faces."""
    config, results = config_path(CONFIG), out / 'results.json'
    train(config, TrainOptions(work_dir=str(out / 'training'), resume='auto'))
    checkpoint = out / 'training' / f'epoch_{Config.fromfile(config).train_cfg.max_epochs}.pth'
    stored = {'test_evaluator.out_file': str(results)}
    test(config, str(checkpoint), TestOptions(work_dir=str(out / 'test'), cfg_options=stored))
    return checkpoint, load_results(results)


def prediction_sheet(results: Results) -> np.ndarray:
    """The first drawn test faces with what was found on them, in rows."""
    faces = Config.fromfile(config_path(CONFIG)).test_dataloader.dataset
    rows, columns = SHEET
    pictures = []
    for index in range(rows * columns):
        image = render_face((faces.seed, 0, index), 224, make_variety(None)).image
        points = results.predicted[index]
        found = FaceLandmarks(
            box=np.concatenate([points.min(0), points.max(0)]),
            score=float(results.scores[index].mean()),
            points=points,
            scores=results.scores[index],
            visibility=np.ones(len(points)),
            scales=results.scales[index],
            schema=results.schema.name,
        )
        pictures.append(found.draw(image))
    return np.vstack([np.hstack(pictures[row * columns :][:columns]) for row in range(rows)])


def photograph_model(checkpoint: Path) -> tuple[str, Model | str]:
    """Which model looks at the photograph: the shipped weights, or those just trained."""
    if SHIPPED in weights.names():
        return f'the shipped weights {SHIPPED}', SHIPPED
    return 'the model just trained on drawn faces', TorchModel(config_path(CONFIG), checkpoint)


def find_on_photograph(checkpoint: Path, out: Path) -> dict[str, object]:
    """Detector and landmarks on a public-domain photograph; returns what was found by what."""
    from skimage.data import astronaut  # E. Collins, NASA; in the scikit-image wheel

    image = cv2.cvtColor(astronaut(), cv2.COLOR_RGB2BGR)
    name, model = photograph_model(checkpoint)
    faces = FaceLandmarker(model, detector='haar', min_score=0.0)(image)  # show it as it is
    for face in faces:
        image = face.draw(image)
    save_picture(out / 'photograph.png', image)
    return dict(model=name, detector='haar', faces=[face.to_dict() for face in faces])


def run(out: Path) -> None:
    """The whole demonstration; results in `out`. Work that is done is not done again."""
    out.mkdir(parents=True, exist_ok=True)
    print('1/3  training FANet lite on drawn faces (about 5 minutes on 2 cores)', flush=True)
    checkpoint, results = train_and_test(out)
    print('2/3  drawing what it finds on faces it has not seen', flush=True)
    scored = score_model(results, 'inter_ocular', 'FANet lite, drawn faces')
    ced_figure([scored], 'inter_ocular').savefig(out / 'error_curve.png', dpi=120)
    save_picture(out / 'predictions.jpg', prediction_sheet(results))
    print('3/3  looking at a real photograph', flush=True)
    photograph = find_on_photograph(checkpoint, out)
    nme = scored.summary['all']['nme']
    write_json(out / 'demo.json', dict(nme_on_drawn_faces=nme, photograph=photograph))
    print_summary(out, nme, photograph)


def print_summary(out: Path, nme: float, photograph: dict[str, object]) -> None:
    """Say where to look and what is there."""
    found = json.dumps([face['score'] for face in photograph['faces']])
    print(f"""
NME on 500 drawn faces: {nme:.2f} % of the inter-ocular distance
Faces on the photograph, by {photograph['model']}: {len(photograph['faces'])}, scores {found}
{out}/photograph.png    landmarks on a real photograph
{out}/predictions.jpg   what was found on drawn test faces, green where it is sure
{out}/error_curve.png   share of faces below each error
{out}/demo.json         the numbers; {out}/results.json: every prediction""")
