"""Run a recipe and, before it, every training that it starts from.

`python tools/misc/train_chain.py configs/fanet_lite_300w_harmonized.py --cfg-options …`

A recipe may start from another recipe's checkpoint (`load_from = 'work_dirs/…'`). This trains what
is missing, first things first; what is there already is not trained again. Options after the
config go to each training.
"""

from __future__ import annotations

import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.engine.chain import find_chain
from fanet_mmpose.errors import UserError, friendly_exit

TRAIN = Path(__file__).resolve().parents[1] / 'train.py'


@friendly_exit
def main() -> None:
    """Train what is missing."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('config', type=Path, help='the last recipe of the chain')
    parser.add_argument('--dry-run', action='store_true', help='only print the commands')
    arguments, options = parser.parse_known_args()
    for config in find_chain(arguments.config):
        command = [sys.executable, str(TRAIN), str(config), '--resume', *options]
        print(' '.join(['python', 'tools/train.py', *command[2:]]), flush=True)
        if not arguments.dry_run and subprocess.run(command).returncode != 0:
            raise UserError(f'{config}: the training stopped; run the same command to go on')


if __name__ == '__main__':
    main()
