"""Random draws that depend on what is drawn for, not on what was drawn before.

A sample's augmentation follows from (seed, pass over the data, place in the pass), whichever loader
worker or process makes it, and however often a training was stopped. MMEngine seeds each worker
once: a resumed training draws anew from the start, and workers that end with each epoch draw the
same every epoch.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from mmengine.dataset import DefaultSampler
from torch.utils.data import DataLoader, Dataset, IterableDataset

Key = tuple[int, ...]
MAIN = 2**32 - 1  # in place of a pass: draws of the training process itself


class Draw(int):
    """Index of a sample that carries the key of its draws to the worker."""

    key: Key

    def __new__(cls, index: int, key: Key) -> Draw:
        draw = super().__new__(cls, index)
        draw.key = key
        return draw

    def __reduce__(self) -> tuple:
        return Draw, (int(self), self.key)


def seed_all(*key: int) -> None:
    """Seed Python's, NumPy's and torch's generators on the CPU from integers of at least 0."""
    low, high = np.random.SeedSequence(key).generate_state(2).tolist()
    random.seed(low)
    np.random.seed(low)
    # Not `torch.manual_seed`, which asks for the GPU every time, also in workers.
    torch.default_generator.manual_seed(high << 32 | low)


def seed_training(seed: int, rank: int, iteration: int) -> None:
    """Seed what the training process draws in an iteration, dropout for instance, GPU included."""
    seed_all(seed, MAIN, iteration, rank)
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        torch.cuda.manual_seed(torch.initial_seed())


class SeededItems:
    """Makes samples, each with the draws of its key; torch's loader asks for `__getitems__`."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset

    def __call__(self, indices: Sequence[int]) -> list[Any]:
        """The samples of a batch."""
        samples = []
        for index in indices:
            if isinstance(index, Draw):
                seed_all(*index.key)
            samples.append(self.dataset[int(index)])
        return samples


class KeyedBatches:
    """A batch sampler whose indices are `Draw`.

    Args:
        batches: lists of indices, those of this process.
        seed: of all draws.
        rank: of this process.
        world: number of processes. Samplers deal out samples in turn, so that with half the batch
            in each of two processes a sample has the place, and the draws, that it has in one.
    """

    def __init__(self, batches: Any, seed: int, rank: int = 0, world: int = 1) -> None:
        self.batches, self.seed, self.rank, self.world = batches, seed, rank, world
        self.sampler = getattr(batches, 'sampler', None)  # what MMEngine and torch look at
        self.batch_size = getattr(batches, 'batch_size', None)
        self.drop_last = getattr(batches, 'drop_last', False)
        self.number, self.place = 0, 0
        self.passes = 0  # that the sampler has made
        self.started: Iterator[list[int]] | None = None

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self) -> Iterator[list[Draw]]:
        batches, self.started = self.started or iter(self.batches), None
        number, place = self.number, self.place
        self.passes = number + 1
        for batch in batches:
            places = range(place, place + len(batch))
            yield [
                Draw(index, (self.seed, number, at * self.world + self.rank))
                for index, at in zip(batch, places, strict=True)
            ]
            place += len(batch)

    def begin(self, number: int) -> None:
        """Go to the start of a pass; samplers that go on where they were are taken there."""
        if not isinstance(self.sampler, DefaultSampler):  # which looks at the number alone
            for earlier in range(self.passes, number):
                self._set_epoch(earlier)
                for _ in self.batches:
                    pass
        self.passes = max(self.passes, number)
        self.number, self.place, self.started = number, 0, None
        self._set_epoch(number)

    def skip(self, count: int) -> None:
        """Go on after `count` batches, of as many passes as that is; no sample is loaded."""
        self.begin(0)
        batches = iter(self.batches)
        while count > 0:
            batch = next(batches, None)
            if batch is None:
                if self.place == 0:
                    break  # nothing in a pass
                self.passes = self.number + 1
                self.begin(self.number + 1)
                batches = iter(self.batches)
            else:
                self.place, count = self.place + len(batch), count - 1
        self.started = batches

    def _set_epoch(self, number: int) -> None:
        if hasattr(self.sampler, 'set_epoch'):
            self.sampler.set_epoch(number)


class BatchStream:
    """Batches without end, for MMEngine's training by iterations.

    Args:
        loader: whose batch sampler is a `KeyedBatches`.
        done: batches that were trained on before.
        unasked: batches that the loop will ask for and throw away, in the place of `done`.
    """

    def __init__(self, loader: DataLoader, done: int, unasked: int = 0) -> None:
        self.loader, self.unasked = loader, unasked
        self.iterator: Iterator[Any] | None = None
        loader.batch_sampler.skip(done)

    def __iter__(self) -> BatchStream:
        return self

    def skip_iter(self, count: int) -> None:
        """MMEngine's way to go on; done already."""

    def __next__(self) -> Any:
        if self.unasked > 0:
            self.unasked -= 1
            return None
        if self.iterator is None:
            self.iterator = iter(self.loader)
        try:
            return next(self.iterator)
        except StopIteration:
            self.loader.batch_sampler.begin(self.loader.batch_sampler.number + 1)
            self.iterator = iter(self.loader)
            return next(self.iterator)


def can_be_keyed(loader: DataLoader) -> bool:
    """Whether the loader's samples have indices that come in batches."""
    return loader.batch_sampler is not None and not isinstance(loader.dataset, IterableDataset)


def key_draws(loader: DataLoader, seed: int, rank: int, world: int) -> None:
    """Give a loader draws by key; it must not have been iterated yet."""
    batches = loader.batch_sampler
    if isinstance(batches, KeyedBatches):
        batches = batches.batches
    # torch refuses the plain way, because `sampler` and `batch_size` would not follow; here they
    # stay what they are.
    object.__setattr__(loader, 'batch_sampler', KeyedBatches(batches, seed, rank, world))
    loader.dataset.__getitems__ = SeededItems(loader.dataset)
