"""Registers the hand-crafted features in MMPose's registries.

Its configs import this module beside `fanet_mmpose.plugin`.
"""

import projects.handcrafted_features.extractors.handcrafted_backbone  # noqa: F401
import projects.handcrafted_features.extractors.hog  # noqa: F401
import projects.handcrafted_features.extractors.lbp  # noqa: F401
import projects.handcrafted_features.extractors.sift  # noqa: F401
