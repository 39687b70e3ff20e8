"""How near is a network to what the device can do (Williams et al., CACM 52(4), 2009)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.benchmark import Timer
from torch.utils.flop_counter import flop_registry

from fanet_mmpose.deploy.half_network import HALVES, CapturedGraph, in_half
from fanet_mmpose.deploy.timed_model import build_timed
from fanet_mmpose.engine.dry_forward import input_size_of
from fanet_mmpose.errors import UserError

BYTES = 2  # of a number in half precision
MATRIX = {'cuda': 8192, 'cpu': 1024}  # side of the product that finds the arithmetic ceiling
COPIED = {'cuda': 2**30, 'cpu': 2**26}  # bytes of the copy that finds the memory's


@dataclass(frozen=True)
class Work:
    """What one pass cannot do without: its convolutions and products.

    Norms, activations and additions can be done on the way and are not counted.

    Attributes:
        flops: multiplications and additions.
        bytes: their inputs and weights, read once, and outputs, written once, in half precision.
    """

    flops: int = 0
    bytes: int = 0

    def __add__(self, other: Work) -> Work:
        return Work(self.flops + other.flops, self.bytes + other.bytes)


@dataclass(frozen=True)
class Ceilings:
    """What a device was seen to do: FLOP/s of a large product, B/s of a large copy."""

    device: str  # cuda or cpu
    name: str
    flops: float
    bytes: float

    def seconds(self, work: Work) -> float:
        """No implementation is quicker."""
        return max(work.flops / self.flops, work.bytes / self.bytes)


@dataclass(frozen=True)
class Placing:
    """One row.

    Attributes:
        model: config's name.
        runtime: ``eager`` or ``graph``.
        batch: crops, which lie on the device already.
        ms: median of a batch.
        faces_per_second: at that.
        floor_ms: of `Ceilings.seconds`.
        share: floor over measured, 1 at the roofline.
        bound: ``arithmetic`` or ``memory``: which ceiling is the lower one.
    """

    model: str
    runtime: str
    batch: int
    ms: float
    faces_per_second: float
    floor_ms: float
    share: float
    bound: str


class WorkCounter(TorchDispatchMode):
    """Adds up the work of all convolutions and products within a block, in `work`."""

    def __init__(self) -> None:
        super().__init__()
        self.work = Work()

    def __torch_dispatch__(
        self, func: Callable, types: tuple, args: tuple = (), kwargs: dict | None = None
    ) -> object:
        kwargs = kwargs or {}
        output = func(*args, **kwargs)
        count = flop_registry.get(func.overloadpacket)
        if count is not None:
            tensors = [x for x in (*args, output) if isinstance(x, Tensor)]
            moved = BYTES * sum(tensor.numel() for tensor in tensors)
            self.work += Work(count(*args, **kwargs, out_val=output), moved)
        return output


def count_work(network: nn.Module, batch: int) -> Work:
    """`Work` of one pass over `batch` crops; nothing is computed."""
    width, height = input_size_of(network)
    images = torch.empty(batch, 3, height, width, dtype=torch.uint8, device='meta')
    shapes_only = deepcopy(network).to('meta')
    with torch.no_grad(), WorkCounter() as counter:
        shapes_only(images)
    return counter.work


def measure_ceilings(device: str) -> Ceilings:
    """Time a large product and a large copy on ``cuda`` or ``cpu``."""
    side = MATRIX[device]
    a, b = (torch.randn(side, side, device=device, dtype=HALVES[device]) for _ in range(2))
    source = torch.randint(0, 255, (COPIED[device],), dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    product = median_seconds(lambda: a @ b)
    copy = median_seconds(lambda: target.copy_(source))
    name = torch.cuda.get_device_name() if device == 'cuda' else 'CPU'
    return Ceilings(device, name, 2 * side**3 / product, 2 * COPIED[device] / copy)


def median_seconds(call: Callable[[], object], seconds: float = 0.5) -> float:
    """Median time of a call, repeated for about `seconds`; waits for a GPU as PyTorch does."""
    timer = Timer('call()', globals=dict(call=call), num_threads=torch.get_num_threads())
    return timer.blocked_autorange(min_run_time=seconds).median


def place(
    configs: Iterable[str | Path], batches: Sequence[int], device: str
) -> tuple[Ceilings, list[Placing]]:
    """Time every config on a device, for every batch size, beside its roofline.

    Raises:
        UserError: there is no such device, a batch is empty, or see `build_timed`.
    """
    if min(batches) < 1:
        raise UserError(f'--batches {min(batches)}: a batch has at least one face')
    if device == 'cuda' and not torch.cuda.is_available():
        raise UserError('--device cuda: PyTorch finds no GPU here; give --device cpu')
    networks = {Path(config).stem: build_timed(config) for config in configs}
    ceilings = measure_ceilings(device)
    rows = [
        row
        for name, network in networks.items()
        for batch in batches
        for row in _place_one(name, network, batch, ceilings)
    ]
    return ceilings, rows


def _place_one(name: str, network: nn.Module, batch: int, ceilings: Ceilings) -> list[Placing]:
    work = count_work(network, batch)
    floor = ceilings.seconds(work)
    bound = 'memory' if work.bytes / ceilings.bytes > work.flops / ceilings.flops else 'arithmetic'
    rows = []
    for runtime, run in _ways_to_run(network, batch, ceilings.device).items():
        taken = median_seconds(run)
        numbers = (taken * 1000, batch / taken, floor * 1000, floor / taken)
        rows.append(Placing(name, runtime, batch, *numbers, bound))
    return rows


def _ways_to_run(network: nn.Module, batch: int, device: str) -> dict[str, Callable[[], object]]:
    width, height = input_size_of(network)
    images = torch.randint(0, 256, (batch, 3, height, width), dtype=torch.uint8, device=device)
    infer = in_half(network, device)
    ways = dict(eager=partial(infer, images))
    if device == 'cuda':
        ways['graph'] = partial(CapturedGraph(infer, images), images)
    return ways


def format_rows(ceilings: Ceilings, rows: Iterable[Placing]) -> str:
    """Ceilings and a table in Markdown."""
    lines = [
        f'{ceilings.name}: {ceilings.flops / 1e12:.1f} TFLOP/s, {ceilings.bytes / 1e9:.0f} GB/s',
        '',
        '| model | runtime | batch | ms | faces/s | floor, ms | of the roofline | bound by |',
        '|---|---|---|---|---|---|---|---|',
    ]
    lines += [
        f'| {row.model} | {row.runtime} | {row.batch} | {row.ms:.3f} | {row.faces_per_second:.0f} '
        f'| {row.floor_ms:.3f} | {row.share:.1%} | {row.bound} |'
        for row in rows
    ]
    return '\n'.join(lines)
