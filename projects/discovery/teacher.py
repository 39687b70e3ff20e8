"""A slow copy of the network that names the points for the network itself.

Mean teacher: Tarvainen & Valpola, arXiv 1703.01780. Its weights follow the student's, so its
points are an average over many steps and steadier than the student's own.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping

import torch
from torch import Tensor, nn


class Teacher(nn.Module):
    """Backbone, neck and head whose weights and statistics follow those of a student.

    Args:
        parts: the student's, in the order that data pass them.
        momentum: share of the old weights that a step keeps; less in the first steps.
    """

    def __init__(self, parts: Mapping[str, nn.Module], momentum: float = 0.99) -> None:
        super().__init__()
        self.parts = nn.ModuleDict({name: copy.deepcopy(part) for name, part in parts.items()})
        self.parts.requires_grad_(False)
        self.momentum = momentum
        self.register_buffer('steps', torch.zeros((), dtype=torch.long))
        self.eval()

    def train(self, mode: bool = True) -> Teacher:
        """Stays in evaluation mode: it uses statistics, it gathers none."""
        return super().train(False)

    @torch.no_grad()
    def follow(self, parts: Mapping[str, nn.Module]) -> None:
        """Move towards the student."""
        self.steps += 1
        # A young student is worth more than the random weights that it began with.
        momentum = min(self.momentum, 1 - 2 / (1 + int(self.steps)))
        for name, part in parts.items():
            own, theirs = self.parts[name].state_dict(), part.state_dict()
            for key, value in theirs.items():
                if value.is_floating_point():
                    own[key].lerp_(value, 1 - momentum)
                else:
                    own[key].copy_(value)

    @torch.no_grad()
    def forward(self, images: Tensor) -> tuple:
        """What the student's head would find: images [B, 3, h, w] -> `Landmarks`."""
        found = images
        for part in self.parts.values():
            found = part(found)
        return found
