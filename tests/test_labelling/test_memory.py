"""An interrupted run goes on, and ends as one that was not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.labelling.faces import find_faces
from fanet_mmpose.labelling.memory import FaceMemory
from fanet_mmpose.labelling.options import ProposeOptions
from fanet_mmpose.labelling.propose import propose


class Impatient:
    """A landmarker whose user presses Ctrl-C at some picture."""

    def __init__(self, landmarker: FaceLandmarker, pictures: int) -> None:
        self.landmarker, self.left = landmarker, pictures
        self.info, self.passes = landmarker.info, landmarker.passes
        self.look, self.keep_sure = landmarker.look, landmarker.keep_sure

    def detector(self, image: np.ndarray, name: str) -> object:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return self.landmarker.detector(image, name)


def test_an_interrupted_run_ends_like_any_other(
    photos: Path, landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    options = ProposeOptions(photos, tmp_path / 'todo', num=4, val=1)
    file = tmp_path / '.todo.faces'
    with pytest.raises(UserError, match='interrupted; the same command continues'):
        propose(options, Impatient(landmarker, 9), FaceMemory(file, 'mark'))
    assert file.is_file() and not options.out.exists()
    rest = Impatient(landmarker, 5)  # ten pictures in all, eight of which are remembered
    propose(options, rest, FaceMemory(file, 'mark'))
    assert rest.left == 3 and not file.exists()
    undisturbed = replace(options, out=tmp_path / 'again')
    propose(undisturbed, landmarker)
    for name in ('chosen.csv', 'skipped.csv', 'unlabelled.json'):
        assert (options.out / name).read_text() == (undisturbed.out / name).read_text()


def test_faces_come_back_as_they_were(
    photos: Path, landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    memory = FaceMemory(tmp_path / 'faces', 'mark')
    (face,) = find_faces(landmarker, photos, ['astronaut.jpg'], 24, memory).main
    memory.add('empty.jpg', [])
    again = FaceMemory(tmp_path / 'faces', 'mark')
    assert 'empty.jpg' in again and again.recall('empty.jpg') == []
    (same,) = again.recall('astronaut.jpg')
    np.testing.assert_allclose(same.found.points, face.found.points, atol=1e-5)
    np.testing.assert_allclose(same.found.scales, face.found.scales, atol=1e-5)
    np.testing.assert_array_equal(same.patch, face.patch)


def test_what_another_model_found_or_half_a_line_is_forgotten(tmp_path: Path) -> None:
    memory = FaceMemory(tmp_path / 'faces', 'mark')
    memory.add('a.jpg', [])
    memory.add('b.jpg', [])
    text = (tmp_path / 'faces').read_text()
    (tmp_path / 'faces').write_text(text[:-4])
    half = FaceMemory(tmp_path / 'faces', 'mark')
    assert 'a.jpg' in half and 'b.jpg' not in half
    half.add('c.jpg', [])
    assert 'c.jpg' in FaceMemory(tmp_path / 'faces', 'mark')
    assert 'a.jpg' not in FaceMemory(tmp_path / 'faces', 'other')
    assert not (tmp_path / 'faces').exists()
