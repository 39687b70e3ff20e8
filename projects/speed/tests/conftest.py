"""A tiny trained FANet, its config and its export."""

from helpers.tiny_fixtures import *  # noqa: F403
