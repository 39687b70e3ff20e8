"""Keys of random draws: what they depend on, and that going on finds the place."""

from __future__ import annotations

import pickle
import random

import numpy as np
import pytest
import torch
from mmengine.dataset import DefaultSampler, InfiniteSampler
from torch.utils.data import BatchSampler, DataLoader, Dataset

from fanet_mmpose.engine.seeded_draws import (
    BatchStream,
    Draw,
    KeyedBatches,
    key_draws,
    seed_all,
    seed_training,
)


class Noise(Dataset):
    """Index and a number of each generator."""

    def __init__(self, size: int = 10) -> None:
        self.size = size

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, index: int) -> tuple:
        return index, random.random(), np.random.rand(), torch.rand(()).item()


def batches_of(sampler, size: int = 4, drop_last: bool = False) -> BatchSampler:
    return BatchSampler(sampler, size, drop_last)


def loader_of(sampler, seed: int = 1, **more) -> DataLoader:
    loader = DataLoader(sampler.dataset, 4, sampler=sampler, collate_fn=list, **more)
    key_draws(loader, seed, 0, 1)
    return loader


def test_a_draw_crosses_to_a_worker() -> None:
    draw = pickle.loads(pickle.dumps(Draw(7, (1, 2, 3))))
    assert draw == 7
    assert draw.key == (1, 2, 3)


def test_every_generator_follows_the_key() -> None:
    drawn = []
    for key in ((1, 2, 3), (1, 2, 3), (1, 3, 2)):
        seed_all(*key)
        drawn.append((random.random(), np.random.rand(), torch.rand(()).item()))
    assert drawn[0] == drawn[1]
    assert not set(drawn[0]) & set(drawn[2])


def test_processes_and_iterations_of_a_training_draw_apart() -> None:
    drawn = set()
    for rank, iteration in ((0, 0), (0, 1), (1, 0)):
        seed_training(3, rank, iteration)
        drawn.add(torch.rand(()).item())
    assert len(drawn) == 3


def test_epochs_differ_and_come_back() -> None:
    loader = loader_of(DefaultSampler(Noise(), shuffle=True, seed=0))
    epochs = []
    for number in (0, 1, 0):
        loader.batch_sampler.begin(number)
        epochs.append([sample for batch in loader for sample in batch])
    assert epochs[0] == epochs[2]
    assert {draw for _, draw, *_ in epochs[0]}.isdisjoint(draw for _, draw, *_ in epochs[1])
    assert len(loader) == 3


@pytest.mark.parametrize('world', [2, 3])
def test_a_sample_has_its_draws_in_any_number_of_processes(world: int) -> None:
    """The same total batch: its samples, with the same keys, are dealt out."""
    total = 6
    alone = DefaultSampler(Noise(12), shuffle=True, seed=0)
    one = list(KeyedBatches(batches_of(alone, total), 5))
    shares = []
    for rank in range(world):
        sampler = DefaultSampler(Noise(12), shuffle=True, seed=0)
        sampler.rank, sampler.world_size, sampler.num_samples = rank, world, 12 // world
        shares.append(list(KeyedBatches(batches_of(sampler, total // world), 5, rank, world)))
    for number, batch in enumerate(one):
        dealt = [draw for share in shares for draw in share[number]]
        assert sorted((int(d), d.key) for d in dealt) == sorted((int(d), d.key) for d in batch)


@pytest.mark.parametrize('infinite', [True, False])
@pytest.mark.parametrize('done', [0, 1, 3, 7])
def test_a_stream_goes_on_where_it_was(infinite: bool, done: int) -> None:
    def stream(start: int) -> BatchStream:
        kind = InfiniteSampler if infinite else DefaultSampler
        return BatchStream(loader_of(kind(Noise(), shuffle=True, seed=0)), start)

    whole, later = stream(0), stream(done)
    expected = [next(whole) for _ in range(done + 5)][done:]
    assert [next(later) for _ in range(5)] == expected


def test_what_an_earlier_mmengine_throws_away() -> None:
    sampler = DefaultSampler(Noise(), shuffle=False, seed=0)
    stream = BatchStream(loader_of(sampler), 2, unasked=2)
    assert [next(stream), next(stream)] == [None, None]
    assert [index for index, *_ in next(stream)] == [8, 9]


def test_a_sampler_that_goes_on_is_taken_to_its_pass() -> None:
    """As MMPose's `MultiSourceSampler`: a pass starts where the earlier one ended."""

    class GoesOn:
        def __init__(self) -> None:
            self.next = 0

        def __len__(self) -> int:
            return 4

        def __iter__(self):
            first, self.next = self.next, self.next + 4
            return iter(range(first, first + 4))

    batches = KeyedBatches(batches_of(GoesOn()), 0)
    for number in (1, 2, 5):
        batches.begin(number)
        first = 4 * number
        assert list(batches) == [[first, first + 1, first + 2, first + 3]]
