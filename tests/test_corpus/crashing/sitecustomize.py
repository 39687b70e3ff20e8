"""A decoder that kills its process on a picture of one colour, in every Python that finds this."""

import os
import signal

import cv2

_decode = cv2.imdecode


def imdecode(encoded, *arguments):
    image = _decode(encoded, *arguments)
    if image is not None and tuple(image[0, 0]) == (1, 2, 3):
        os.kill(os.getpid(), int(os.environ.get('CRASH_WITH', signal.SIGSEGV)))
    return image


cv2.imdecode = imdecode
