"""Write a checkpoint as ONNX: `fanet export` of a checkout.

`python tools/deployment/export.py CONFIG CHECKPOINT -o model.onnx`
"""

from __future__ import annotations

import sys

from fanet_mmpose.cli import main

if __name__ == '__main__':
    main(['export', *sys.argv[1:]])
