"""SelfSupervisedFANet: FANet's own backbone, neck, attention and head, trained from pictures.

How it learns without a label. Every picture starts with the same points: a grid over the face box
(`template.py`). The picture is shown under a warp that the network cannot guess, larger than the
faces' own differences, and the head is trained to find the grid's points where the warp took them.
Nothing in the view but the face says where that is, so the head learns which part of a face lies,
on average over the pictures, at each point of the grid. Then the points are handed over from the
grid to a slow copy of the network (`teacher.py`): it finds them in a hardly warped view, the warp
takes them along, and the head learns from these. Each round, a point follows its part of the face
more and its box less. The warp, which is known exactly, keeps the points from shrinking together.

Related: congealing (Learned-Miller, PAMI 2006), which aligns pictures by repeated averaging;
self-training of landmarks (Mallis et al., arXiv 2110.04121); equivariance (Thewlis et al., arXiv
1705.02193). Conditional reconstruction, separation and concentration are terms to add (`losses`).
"""

from __future__ import annotations

from typing import Any

import torch
from mmengine.logging import MessageHub
from mmpose.models.pose_estimators import TopdownPoseEstimator
from mmpose.registry import MODELS
from torch import Tensor, nn

from fanet_mmpose.errors import UserError
from fanet_mmpose.models.local_coordinate_head import Landmarks

from .losses import View
from .photometry import jitter
from .random_warps import identity_warp, random_frames, random_warp
from .supervision import map_size, supervise, to_cells, to_unit
from .teacher import Teacher
from .template import mirror_order, swap_sides, template_points
from .warps import Warp, move_to, to_source, to_view, warp_images

PARTS = ('backbone', 'neck', 'head')
ASTRAY = 0.01  # half sides of the view, a third of a pixel of 64


