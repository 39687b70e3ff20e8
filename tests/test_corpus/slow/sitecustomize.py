"""A decoder that takes its time, in worker processes of every Python that finds this."""

import sys
import time

if 'fanet_mmpose.corpus.worker' in sys.orig_argv:
    import cv2

    _decode = cv2.imdecode

    def imdecode(*arguments):
        time.sleep(0.2)
        return _decode(*arguments)

    cv2.imdecode = imdecode
