"""The second half of `make demo`: train on drawn faces, test, find landmarks on a photograph."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from mmengine.config import Config

from fanet_mmpose.base_configs import config_path
from fanet_mmpose.demo_photograph import landmarks_on_photograph, save_picture
from fanet_mmpose.deploy.torch_backend import TorchModel
from fanet_mmpose.engine.launch import test, train
from fanet_mmpose.engine.options import TestOptions, TrainOptions
from fanet_mmpose.evaluation.report.figures import ced_figure
from fanet_mmpose.evaluation.report.scored import score_model
from fanet_mmpose.evaluation.results import Results
from fanet_mmpose.evaluation.results_file import load_results
from fanet_mmpose.files import write_json
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.synthetic.renderer import render_face
from fanet_mmpose.synthetic.variety import make_variety

CONFIG = 'fanet_lite_synthetic_demo.py'
SHEET = (4, 8)  # rows, columns


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
            box=tight_box(points),
            score=float(results.scores[index].mean()),
            points=points,
            scores=results.scores[index],
            visibility=np.ones(len(points)),
            scales=results.scales[index],
            schema=results.schema.name,
        )
        pictures.append(found.draw(image))
    return np.vstack([np.hstack(pictures[row * columns :][:columns]) for row in range(rows)])


def trained_landmarker(checkpoint: Path) -> FaceLandmarker:
    """The model just trained, behind OpenCV's detector; no score is too low to be shown."""
    model = TorchModel(config_path(CONFIG), checkpoint)
    return FaceLandmarker(model, detector='haar', min_face=0.0)  # show it as it is


def run(photograph: Path, out: Path) -> None:
    """Train, test and draw; results in `out`. Work that is done is not done again."""
    out.mkdir(parents=True, exist_ok=True)
    print('1/3  training FANet lite on drawn faces (about 5 minutes on 2 cores)', flush=True)
    checkpoint, results = train_and_test(out)
    print('2/3  drawing its predictions on test faces', flush=True)
    scored = score_model(results, 'inter_ocular', 'FANet lite, drawn faces')
    ced_figure([scored], 'inter_ocular').savefig(out / 'error_curve.png', dpi=120)
    save_picture(out / 'predictions.jpg', prediction_sheet(results))
    print('3/3  finding landmarks on the photograph with this model', flush=True)
    faces = landmarks_on_photograph(
        photograph, trained_landmarker(checkpoint), out / 'photograph_drawn_faces.png'
    )
    nme = scored.summary['all']['nme']
    found = dict(detector='haar', faces=[face.to_dict() for face in faces])
    write_json(out / 'demo.json', dict(nme_on_drawn_faces=nme, photograph=found))
    print_summary(out, nme)


def print_summary(out: Path, nme: float) -> None:
    """Say where to look and what is there."""
    print(f"""
NME on 500 drawn faces: {nme:.2f} % of the inter-ocular distance
{out}/photograph.png              landmarks by the shipped weights
{out}/photograph_drawn_faces.png  landmarks by the model just trained, which saw drawn faces only
{out}/predictions.jpg             its landmarks on drawn test faces, green where the score is high
{out}/error_curve.png             share of faces below each error
{out}/demo.json                   the numbers; {out}/results.json: every prediction""")
