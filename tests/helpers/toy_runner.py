"""A training of numbers in MMEngine's runner: milliseconds an epoch, every hook is called."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.evaluator import BaseMetric, Evaluator
from mmengine.logging import MMLogger
from mmengine.model import BaseModel
from mmengine.runner import Runner
from torch import nn
from torch.utils.data import Dataset

NUMBERS = itertools.count()


class Numbers(Dataset):
    """Twelve numbers with noise of NumPy's, which stands for augmentation."""

    metainfo: dict[str, Any] = dict(dataset_name='numbers')

    def __len__(self) -> int:
        return 12

    def __getitem__(self, index: int) -> dict[str, torch.Tensor]:
        return dict(inputs=torch.tensor([index + np.random.rand()], dtype=torch.float32))


class Line(BaseModel):
    """A linear layer with dropout."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(1, 1)

    def forward(self, inputs: Any, mode: str = 'tensor') -> Any:
        output = self.layer(torch.stack(list(inputs)))
        if mode == 'loss':
            return dict(loss=nn.functional.dropout(output, 0.5).square().mean())
        return [output.mean()]


class Score(BaseMetric):
    """The next of given scores at every validation."""

    def __init__(self, scores: list[float]) -> None:
        super().__init__()
        self.scores = scores

    def process(self, data_batch: Any, data_samples: Any) -> None:
        self.results.append(0)

    def compute_metrics(self, results: list) -> dict[str, float]:
        return dict(NME=self.scores.pop(0))


def toy_runner(
    work_dir: Path,
    epochs: int,
    scores: list[float] | None = None,
    *,
    seed: int = 0,
    loader: dict[str, Any] | None = None,
    **more: Any,
) -> Runner:
    """A runner with the hooks in question; validates every epoch where there are scores."""
    loader = dict(dict(dataset=Numbers(), batch_size=4, num_workers=0), **(loader or {}))
    loader.setdefault('sampler', dict(type='DefaultSampler', shuffle=True))
    # The current logger may be of an earlier test, whose output is closed.
    MMLogger.get_instance(f'before_toy_{next(NUMBERS)}')
    torch.manual_seed(0)  # for the weights to start from, which are drawn before the runner seeds
    checkpoint = dict(interval=1, max_keep_ckpts=1, save_best='NME' if scores else None)
    hooks = dict(checkpoint=dict(type='mmpose.DurableCheckpointHook', rule='less', **checkpoint))
    validation = dict(
        val_dataloader=dict(loader, sampler=dict(type='DefaultSampler', shuffle=False)),
        val_cfg=dict(),
        val_evaluator=Evaluator(Score(scores or [])),
    )
    config = dict(
        model=Line(),
        work_dir=str(work_dir),
        train_dataloader=loader,
        train_cfg=dict(by_epoch=True, max_epochs=epochs),
        optim_wrapper=dict(optimizer=dict(type='Adam', lr=0.1)),
        default_hooks=hooks,
        randomness=dict(seed=seed),
        default_scope='mmpose',
        experiment_name=f'toy_{next(NUMBERS)}',  # MMEngine keeps one logger a name
        log_level='ERROR',
        **(validation if scores else {}),
    )
    hooks.update(more.pop('default_hooks', {}))
    return Runner(**{**config, **more})
