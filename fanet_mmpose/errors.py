"""One way to tell a user what is wrong: a sentence, never a traceback."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from typing import TypeVar

from fanet_mmpose.standard_streams import standard_streams

Result = TypeVar('Result')
INTERRUPTED = 128 + 2  # exit code that shells give a program which SIGINT ended


class UserError(Exception):
    """Something outside the code is wrong: a file, a field, a flag.

    The message is one sentence that names it and says the way out.
    """


def find_user_error(error: BaseException | None) -> UserError | None:
    """The `UserError` in a chain of exceptions, or None.

    Libraries wrap what their callbacks raise; the cause and the context are followed.
    """
    while error is not None:
        if isinstance(error, UserError):
            return error
        error = error.__cause__ or error.__context__
    return None


def explain_opencv(error: BaseException) -> UserError | None:
    """A sentence for an OpenCV that is missing or does not load, or None for another error."""
    reason = (str(error).strip().splitlines() or [''])[0]
    if not isinstance(error, ImportError) or not (error.name == 'cv2' or 'libGL' in reason):
        return None
    if isinstance(error, ModuleNotFoundError):
        return UserError('OpenCV is missing: pip install "opencv-contrib-python>=4.8,<5"')
    return UserError(
        f'OpenCV does not load ({reason}): where a machine has no graphics libraries, its headless '
        'build is needed: pip uninstall -y opencv-python opencv-contrib-python, then '
        'pip install "opencv-contrib-python-headless>=4.8,<5" (docs/install.md)'
    )


def friendly_exit(main: Callable[..., Result]) -> Callable[..., Result]:
    """Wrap a command's `main`: a `UserError` becomes its sentence on stderr and exit code 2.

    Ctrl-C becomes the word "interrupted" and exit code 130.

    `FANET_TRACEBACK=1` in the environment shows where it came from instead.
    """

    @functools.wraps(main)
    def wrapper(*args: object, **kwargs: object) -> Result:
        with standard_streams():
            try:
                return main(*args, **kwargs)
            except KeyboardInterrupt:
                if os.environ.get('FANET_TRACEBACK'):
                    raise
                print('interrupted', file=sys.stderr)
                raise SystemExit(INTERRUPTED) from None
            except Exception as error:
                known = find_user_error(error) or explain_opencv(error)
                if known is None or os.environ.get('FANET_TRACEBACK'):
                    raise
                _tell(known)
                raise SystemExit(2) from None

    return wrapper


def _tell(error: UserError) -> None:
    # A data-loader worker prefixes its traceback; the sentence is the last line.
    sentence = str(error).strip().splitlines()[-1].removeprefix('fanet_mmpose.errors.')
    print(f'error: {sentence.removeprefix("UserError: ")}', file=sys.stderr)