@MODELS.register_module()
class SelfSupervisedFANet(TopdownPoseEstimator):
    """A FANet whose points are discovered. Predicts like any other; K unnamed points.

    Inputs for training are larger than for prediction: `margin` times the side that the head's
    decoder names, about the same middle and at the same scale. No label is read.

    Args:
        template: `columns`, `rows` and `area` of the grid that the points start from.
        margin: side of a training input over that of a view.
        warp: options of `random_warp` for the view that is learned from.
        teacher_warp: and for the view that the teacher sees.
        frame: nearest end of a picture in the view that is learned from, as `random_frames`; None
            where pictures reach far beyond the training input.
        photometry: strength of `jitter` on the view that is learned from.
        handover: shares of the training at which the points begin to be the teacher's and at
            which they are nothing else.
        momentum: of the teacher.
        terms: further losses by name, each called with a `View`.
        self_training: factor of the head's own losses.
        kwargs: of `TopdownPoseEstimator`.

    Raises:
        UserError: the grid has another number of points than the head, or inputs are too small.
    """

    def __init__(
        self,
        template: dict,
        margin: float = 1.4,
        warp: dict | None = None,
        teacher_warp: dict | None = None,
        frame: float | None = 0.8,
        photometry: float = 1.0,
        handover: tuple[float, float] = (0.3, 0.6),
        momentum: float = 0.99,
        terms: dict[str, dict] | None = None,
        self_training: float = 1.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        points = template_points(**template)
        if len(points) != self.head.num_keypoints:
            raise UserError(
                f'model.template has {len(points)} points and model.head.num_keypoints is '
                f'{self.head.num_keypoints}: set them alike'
            )
        self.register_buffer('template', points, persistent=False)
        self.order = mirror_order(template['columns'], template['rows'])
        self.margin, self.photometry, self.handover = margin, photometry, handover
        self.warp, self.teacher_warp, self.frame = warp or {}, teacher_warp or {}, frame
        self.teacher = Teacher(self._parts(), momentum)
        self.terms = nn.ModuleDict({n: MODELS.build(cfg) for n, cfg in (terms or {}).items()})
        self.self_training = self_training
        self.last_view: Tensor | None = None  # the last iteration's points [B, K, 2], for hooks

    def _parts(self) -> dict[str, nn.Module]:
        return {name: getattr(self, name) for name in PARTS}

    def teacher_share(self) -> float:
        """How much of the points is the teacher's by now, 0 to 1."""
        hub = MessageHub.get_current_instance()
        done = hub.get_info('iter', 0) / max(hub.get_info('max_iters', 1), 1)
        begin, end = self.handover
        return min(max((done - begin) / max(end - begin, 1e-9), 0.0), 1.0)

    def _views(
        self, inputs: Tensor, options: dict, frame: float | None = None
    ) -> tuple[Tensor, Warp]:
        size = self.head.decoder.input_size
        if inputs.shape[-1] < round(size[0] * self.margin):
            raise UserError(
                f'training inputs are {inputs.shape[-1]} px wide: views of {size[0]} px with a '
                f'margin of {self.margin} need {round(size[0] * self.margin)} px '
                '(TopdownAffine.input_size)'
            )
        warp = move_to(random_warp(len(inputs), **options), inputs.device)
        frames = None if frame is None else random_frames(len(inputs), frame, self.margin)
        return warp_images(inputs, warp, size, self.margin, frames), warp

    def _name(self, inputs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Where the points are in the source [B, K, 2], what the teacher saw, and where in it."""
        share = self.teacher_share()
        source = self.template.expand(len(inputs), -1, -1)
        if not share and not self.terms:
            return source, inputs, source  # nobody looks at another view
        image, warp = self._views(inputs, self.teacher_warp)
        if share:
            found = to_unit(self.teacher(image))
            found = swap_sides(to_source(warp, found), warp.mirrored, self.order)
            source = torch.lerp(source, found, share)
        seen = to_view(warp, swap_sides(source, warp.mirrored, self.order))
        return source, image, seen

    @torch.no_grad()
    def discover(self, inputs: Tensor) -> Tensor:
        """Points of training inputs [B, 3, h, w], unwarped: [B, K, 2] px of these inputs."""
        modes = {part: part.training for part in self.modules()}
        self.eval()
        try:
            warp = move_to(identity_warp(len(inputs)), inputs.device)
            size = self.head.decoder.input_size
            view = warp_images(inputs, warp, size, self.margin)
            points = to_unit(self.head(self.extract_feat(view))) / self.margin
        finally:
            for part, mode in modes.items():
                part.training = mode
        return ((points + 1) * points.new_tensor(inputs.shape[:1:-1]) - 1) / 2

    def predict(self, inputs: Tensor, data_samples: list) -> list:
        """As `TopdownPoseEstimator.predict`; a flip test pairs the grid's own partners."""
        for sample in data_samples:
            sample.set_metainfo(dict(flip_indices=self.order))
        return super().predict(inputs, data_samples)

    def loss(self, inputs: Tensor, data_samples: Any = None) -> dict[str, Tensor]:
        """Losses of a batch of pictures [B, 3, h, w]; `data_samples` are not looked at."""
        self.teacher.follow(self._parts())
        source, other, other_points = self._name(inputs)
        image, warp = self._views(inputs, self.warp, self.frame)
        order = swap_sides(source, warp.mirrored, self.order)
        target = to_view(warp, order)
        # A plate that folds has no inverse there; such points do not count.
        astray = (to_source(warp, target) - order).abs().amax(-1) > ASTRAY
        weights = ((target.abs() <= 1).all(-1) & ~astray).float()
        found: Landmarks = self.head(self.extract_feat(jitter(image, self.photometry)))
        points = to_unit(found)
        self.last_view = points.detach()
        losses = {}
        if self.self_training:
            cells = to_cells(target, map_size(found))
            for name, value in supervise(self.head, found, cells, weights).items():
                losses[name] = self.self_training * value
        view = View(image, other, found.score_map, points, target, other_points, weights)
        for name, term in self.terms.items():
            losses[f'loss_{name}'] = term(view)
        return losses
