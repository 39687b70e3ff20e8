"""Ways to run a network, each a function of a batch of crops."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn

from fanet_mmpose.deploy.export import write_graph
from fanet_mmpose.deploy.half_network import CapturedGraph, Infer, in_half
from fanet_mmpose.deploy.runtime import INPUT
from fanet_mmpose.engine.dry_forward import input_size_of
from fanet_mmpose.errors import UserError

# compile: torch.compile. cuda: a GPU, half precision. cuda-graph: and one launch a batch.
RUNTIMES = ('pytorch', 'compile', 'onnx', 'onnx-int8', 'cuda', 'cuda-graph')
Run = Callable[[np.ndarray], object]


def check_runtimes(names: tuple[str, ...]) -> None:
    """Raise `UserError` for a runtime that is unknown or that this machine has not."""
    unknown = [name for name in names if name not in RUNTIMES]
    if unknown:
        raise UserError(f'unknown runtime {unknown[0]!r}; one of {", ".join(RUNTIMES)}')
    on_gpu = [name for name in names if name.startswith('cuda')]
    if on_gpu and not torch.cuda.is_available():
        raise UserError(
            f'runtime {on_gpu[0]}: PyTorch finds no GPU here; leave it out of --runtimes'
        )


def build_run(network: nn.Module, runtime: str, threads: int, folder: Path) -> Run:
    """A function of uint8 crops [B, 3, H, W].

    Args:
        network: of `timed_model.build_timed`.
        runtime: one of `RUNTIMES`.
        threads: of ONNX Runtime; PyTorch's are the caller's to set.
        folder: for graphs.
    """
    if runtime.startswith('onnx'):
        return _run_onnx(_write(network, runtime, folder), threads)
    if runtime.startswith('cuda'):
        return _run_cuda(in_half(network, 'cuda'), runtime == 'cuda-graph')
    return _run_torch(torch.compile(network) if runtime == 'compile' else network)


def _run_torch(network: Callable) -> Run:
    def run(images: np.ndarray) -> object:
        with torch.inference_mode():
            return network(torch.from_numpy(images))

    return run


def _run_cuda(infer: Infer, as_graph: bool) -> Run:
    graphs: dict[int, CapturedGraph] = {}  # by batch size

    def run(images: np.ndarray) -> object:
        moved = torch.from_numpy(images).cuda(non_blocking=True)
        if as_graph and len(moved) not in graphs:
            graphs[len(moved)] = CapturedGraph(infer, moved)
        found = (graphs[len(moved)] if as_graph else infer)(moved)
        torch.cuda.synchronize()
        return found

    return run


def _run_onnx(path: Path, threads: int) -> Run:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, ['CPUExecutionProvider'])
    return lambda images: session.run(None, {INPUT: images})


def _write(network: nn.Module, runtime: str, folder: Path) -> Path:
    from fanet_mmpose.deploy.parity import sample_crops
    from fanet_mmpose.deploy.precision import quantize

    path = folder / f'{runtime}.onnx'
    size = input_size_of(network)
    with torch.no_grad():
        count = len(network(torch.zeros(1, 3, size[1], size[0], dtype=torch.uint8)))
    write_graph(network, path, tuple(f'output{index}' for index in range(count)))
    if runtime == 'onnx-int8':
        quantize(path, sample_crops(size))
    return path
