"""Which split a word means: one list for columns, folders and files of every format.

The first of these that says something decides:

1. a field of the face or picture, see `split_fields`. Its word must be known; another one is
   refused, never shuffled;
2. a list of names, see `split_lists`;
3. the name of an annotation file of many pictures (``train.json``, ``labels_val2017.csv``);
4. the folders of the annotation file, the innermost first, then those of the picture;
5. the name of a given source folder, where several are given.

The own name of a picture, and of an annotation file of one picture, says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

SPLIT_WORDS = {
    'train': 'train', 'training': 'train', 'trainset': 'train', 'trn': 'train',
    'trainval': 'train',
    'val': 'val', 'valid': 'val', 'validation': 'val', 'valset': 'val', 'validate': 'val',
    'dev': 'val', 'devel': 'val', 'development': 'val', 'devset': 'val',
    'test': 'test', 'testing': 'test', 'testset': 'test', 'tst': 'test',
    'eval': 'test', 'evaluation': 'test', 'evalset': 'test', 'holdout': 'test',
}  # fmt: skip
_NOUN = (
    '(data|sets?|lists?|splits?|images?|imgs?|pics?|pictures?|photos?|faces?|frames?|labels?'
    '|annos?|annotations?)?'
)
_WORD = re.compile(f'{_NOUN}(?P<split>{"|".join(SPLIT_WORDS)}){_NOUN}')  # trainimages
_BLANK = {'', 'default', 'none', 'null', 'nan', 'unassigned', '-'}
_FOLD = re.compile(r'(.*[\W_])?(k|cv)?[\W_]*folds?[\W_]*\d+', re.IGNORECASE)
_CAMEL = re.compile(r'(?<=[a-z])(?=[A-Z])')


def is_blank_word(word: str) -> bool:
    """Whether a field's word says nothing; CVAT calls an image without subset ``default``."""
    return word.strip().lower() in _BLANK


def split_of(*names: str) -> str:
    """The split that the first folder or file name with a known word says, or ``''``.

    Raises:
        ValueError: one name says two (``train_test``); ``train_val`` is training, as val is then
            taken out of it.
    """
    for name in names:
        words = re.findall('[a-z]+', _CAMEL.sub(' ', name).lower())
        found = {SPLIT_WORDS[m['split']] for word in words if (m := _WORD.fullmatch(word))}
        if found == {'train', 'val'}:
            return 'train'
        if len(found) > 1:
            raise ValueError(f'{name!r} names two splits; give it the name of one')
        if found:
            return found.pop()
    return ''


def split_of_field(word: str) -> str:
    """The split that a field says, ``''`` where it is blank.

    Raises:
        ValueError: the word is not known.
    """
    if is_blank_word(word):
        return ''
    split = split_of(word)
    if not split:
        raise ValueError(
            f'the split {word.strip()!r} is not known; write train, val or test (known words: '
            f'{", ".join(SPLIT_WORDS)})'
        )
    return split


def split_of_place(lists: Iterable[str], folders: Iterable[str]) -> str:
    """The split that names of annotation files, else folders from the innermost outwards, say.

    Raises:
        ValueError: one name says two splits, or there are numbered folds alone.
    """
    names = (*lists, *folders)
    split = split_of(*names)
    fold = next((name for name in names if _FOLD.fullmatch(name)), None)
    if fold is not None and not split:
        raise ValueError(
            f'{fold!r} is a fold, and nothing says which of the folds is for testing: name the '
            'folders train, val and test'
        )
    return split
