"""Which versions of the packages FANet plugs into fit, and what to install when they don't."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from fanet_mmpose.errors import UserError

INSTALL_HELP = 'docs/install.md has both tested stacks'


@dataclass(frozen=True)
class Host:
    """A package that must be there, as `module` inside `versions` (PEP 440)."""

    module: str
    versions: str
    install: str
    required: bool = True


HOSTS = (
    # 2.1 is the oldest that was tested; 2.0 lacks what the averaged weights are stepped with.
    Host('torch', '>=2.1,<3', 'pip install "torch==2.12.0" "torchvision==0.27.0"'),
    Host('torchvision', '>=0.16', 'pip install the torchvision made for your torch'),
    Host('mmengine', '>=0.10.0,<=1.0.0', 'pip install onedl-mmengine==0.10.12'),
    Host('mmcv', '>=2.0.0,<=3.0.0', 'pip install --no-build-isolation onedl-mmcv==2.3.6'),
    Host('mmcv.ops', '', 'replace mmcv-lite by the full mmcv, built against the installed torch'),
    Host('mmdet', '>=3.0.0,<4', 'pip install onedl-mmdetection==3.5.1', required=False),
    # Before 1.3.2 MMPose asks every codec for fields that ours has no use for, and training dies.
    Host('mmpose', '>=1.3.2,<2', 'pip install --no-deps mmpose==1.3.2'),
)


def find_version(host: Host) -> str | None:
    """Version of an importable host, '' for one without a version, None if it is not installed.

    Raises `UserError` when the host is there and broken (built against another torch, say).
    """
    try:
        module = importlib.import_module(host.module)
    except ModuleNotFoundError as error:
        if error.name in (host.module, host.module.rpartition('.')[0]):
            return None
        raise UserError(
            f'{host.module} is installed but needs {error.name}, which is missing: '
            f'pip install {error.name} ({INSTALL_HELP})'
        ) from error
    except (ImportError, RuntimeError, OSError, AssertionError) as error:  # mmpose, mmdet: assert
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise UserError(
            f'{host.module} is installed but does not import ({reason}): {host.install} '
            f'({INSTALL_HELP})'
        ) from error
    return getattr(module, '__version__', '')


def check_host(host: Host) -> None:
    """Raise `UserError` with the command to run unless `host` is there in a version that fits."""
    from packaging.specifiers import SpecifierSet  # comes with mmengine; not needed to import us

    found = find_version(host)
    if found is None:
        if host.required:
            raise UserError(f'{host.module} is missing: {host.install} ({INSTALL_HELP})')
    elif host.versions and not SpecifierSet(host.versions).contains(found, prereleases=True):
        raise UserError(
            f'{host.module} {found} does not fit, FANet needs {host.versions}: {host.install} '
            f'({INSTALL_HELP})'
        )


def check_hosts() -> None:
    """Check every host once, in the order in which they import each other."""
    for host in HOSTS:
        check_host(host)
