"""Write the ONNX files of published networks anew, after the exporter has changed.

`python projects/release/tools/export_again.py fanet_300w fanet_lite_300w`

Weights and metadata stay, points are compared with PyTorch's; INT8 files are made of them by
`add_int8.py`. The manifest is refreshed.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

import onnx
import yaml

from fanet_mmpose.deploy.export import export_onnx
from fanet_mmpose.errors import UserError, friendly_exit
from fanet_mmpose.files import replacing
from fanet_mmpose.weights import FOLDER
from fanet_mmpose.weights.manifest import refresh_manifest

ROOT = Path(__file__).parents[3]  # metafiles name configs from here


def build_parser() -> ArgumentParser:
    """Which networks, and where they are."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('names', nargs='+', help='of published networks')
    parser.add_argument('--folder', type=Path, default=FOLDER)
    return parser


def export_again(name: str, folder: Path) -> None:
    """Write NAME.onnx from NAME.pth, with the metadata that it has.

    Raises:
        UserError: a file of the network is missing, or see `export_onnx`.
    """
    metafile, weights, graph = (folder / f'{name}{end}' for end in ('.yml', '.pth', '.onnx'))
    for path in (metafile, weights, graph):
        if not path.is_file():
            raise UserError(f'{path}: there is no such file: name a published network')
    config = ROOT / yaml.safe_load(metafile.read_text(encoding='utf-8'))['Models'][0]['Config']
    with replacing(graph) as temporary:
        export_onnx(config, weights, temporary)
        written = onnx.load(temporary)
        old = {prop.key: prop.value for prop in onnx.load(graph).metadata_props}
        onnx.helper.set_model_props(written, old)
        onnx.save(written, temporary)


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Export, refresh the manifest."""
    arguments = build_parser().parse_args(argv)
    for name in arguments.names:
        export_again(name, arguments.folder)
        print(f'{name}.onnx: written anew')
    refresh_manifest(arguments.folder)


if __name__ == '__main__':
    main()
