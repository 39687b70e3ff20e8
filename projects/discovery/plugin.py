"""Registers the parts of this project in MMPose's registries.

Its configs import this module beside `fanet_mmpose.plugin`.
"""

import projects.discovery.collapse_hook  # noqa: F401
import projects.discovery.losses  # noqa: F401
import projects.discovery.points_hook  # noqa: F401
import projects.discovery.reconstruction  # noqa: F401
import projects.discovery.self_supervised_fanet  # noqa: F401
