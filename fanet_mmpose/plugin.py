"""What MMPose must know: the host's versions fit, and every part of FANet is registered.

A config says `custom_imports = dict(imports=['fanet_mmpose.plugin'], allow_failed_imports=False)`.
Everything lands in MMPose's own registries.
"""

from __future__ import annotations

from fanet_mmpose import base_configs
from fanet_mmpose.dependencies import check_hosts

check_hosts()
base_configs.install()

from fanet_mmpose import weights  # noqa: E402
from fanet_mmpose.engine import checkpoint_schemes  # noqa: E402
from fanet_mmpose.weights import inferencer_names  # noqa: E402

checkpoint_schemes.install(lambda name: weights.find(name, '.pth'))
inferencer_names.install()

# One line for each module that registers something, in the order the data flows.
import fanet_mmpose.codecs.local_coordinate_label
import fanet_mmpose.datasets.box_jitter
import fanet_mmpose.datasets.cached.cached_faces
import fanet_mmpose.datasets.cached.preprocessor
import fanet_mmpose.datasets.custom_face_dataset
import fanet_mmpose.datasets.ellipse_masks
import fanet_mmpose.datasets.face_box
import fanet_mmpose.datasets.few_labels_dataset
import fanet_mmpose.datasets.hold_out_dataset
import fanet_mmpose.datasets.load_face_crop
import fanet_mmpose.datasets.load_face_image
import fanet_mmpose.datasets.load_occlusion
import fanet_mmpose.datasets.partly_labelled_dataset
import fanet_mmpose.datasets.point_sets_dataset
import fanet_mmpose.datasets.random_degradation
import fanet_mmpose.datasets.random_occlusion
import fanet_mmpose.datasets.stack_batch
import fanet_mmpose.datasets.unlabelled_face_dataset
import fanet_mmpose.datasets.weighted_face_dataset
import fanet_mmpose.engine.batched_ema
import fanet_mmpose.engine.compile_parts_hook
import fanet_mmpose.engine.durable_checkpoint_hook
import fanet_mmpose.engine.end_workers_hook
import fanet_mmpose.engine.loss_hooks
import fanet_mmpose.engine.merged_groups_constructor
import fanet_mmpose.engine.mixed_precision
import fanet_mmpose.engine.quick_cpu_hook
import fanet_mmpose.engine.seed_draws_hook
import fanet_mmpose.engine.shared_points_hook
import fanet_mmpose.evaluation.face_landmark_metric
import fanet_mmpose.models.landmark_attention
import fanet_mmpose.models.local_coordinate_head
import fanet_mmpose.models.losses
import fanet_mmpose.models.point_sets_head
import fanet_mmpose.models.spp_neck
import fanet_mmpose.models.timm_backbone  # noqa: E402, F401
import fanet_mmpose.semi.mean_teacher_fanet
import fanet_mmpose.semi.style
import fanet_mmpose.semi.teacher_hook
import fanet_mmpose.semi.teacher_view
import fanet_mmpose.synthetic.fresh_faces_hook
