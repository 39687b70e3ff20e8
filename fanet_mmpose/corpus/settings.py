"""What a job computes, as worker processes and later runs read it, and the cluster that does."""

from __future__ import annotations

import inspect
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from fanet_mmpose.images import MAX_MEGAPIXELS
from fanet_mmpose.inference.backend import AUTO, DEFAULT_MODEL

if TYPE_CHECKING:
    from fanet_mmpose.inference.landmarker import FaceLandmarker

VIDEO_DETECTOR = 'blazeface_video'  # as `fanet video`: quicker than the one for pictures
FORMATS = ('parquet', 'jsonl')


@dataclass(frozen=True)
class JobSettings:
    """Settings of a job; those of `results` must be equal in all runs on one output folder.

    Attributes:
        model, detector, backend, device, passes, min_score, min_face: as of `FaceLandmarker`; None
            is its default, for videos `VIDEO_DETECTOR` and the score of `TrackerOptions`.
        schema: convert points to it.
        format: ``parquet`` or ``jsonl``.
        image_column: see `SourceOptions`.
        batch: pictures whose faces share a forward pass; more than 1 helps on a GPU only.
        max_megapixels: of one picture; a larger one becomes an error row.
        part_seconds: a part is closed after this time, so that a crash costs no more.
        applications: what to measure of each face, see `applications.measured`.
    """

    model: str = DEFAULT_MODEL
    detector: str | None = None
    backend: str = AUTO
    device: str = 'cpu'
    passes: int = 2
    min_score: float | None = None
    min_face: float | None = None
    schema: str | None = None
    format: str = 'parquet'
    image_column: str = 'image'
    batch: int = 1
    max_megapixels: int = MAX_MEGAPIXELS
    part_seconds: float = 60.0
    applications: tuple[str, ...] = ()

    def results(self) -> dict[str, Any]:
        """Those that decide what is written."""
        names = ('backend', 'passes', 'min_score', 'schema', 'image_column')
        fields = {name: value for name, value in asdict(self).items() if name in names}
        if self.min_face is not None:  # absent from the job files of version 0.1.0
            fields['min_face'] = self.min_face
        if self.applications:  # a job file without them is one of an earlier version, too
            fields['applications'] = list(self.applications)
        detector = self.detector or default_detector()
        return {**fields, 'detector': detector, 'part_format': self.format}

    def landmarker(self, video: bool = False) -> FaceLandmarker:
        """A landmarker with these settings. Raises `UserError` as `FaceLandmarker`."""
        from fanet_mmpose.inference.landmarker import FaceLandmarker

        detector = self.detector or (VIDEO_DETECTOR if video else None)
        given = {
            'detector': detector,
            'min_score': self.min_score,
            'min_face': self.min_face,
        }
        return FaceLandmarker(
            self.model,
            device=self.device,
            backend=self.backend,
            passes=self.passes,
            **{name: value for name, value in given.items() if value is not None},
        )


@dataclass(frozen=True)
class ClusterOptions:
    """A Ray cluster and a process's share of it.

    Attributes:
        address: ``local`` for a cluster of this machine that ends with the job, ``auto`` for the
            one that this machine is a node of, or host:port of its head node.
        num_cpus: cores that Ray sets aside for a process; a fraction lets several share one.
        num_gpus: GPUs likewise; a process sees no other.
    """

    address: str
    num_cpus: float = 1.0
    num_gpus: float = 0.0


def default_detector() -> str:
    """Of `FaceLandmarker`, by name."""
    from fanet_mmpose.inference.landmarker import FaceLandmarker

    return inspect.signature(FaceLandmarker).parameters['detector'].default
