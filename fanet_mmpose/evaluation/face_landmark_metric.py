"""FaceLandmarkMetric: every number the field reports for facial points, from one pass."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from mmengine.config import Config
from mmengine.evaluator import BaseMetric
from mmengine.logging import MessageHub, MMLogger
from mmpose.registry import METRICS

from fanet_mmpose.datasets.annotations import (
    FaceAnnotation,
    load_annotations,
    read_annotation,
    stack_attributes,
    stack_box_sizes,
)
from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.protocol import (
    POINTS_BOX,
    STOCK_BOX,
    Protocol,
    is_points_box,
    protocol_of_config,
)
from fanet_mmpose.evaluation.records import (
    ScoredFace,
    measured_protocol,
    read_sample,
    stack_field,
    unique_records,
)
from fanet_mmpose.evaluation.results import Results
from fanet_mmpose.evaluation.results_file import save_results
from fanet_mmpose.evaluation.summary import PERCENTILES, THRESHOLDS, Subsets, summarize
from fanet_mmpose.evaluation.table import format_summary
from fanet_mmpose.geometry.boxes import tight_box, xyxy_to_xywh
from fanet_mmpose.geometry.nme import default_normalizer
from fanet_mmpose.geometry.schemas import PointSchema, get_schema, schema_of_dataset


@METRICS.register_module()
class FaceLandmarkMetric(BaseMetric):
    """NME, FR, AUC, percentiles and intervals of a top-down face model.

    For a face with labelled points V, predictions p, truth q and normaliser d (px)::

        e   = 1/(|V| d) Σ_{k∈V} ‖p_k - q_k‖         error of a face
        NME = mean of e over faces                   Sagonas et al., ICCVW 2013
        FR  = share of faces with e > t              Wu et al., CVPR 2018 (WFLW)
        AUC = 1/t ∫_0^t F(x) dx                      F: share of faces with e ≤ x
            = mean of max(0, 1 - e/t)                (exact); Yang et al., arXiv 1511.05049
        P90 = the e below which 90 % of the faces lie

    with t = 7, 8, 10 %. Normalisers d are defined in `normalization_factors`. Points without
    label (``keypoints_visible`` 0) are left out; so are faces whose d is not positive, and they
    are counted. Intervals: percentile bootstrap over faces, 1,000 draws, 95 %.

    MMPose's ``NME`` averages over points instead of faces: the same number, over 100, when every
    face has all its points; otherwise the log's "every point weighing the same".

    Returned values: NME, FR and percentiles in per cent, AUC as a fraction. Keys: ``NME``,
    ``NME_low``, ``NME_high`` (interval), ``NME_inner51`` (points off the contour, by their
    number), ``NME_<part>``, ``NME_<normaliser>``, ``NME_<subset>``, ``FR7 FR8 FR10 AUC7 AUC8
    AUC10 P50 P90 P95 P99``. Everything else is in the log and in `out_file`.

    Any number of processes and any last batch give the same result: a sampler's padding is
    dropped by size and by (image, id).

    Args:
        schema (str | None): Name of the point set; None: by the ``dataset_name`` of the data.
            Defaults to None.
        normalizer (str | None): The primary one, one of `NORMALIZERS`; None: by the points, see
            `default_normalizer`. Defaults to None.
        ann_file (str | None): The annotations; brings what MMPose's datasets drop: attributes
            (subsets), occlusion flags, ``box_size``. Without it those are left out unless the
            samples carry ``raw_ann_info``. Defaults to None.
        norm_box (str): The box of box normalisers: ``'points'``, the tight box of the labelled
            points, or the annotation field that holds it (x, y, w, h), such as ``'bbox'``. Defaults
            to 'points'.
        subsets (Subsets | None): See `summarize`. Defaults to None.
        protocol (Mapping[str, Any] | None): Entries of `Protocol` that the config cannot tell, such
            as ``dict(checkpoint_rule='last epoch')``; the rest is read from config and data.
            Defaults to None.
        out_file (str | None): Where to store predictions and summary (docs/results_format.md).
            Defaults to None.
        **base: ``prefix``, ``collect_device``, ``collect_dir`` of MMEngine's `BaseMetric`.
    """

    default_prefix = ''  # keys as MMPose's NME has them, and no warning about it

    def __init__(
        self,
        schema: str | None = None,
        normalizer: str | None = None,
        *,
        ann_file: str | None = None,
        norm_box: str = 'points',
        subsets: Subsets | None = None,
        protocol: Mapping[str, Any] | None = None,
        out_file: str | None = None,
        **base: Any,
    ) -> None:
        super().__init__(**base)
        self.schema = schema
        self.normalizer = normalizer
        self.ann_file = ann_file
        self.norm_box = norm_box
        self.subsets = subsets or {}
        self.protocol = dict(protocol or {})
        self.out_file = out_file
        self._annotations: dict[int | str, FaceAnnotation] | None = None
        Protocol.from_dict(self.protocol)

    def process(self, data_batch: Any, data_samples: Sequence[dict]) -> None:
        """Keep one record of each sample: its prediction, its truth, its place."""
        self.results.extend(read_sample(sample) for sample in data_samples)

    def compute_metrics(self, results: list[ScoredFace]) -> dict[str, float]:
        """Score the records of all processes; print the table; store `out_file`."""
        scored = self._to_results(unique_records(results))
        normalizer = self.normalizer or default_normalizer(scored.schema)
        summary = summarize(scored, normalizer, self.subsets)
        MMLogger.get_current_instance().info('\n' + format_summary(summary))
        if self.out_file:
            save_results(scored, self.out_file, summary)
        return scalar_metrics(summary, scored.schema)

    def _to_results(self, records: list[ScoredFace]) -> Results:
        if not records:
            raise UserError('FaceLandmarkMetric got no face: is the dataset empty?')
        faces = self._annotations_of(records)
        return Results(
            model=_experiment_name(),
            dataset=self._dataset_name(),
            schema=self._schema(),
            protocol=self._full_protocol(records),
            ids=[record.id for record in records],
            images=[record.image for record in records],
            predicted=stack_field(records, 'predicted'),
            truth=stack_field(records, 'truth'),
            visibility=stack_field(faces or records, 'visibility'),
            scores=stack_field(records, 'scores'),
            scales=stack_field(records, 'scales'),
            visible_scores=stack_field(records, 'visible_scores'),
            boxes=stack_field(records, 'box'),
            norm_boxes=self._norm_boxes(faces),
            box_sizes=stack_box_sizes(faces),
            attributes=stack_attributes(faces),
        )

    def _schema(self) -> PointSchema:
        if self.schema is not None:
            return get_schema(self.schema)
        return schema_of_dataset((self.dataset_meta or {}).get('dataset_name', 'not stated'))

    def _annotations_of(self, records: list[ScoredFace]) -> list[FaceAnnotation]:
        """The annotations of all records, or none if those of any are not known."""
        if self.ann_file is None:
            raw = [record.raw_annotation for record in records]
            return [] if any(r is None for r in raw) else [read_annotation(r, {}) for r in raw]
        if self._annotations is None:
            self._annotations = load_annotations(self.ann_file)
        strange = [record for record in records if record.id not in self._annotations]
        if strange:
            raise UserError(
                f'{self.ann_file} has no annotation {strange[0].id} ({strange[0].image}); '
                'give the metric the file that the dataset reads'
            )
        return [self._annotations[record.id] for record in records]

    def _norm_boxes(self, faces: list[FaceAnnotation]) -> np.ndarray | None:
        if self.norm_box == 'points':
            return None
        if not faces:
            raise UserError(f'norm_box={self.norm_box!r} needs ann_file')
        return np.stack([face.box(self.norm_box) for face in faces])

    def _dataset_name(self) -> str:
        name = (self.dataset_meta or {}).get('dataset_name', 'dataset')
        return f'{name} {Path(self.ann_file).stem}' if self.ann_file else name

    def _full_protocol(self, records: list[ScoredFace]) -> Protocol:
        stated = {**measured_protocol(records), **_stated_protocol()}
        boxes = stack_field(records, 'box')
        if stated.get('box_source') in (None, STOCK_BOX) and boxes is not None:
            labelled = stack_field(records, 'visibility') > 0
            tight = tight_box(stack_field(records, 'truth'), labelled)
            if is_points_box(boxes, xyxy_to_xywh(tight)):
                stated['box_source'] = POINTS_BOX
        return Protocol.from_dict({**stated, **self.protocol})


def _stated_protocol() -> dict[str, Any]:
    hub = MessageHub.get_current_instance()
    text = hub.runtime_info.get('cfg')
    if not text:
        return {}
    try:
        config = Config.fromstring(text, '.py')
    except Exception as error:  # whatever it is, no number may be lost over its label
        MMLogger.get_current_instance().warning(f'protocol is read off the data only: {error}')
        return {}
    return protocol_of_config(config, hub.runtime_info.get('loop_stage', 'test'))


def _experiment_name() -> str:
    name = MessageHub.get_current_instance().runtime_info.get('experiment_name', 'model')
    # A runner appends the time it started.
    return re.sub(r'_?\d{8}_\d{6}$', '', name) or 'model'


def scalar_metrics(summary: Mapping[str, Any], schema: PointSchema) -> dict[str, float]:
    """The summary's main numbers under the keys that `FaceLandmarkMetric` lists."""
    score = summary['all']
    low, high = score['interval'].get('nme', (float('nan'),) * 2)
    metrics = {'NME': score['nme'], 'NME_low': low, 'NME_high': high}
    if 'contour' in schema.parts:
        metrics[f'NME_inner{len(schema.inner)}'] = summary['inner']
    named = {
        **summary['nme_by_normalizer'],
        **summary['parts'],
        **summary['visibility'],
        **{name: subset['nme'] for name, subset in summary['subsets'].items()},
    }
    metrics |= {f'NME_{name}': value for name, value in named.items()}
    metrics |= {f'FR{t}': score['fr'][str(t)] for t in THRESHOLDS}
    metrics |= {f'AUC{t}': score['auc'][str(t)] for t in THRESHOLDS}
    metrics |= {f'P{rank}': score['percentiles'][str(rank)] for rank in PERCENTILES}
    return metrics
