"""What recipes cost: parameters, multiply-adds, and CPU time of a face in use and in training.

`python projects/speed/tools/recipe_cost.py configs/fanet_wflw.py configs/fanet_wflw_256.py`

Training steps take drawn faces of the recipe's point set through the recipe's own pipeline;
nothing is downloaded. The recipes take turns, so that what else the machine does falls on all.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from statistics import median

import torch
from mmengine.analysis import get_model_complexity_info
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.registry import DefaultScope
from mmpose.models import build_pose_estimator
from mmpose.registry import DATASETS
from torch import nn

from fanet_mmpose.engine.configs import load_config
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from projects.speed.turns import Job, cpu_times

SCHEMAS = {98: 'wflw98', 68: '300w68', 29: 'cofw29', 19: 'aflw19'}
BATCH = 16  # of the recipes


def drawn_batch(cfg: Config) -> dict:
    """`BATCH` drawn faces as the recipe's training pipeline gives them."""
    steps = [step for step in cfg.train_pipeline if step['type'] != 'LoadOcclusion']
    schema = SCHEMAS[cfg.model.head.num_keypoints]
    faces = DATASETS.build(
        dict(type='SyntheticFaceDataset', schema=schema, num_samples=BATCH, pipeline=steps)
    )
    return pseudo_collate([faces[index] for index in range(BATCH)])


def training_step(model: nn.Module, batch: dict) -> Job:
    """Forward and backward pass of a batch in bfloat16, without the optimizer's step."""

    def run() -> None:
        model.train()
        with torch.autocast('cpu', torch.bfloat16):
            prepared = model.data_preprocessor(batch, training=True)
            losses = model.loss(prepared['inputs'], prepared['data_samples'])
        sum(loss for name, loss in losses.items() if 'loss' in name).backward()

    return run


def use(model: nn.Module, width: int, height: int) -> Job:
    """One face through the network in float32, as `FaceLandmarker(backend='torch')` does."""
    image = torch.zeros(1, 3, height, width)

    @torch.no_grad()
    def run() -> None:
        model.eval()
        model.head(model.neck(model.backbone(image)))

    return run


def prepare(config: str) -> tuple[dict, dict[str, Job]]:
    """What can be counted of a recipe, and what is to be timed."""
    cfg = load_config(config)
    width, height = cfg.model.head.decoder.input_size
    with DefaultScope.overwrite_default_scope('mmpose'):
        model = build_pose_estimator(cfg.model)
        batch = drawn_batch(cfg)
        counter = build_pose_estimator(cfg.model).eval()
    counter.forward = counter._forward  # what mmengine's counter calls
    counted = get_model_complexity_info(
        counter, (3, height, width), show_table=False, show_arch=False
    )
    row = dict(
        config=config,
        input=f'{width}x{height}',
        params_M=round(counted['params'] / 1e6, 3),
        gmacs=round(counted['flops'] / 1e9, 4),
        flip_test=bool(cfg.model.test_cfg.flip_test),
    )
    return row, {'use': use(model, width, height), 'train': training_step(model, batch)}


@friendly_exit
def main() -> None:
    """Measure, print, write."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('configs', nargs='+')
    parser.add_argument('--rounds', type=int, default=20)
    parser.add_argument('--out', type=Path, help='JSON file for the rows')
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    rows, jobs = zip(*map(prepare, args.configs), strict=True)
    used = cpu_times([job['use'] for job in jobs], args.rounds)
    trained = cpu_times([job['train'] for job in jobs], max(1, args.rounds // 4))
    for row, one, batch in zip(rows, used, trained, strict=True):
        row['cpu_ms_per_face'] = round(median(one), 2)  # the flip test takes twice that
        row['training_cpu_ms_per_face'] = round(median(batch) / BATCH, 2)
        print(json.dumps(row))
    if args.out:
        names = ' '.join(args.configs)
        command = f'python projects/speed/tools/recipe_cost.py {names} --rounds {args.rounds}'
        protocol = (
            'CPU time, PyTorch, one thread. Use: float32, batch 1, one pass. Training: forward and '
            f'backward pass of {BATCH} drawn faces in bfloat16, loading and optimizer not counted'
        )
        device = f'{torch.backends.cpu.get_cpu_capability()}, PyTorch {torch.__version__}'
        content = dict(command=command, protocol=protocol, device=device, rows=rows)
        write_json(args.out, content, indent=1)


if __name__ == '__main__':
    sys.exit(main())
