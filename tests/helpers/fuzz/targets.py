"""Every kind of file that a user hands in: a small valid one, and the entry point that reads it."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.fuzz.config_targets import config_targets
from helpers.fuzz.dataset_targets import dataset_targets
from helpers.fuzz.file_targets import file_targets
from helpers.fuzz.model_targets import model_targets
from helpers.fuzz.target import Target


def all_targets() -> Mapping[str, Target]:
    """By name."""
    groups = (dataset_targets(), file_targets(), model_targets(), config_targets())
    return {target.name: target for group in groups for target in group}
