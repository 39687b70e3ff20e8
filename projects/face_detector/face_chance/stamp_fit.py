"""Write a fit into an exported model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fanet_mmpose.deploy.model_info import FaceFit, info_from_metadata
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import replacing


def stamp_face_fit(path: Path, fit: FaceFit) -> None:
    """Write a fit into the metadata of an exported model, in place of an earlier one.

    Raises:
        UserError: the file is missing or no export of this package.
    """

    import onnx

    if not path.is_file():
        raise UserError(f'{path}: there is no such ONNX file')
    graph = onnx.load(path)
    info = info_from_metadata({prop.key: prop.value for prop in graph.metadata_props}, str(path))
    onnx.helper.set_model_props(graph, replace(info, face_fit=fit).to_metadata())
    with replacing(path) as temporary:
        onnx.save(graph, temporary)
