"""Kill a small training of FANet's recipe at many moments: `python tests/kill_trainings.py`.

Prints a JSON table: kills, epochs lost, what differs from a training that was left alone, and in
which numbers its forward passes were.
"""

from __future__ import annotations

import json
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from helpers.killed_training import compare, finish, kill_again_and_again  # noqa: E402
from helpers.tiny_training import write_training  # noqa: E402

from fanet_mmpose.engine.mixed_precision import has_fast_bfloat16  # noqa: E402


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('--kills', type=int, default=20)
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--workers', type=int, default=2, help='of the loader, persistent')
    parser.add_argument('--out', type=Path, help='write the table there, too')
    options = parser.parse_args()
    moments = [('anywhere', 'writing')[number % 2] for number in range(options.kills)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # A killed training may have finished an epoch: enough of them for all kills.
        config = write_training(
            folder, epochs=options.kills + options.kills // 2 + 2, workers=options.workers,
            persistent=options.workers > 0,
        )  # fmt: skip
        finish(config, folder / 'alone')
        kills = kill_again_and_again(config, folder / 'killed', moments, options.seed)
        different = compare(folder / 'alone', folder / 'killed')
    rows = [dict(moment=k.moment, running=k.running, kept=k.kept, lost=k.lost) for k in kills]
    lost = max(kill.lost for kill in kills)
    forward = 'bfloat16' if has_fast_bfloat16() else 'float32'
    table = json.dumps(dict(
        command=sys.argv, seed=options.seed, forward=forward, kills=rows, most_lost=lost,
        different=different,
    ), indent=1)  # fmt: skip
    print(table)
    if options.out:
        options.out.write_text(f'{table}\n')
    raise SystemExit(bool(different) or lost > 1 or len(kills) < options.kills)


if __name__ == '__main__':
    main()
