"""How the scales of a model's points tell faces from what is none: fitted for it alone."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class FaceFit(NamedTuple):
    """Logistic regressions on the mean log scale of the points (`inference.face_chance`).

    Attributes:
        constant, of_score, of_scale: where BlazeFace's score is known: the constant, the weights of
            the log odds of that score, and of the mean log scale.
        alone_constant, alone_of_scale: where it is not.
    """

    constant: float
    of_score: float
    of_scale: float
    alone_constant: float
    alone_of_scale: float


def stamp_face_fit(path: Path, fit: FaceFit) -> None:
    """Write a fit into the metadata of an exported model, in place of an earlier one.

    Raises:
        UserError: the file is missing or no export of this package.
    """
    from dataclasses import replace

    import onnx

    from fanet_mmpose.deploy.model_info import info_from_metadata
    from fanet_mmpose.errors import UserError
    from fanet_mmpose.files import replacing

    if not path.is_file():
        raise UserError(f'{path}: there is no such ONNX file')
    graph = onnx.load(path)
    info = info_from_metadata({prop.key: prop.value for prop in graph.metadata_props}, str(path))
    onnx.helper.set_model_props(graph, replace(info, face_fit=fit).to_metadata())
    with replacing(path) as temporary:
        onnx.save(graph, temporary)
