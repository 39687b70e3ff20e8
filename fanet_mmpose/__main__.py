"""`python -m fanet_mmpose` is `fanet`."""

from __future__ import annotations

from fanet_mmpose.cli import main

if __name__ == '__main__':
    main()
