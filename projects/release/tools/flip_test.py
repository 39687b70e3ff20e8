"""What the flip test brings and costs: shipped models on 300W val, without and with it.

`python projects/release/tools/flip_test.py data/300w --out flip_test.json`
"""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from statistics import median

import torch
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample
from torch import nn

from fanet_mmpose.engine.launch import test
from fanet_mmpose.engine.options import TestOptions
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from fanet_mmpose.weights import config_of, find, load_model

MODELS = ('fanet_lite_300w', 'fanet_300w')
NAMES = ('NME', 'NME_inner51', 'FR10', 'AUC10')


def score(name: str, root: Path, flip: bool) -> dict[str, float]:
    """Metrics of a shipped model on the val split under `root`."""
    options = {
        'model.test_cfg.flip_test': flip,
        'test_dataloader.num_workers': 0,
        'test_dataloader.dataset.data_root': f'{root}/',
        'test_dataloader.dataset.ann_file': 'annotations/val.json',
        'test_evaluator.ann_file': str(root / 'annotations' / 'val.json'),
        'log_level': 'ERROR',
    }
    run = TestOptions(work_dir='work_dirs/flip_test', cfg_options=options)
    metrics = test(config_of(name), str(find(name, '.pth')), run)
    found = {key.split('/')[-1]: value for key, value in metrics.items()}
    return {key: found[key] for key in NAMES if key in found}


def face(width: int, height: int, flip_indices: list[int]) -> PoseDataSample:
    """One face in a crop of its own frame, as MMPose hands it to a model."""
    frame = dict(
        input_size=(width, height),
        input_center=torch.tensor([width / 2, height / 2]).numpy(),
        input_scale=torch.tensor([width, height]).float().numpy(),
        flip_indices=flip_indices,
    )
    instances = InstanceData(bboxes=torch.zeros(1, 4).numpy(), bbox_scores=torch.ones(1).numpy())
    return PoseDataSample(metainfo=frame, gt_instances=instances)


@torch.no_grad()
def milliseconds(model: nn.Module, rounds: int) -> dict[bool, float]:
    """CPU time of one face, decoding included, without and with the flip test, taken in turns."""
    width, height = model.head.decoder.input_size
    sample = face(width, height, list(model.dataset_meta['flip_indices']))
    image = torch.zeros(1, 3, height, width)
    taken: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(rounds + 2):  # the first two warm up
        for flip, times in taken.items():
            model.test_cfg['flip_test'] = flip
            start = time.process_time()
            model.predict(image, [sample])
            times.append(1000 * (time.process_time() - start))
    return {flip: median(times[2:]) for flip, times in taken.items()}


def measure(name: str, root: Path, rounds: int) -> list[dict]:
    """A row without and a row with the flip test."""
    times = milliseconds(load_model(name), rounds)
    return [
        dict(model=name, flip_test=flip, cpu_ms_per_face=round(times[flip], 2))
        | {key: round(value, 4) for key, value in score(name, root, flip).items()}
        for flip in (False, True)
    ]


@friendly_exit
def main() -> None:
    """Measure, print, write."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('root', type=Path, help='300W: annotations/val.json and its pictures')
    parser.add_argument('--rounds', type=int, default=100, help='timed faces of each model')
    parser.add_argument('--out', type=Path, help='JSON file for the rows')
    args = parser.parse_args()
    torch.set_num_threads(1)
    rows = [row for name in MODELS for row in measure(name, args.root, args.rounds)]
    for row in rows:
        print(row)
    if args.out:
        what = 'flip test: 300W val (200 faces), NME in % of the inter-ocular distance'
        protocol = (
            'ground-truth box of the points padded by 1.25; CPU time, PyTorch, one thread; the '
            'machine may be busy with other work: compare times within this file only'
        )
        command = f'python projects/release/tools/{Path(sys.argv[0]).name} data/300w'
        write_json(
            args.out, dict(what=what, command=command, protocol=protocol, rows=rows), indent=1
        )


if __name__ == '__main__':
    main()
