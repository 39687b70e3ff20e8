"""Mutated inputs of every kind through the public entry points.

`python tests/fuzz_inputs.py --cases 1000 --seed 0`

Prints a JSON table: how many cases were read right, refused in one sentence, ended in a traceback,
hung, took too much memory or ran a program, by kind; and what was bad. `--only N` runs one case.
"""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from dataclasses import asdict
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from helpers.fuzz.cases import OUTCOMES, Result, limit_memory, run_case  # noqa: E402
from helpers.fuzz.guard import run_guarded  # noqa: E402

GOOD = ('right', 'sentence')


def read_arguments() -> Namespace:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('--cases', type=int, default=1000)
    parser.add_argument('--first', type=int, default=0)
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--only', type=int, help='one case, in this process')
    parser.add_argument('--out', type=Path, help='JSON file')
    parser.add_argument('--worker', type=int, help='first case of a guarded process')
    return parser.parse_args()


def work(first: int, cases: int, seed: int) -> None:
    """The guarded process: a JSON line on the original stdout for each case."""
    answers = os.fdopen(os.dup(1), 'w', buffering=1)
    os.dup2(2, 1)  # what libraries print, from their import on
    from helpers.fuzz.targets import all_targets

    targets = all_targets()
    limit_memory()
    for number in range(first, cases):
        answers.write(json.dumps(asdict(run_case(number, seed, targets))) + '\n')


def table(results: list[Result], seed: int) -> dict:
    kinds = {name: Counter(r.outcome for r in results if r.target == name)
             for name in dict.fromkeys(r.target for r in results)}  # fmt: skip
    return dict(
        command=f'python tests/fuzz_inputs.py --cases {len(results)} --seed {seed}',
        cases=len(results), seed=seed,
        outcomes={name: sum(r.outcome == name for r in results) for name in OUTCOMES},
        kinds=kinds,
        bad=[asdict(result) for result in results if result.outcome not in GOOD],
    )  # fmt: skip


def main() -> None:
    options = read_arguments()
    if options.worker is not None:
        work(options.worker, options.cases, options.seed)
        return
    if options.only is not None:
        from helpers.fuzz.targets import all_targets

        result = run_case(options.only, options.seed, all_targets())
        print(result.target, result.mutation, result.outcome, result.said, sep='\n')
        return
    results = []
    for result in run_guarded(Path(__file__), options.cases, options.seed, options.first):
        results.append(result)
        if result.outcome not in GOOD:
            print(f'{result.number} {result.target}: {result.mutation}: {result.outcome}',
                  file=sys.stderr)  # fmt: skip
    text = json.dumps(table(results, options.seed), indent=1)
    print(text)
    if options.out:
        options.out.write_text(text + '\n', encoding='utf-8')
    raise SystemExit(any(result.outcome not in GOOD for result in results))


if __name__ == '__main__':
    main()
