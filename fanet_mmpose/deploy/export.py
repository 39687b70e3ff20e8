"""Write a trained FANet as one ONNX file: crop in, landmarks in pixels out."""

from __future__ import annotations

import inspect
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import onnx
import torch
from mmengine.config import Config

import fanet_mmpose
from fanet_mmpose.deploy.fixed_shapes import fix_shapes
from fanet_mmpose.deploy.lean_parts import lean
from fanet_mmpose.deploy.model_info import LICENCE, ModelInfo
from fanet_mmpose.deploy.network import CropToLandmarks, load_network
from fanet_mmpose.deploy.parity import check_parity
from fanet_mmpose.deploy.precision import to_fp16, to_int8
from fanet_mmpose.deploy.runtime import INPUT, OUTPUTS
from fanet_mmpose.engine.preflight import head_num_points, leaf_datasets
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import replacing
from fanet_mmpose.geometry.schemas import PointSchema, find_schema, schema_of_dataset

OPSET = 17  # 16 has GridSample, 17 LayerNormalization
PRECISIONS = ('fp32', 'fp16', 'int8')


def export_onnx(
    config: str | Path, checkpoint: str | Path, out: str | Path, precision: str = 'fp32'
) -> ModelInfo:
    """Export a checkpoint, and compare the file with PyTorch before it is kept.

    Args:
        config: recipe that the checkpoint was trained with.
        checkpoint: weights.
        out: ONNX file to write.
        precision: ``fp32``; ``fp16`` (weights stored in half precision, half the file); or
            ``int8`` (convolutions on 8 bits, calibrated on the config's validation faces).

    Raises:
        UserError: a file is missing or damaged, config and checkpoint do not fit or are not of a
            FANet, or the export does not find the same points; no file is left then.
    """
    if precision not in PRECISIONS:
        raise UserError(f'precision {precision!r} is unknown; one of {", ".join(PRECISIONS)}')
    if Path(out).suffix != '.onnx':
        raise UserError(f'{out}: the name of the output must end in .onnx')
    loaded, model = load_network(config, checkpoint)
    network = CropToLandmarks(model)
    info = replace(describe(loaded, config, network), precision=precision)
    with replacing(out) as temporary:
        write_graph(lean(network), temporary)
        if precision == 'fp16':
            to_fp16(temporary)
        elif precision == 'int8':
            to_int8(temporary, loaded)
        _stamp(temporary, info)
        check_parity(network, temporary, precision)
    return info


def describe(config: Config, path: str | Path, network: CropToLandmarks) -> ModelInfo:
    """Metadata of a network, from its config."""
    schema = schema_of_config(config, path)
    count = head_num_points(config.model)
    if schema.num_points != count:
        raise UserError(
            f'{path}: model.head finds {count} points and the test data have '
            f'the {schema.num_points} of {schema.name}: correct either'
        )
    return ModelInfo(
        name=Path(path).stem,
        schema=schema,
        input_size=tuple(network.codec.input_size),
        config=Path(path).name,
        version=fanet_mmpose.__version__,
        licence=config.get('licence', LICENCE),
        visibility='learnt' if network.has_visibility else 'score',
    )


def schema_of_config(config: Config, path: str | Path) -> PointSchema:
    """The point set of a config's test data.

    Raises:
        UserError: the config has no test data, or their set is not known.
    """
    from mmpose.datasets.datasets.utils import parse_pose_metainfo
    from mmpose.registry import DATASETS

    loader = config.get('test_dataloader')
    if not loader:
        raise UserError(f'{path}: field test_dataloader is missing; it says which points these are')
    dataset, _ = next(leaf_datasets(loader['dataset']))
    if dataset.get('schema'):
        return find_schema(dataset['schema'])
    metainfo = dataset.get('metainfo') or DATASETS.get(dataset['type']).METAINFO
    return schema_of_dataset(parse_pose_metainfo(dict(metainfo))['dataset_name'])


def write_graph(network: torch.nn.Module, path: str | Path, names: tuple = OUTPUTS) -> None:
    """Trace a module that takes uint8 crops and check the graph; the batch size stays free."""
    width, height = network.codec.input_size
    example = torch.randint(0, 255, (2, 3, height, width), dtype=torch.uint8)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')  # the tracer's remarks on sizes, which are constant here
        torch.onnx.export(
            network,
            (example,),
            str(path),
            input_names=[INPUT],
            output_names=list(names),
            opset_version=OPSET,
            dynamic_axes={name: {0: 'batch'} for name in (INPUT, *names)},
            **tracing_arguments(),
        )
    fix_shapes(Path(path), (width, height))
    onnx.checker.check_model(str(path), full_check=True)


def tracing_arguments() -> dict[str, Any]:
    """Ask for the TorchScript exporter where there is a choice.

    Every torch from 2.0 on has it, it needs no further package and takes two seconds, not twenty.
    """
    choice = 'dynamo' in inspect.signature(torch.onnx.export).parameters
    return {'dynamo': False} if choice else {}


def _stamp(path: Path, info: ModelInfo) -> None:
    """Put the metadata into the file."""
    graph = onnx.load(path)
    onnx.helper.set_model_props(graph, info.to_metadata())
    graph.producer_name, graph.producer_version = 'fanet_mmpose', info.version
    onnx.save(graph, path)
