"""What `bootstrap.py` installs, in order, and what it says when pip fails. Data only."""

import ctypes
import sys
from typing import NamedTuple

OLDEST, NEWEST = (3, 10), (3, 13)  # Pythons for which every pin has a wheel
NEEDED_GIGABYTES = 8  # .venv is 6 once done; pip unpacks beside it
SOURCE = ('--no-build-isolation',)  # build against the torch and numpy that are already there
EXTRAS = ('core', 'host', 'demo', 'export', 'hub', 'test')


class Step(NamedTuple):
    """One `pip install`, and a line of Python that proves it worked."""

    name: str
    what: str
    minutes: float
    arguments: tuple[str, ...]
    check: str


def has_libgl() -> bool:
    """Whether OpenCV's wheels with windows can be loaded here."""
    try:
        ctypes.CDLL('libGL.so.1')
    except OSError:
        return False
    return True


OPENCV = 'opencv-contrib-python' + ('' if sys.platform != 'linux' or has_libgl() else '-headless')
STEPS = (
    # First, because it is enough for the shipped weights: `make demo` shows a picture after it.
    Step(
        'light',
        'NumPy, OpenCV and ONNX Runtime, about 0.1 GB to fetch',
        1,
        ('numpy', OPENCV, 'onnxruntime', 'pyyaml', 'tqdm'),
        'import numpy, cv2, onnxruntime, yaml, tqdm',
    ),
    Step(
        'build',
        'build tools',
        0.3,
        ('--upgrade', 'pip', 'setuptools', 'wheel', 'ninja', 'psutil', 'cython', 'numpy'),
        'import pkg_resources, ninja, psutil, numpy',
    ),
    Step(
        'torch',
        'torch and torchvision, about 3 GB to fetch',
        2,
        ('torch', 'torchvision'),
        'import torch, torchvision',
    ),
    Step('mmengine', 'mmengine', 0.3, ('onedl-mmengine',), 'import mmengine'),
    Step(
        'mmcv',
        'mmcv, compiled against this torch: 11 min on 2 cores the first time',
        11,
        SOURCE + ('onedl-mmcv',),
        'import mmcv.ops',
    ),
    Step('mmdet', 'mmdet', 0.5, SOURCE + ('onedl-mmdetection',), ''),
    Step(
        'xtcocotools',
        'xtcocotools, compiled against this numpy',
        0.3,
        SOURCE + ('--no-binary', 'xtcocotools', 'xtcocotools'),
        'import xtcocotools.mask',
    ),
    Step('mmpose', 'mmpose, without chumpy', 0.1, ('--no-deps', 'mmpose'), ''),
    Step(
        'rest',
        'the other libraries',
        0.5,
        tuple(part for name in EXTRAS for part in ('-r', 'requirements/' + name + '.txt')),
        'import pytest, onnxruntime',
    ),
    # Three OpenCV distributions share one folder and the last one's files win: mmcv and mmdet have
    # brought theirs since the first step, so this one is forced in again, from pip's cache.
    Step(
        'opencv',
        OPENCV,
        0.1,
        ('--no-deps', '--force-reinstall', OPENCV),
        'import cv2, os; cv2.CascadeClassifier, cv2.TrackerKCF_create; '
        'assert os.listdir(cv2.data.haarcascades)',
    ),
    Step(
        'plugin',
        'FANet itself, editable',
        0.1,
        ('--no-deps',) + SOURCE + ('-e', '.'),
        'import fanet_mmpose, mmpose.apis',
    ),
)

# What pip's log says -> what to tell the user. The first that matches counts.
DIAGNOSES = (
    (
        ('No space left on device',),
        'the disk is full: free %d GB and run the same command again' % NEEDED_GIGABYTES,
    ),
    (
        (
            'NewConnectionError',
            'Temporary failure in name resolution',
            'Connection refused',
            'Read timed out',
            'ConnectTimeoutError',
            'ProxyError',
            'Network is unreachable',
            'SSLError',
        ),
        "the package index cannot be reached: check the network or pip's index and proxy settings, "
        'then run the same command again',
    ),
    (
        ('No matching distribution found',),
        'the package index has no version that fits this Python and machine: '
        'use an index that mirrors PyPI, and Python %d.%d to %d.%d' % (OLDEST + NEWEST),
    ),
    (
        ('Python.h: No such file',),
        'the Python headers are missing: install python3-dev (or python3-devel)',
    ),
    (
        ('Killed signal terminated program', 'Cannot allocate memory'),
        'the compiler ran out of memory: run again with MAX_JOBS=1 in the environment',
    ),
)
