"""Try docs/label_efficient.md with a set whose truth is known, which plays your own pictures."""

from __future__ import annotations

import argparse
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from fanet_mmpose.geometry.schemas import find_schema
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.labelling.choose import RULES
from fanet_mmpose.labelling.options import ProposeOptions
from projects.label_study.choice_study import write_choices
from projects.label_study.rehearsal import answer_labels, convert_truth, play_photographs


def build_parser() -> argparse.ArgumentParser:
    """`photographs`, `answer`, `truth`, `choices`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'annotations',
        type=Path,
        help='COCO-style file; `choices` takes what `truth` wrote, the others 68 points',
    )
    commands = parser.add_subparsers(dest='command', required=True)
    photographs = commands.add_parser('photographs', help='a folder of its pictures, bad ones too')
    photographs.add_argument('out', type=Path)
    photographs.add_argument('--num', type=int, default=2000)
    photographs.add_argument('--seed', type=int, default=0)
    answer = commands.add_parser('answer', help='correct LabelMe files as an annotator would')
    answer.add_argument('labels', type=Path)
    truth = commands.add_parser('truth', help='the annotations with your points')
    truth.add_argument('out', type=Path)
    choices = commands.add_parser('choices', help='sets of equal size by different rules')
    choices.add_argument('folder', type=Path, help='of `photographs`')
    choices.add_argument('out', type=Path)
    choices.add_argument('--num', type=int, default=50)
    choices.add_argument('--rules', nargs='+', choices=RULES, default=['spread', 'random'])
    choices.add_argument('--seeds', nargs='+', type=int, default=[0, 1, 2])
    choices.add_argument('--model', default='fanet_lite_300w')
    choices.add_argument('--detector', default='fanet_face')
    for command in (answer, truth, choices):
        command.add_argument('--schema', required=True, help='your points, as of the other tools')
    return parser


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Do it, say what was done."""
    args = build_parser().parse_args(argv)
    if args.command == 'photographs':
        root = args.annotations.parent.parent
        written = play_photographs(args.annotations, root, args.out, args.num, args.seed)
        print(f'{args.out}: {written} files')
    elif args.command == 'answer':
        moved = answer_labels(args.labels, args.annotations, find_schema(args.schema))
        print(f'{args.labels}: points were moved by {moved:.2f} px on average')
    elif args.command == 'choices':
        options = ProposeOptions(args.folder, args.out, args.num, val=0, schema=args.schema)
        found = write_choices(
            options,
            FaceLandmarker(args.model, args.detector),
            args.annotations,
            args.rules,
            args.seeds,
        )
        write_json(args.out / 'choices.json', found, indent=1)
        print(found)
    else:
        faces = convert_truth(args.annotations, find_schema(args.schema), args.out)
        print(f'{args.out}: {faces} faces')


if __name__ == '__main__':
    main()
