"""The data sets that are known: how each is read, and which files MMPose expects of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fanet_mmpose.datasets.converters.aflw import read_aflw
from fanet_mmpose.datasets.converters.cofw import read_cofw
from fanet_mmpose.datasets.converters.face_300w import read_300w
from fanet_mmpose.datasets.converters.lapa import read_lapa
from fanet_mmpose.datasets.converters.records import FaceRecord, Reader
from fanet_mmpose.datasets.converters.wflw import ATTRIBUTES, read_wflw

Chooser = Callable[[FaceRecord], bool]


@dataclass(frozen=True)
class DatasetSpec:
    """A data set's conventions.

    Attributes:
        schema: name of its point set.
        read: yields its faces.
        stock_files: annotation files under the names of MMPose's own configs, and the faces
            that each holds. They follow the official splits and know nothing of our val.
        archives: shell patterns of the release's archives.
        image_dir: folder of the images in the output; MMPose's ``data_prefix=dict(img=...)``.
        box_from_rect: whether MMPose's boxes of it are the release's rectangles.
        val_every: one in this many training photographs becomes val where there is none.
        official: faces in each official split of the complete release.
    """

    schema: str
    read: Reader
    stock_files: Mapping[str, Chooser]
    archives: tuple[str, ...]
    image_dir: str = 'images/'
    box_from_rect: bool = False
    val_every: int = 10
    official: Mapping[str, int] = field(default_factory=dict)


def in_split(*splits: str) -> Chooser:
    """Faces of some official splits."""
    return lambda record: record.split in splits


def in_subset(split: str, name: str, value: int | str) -> Chooser:
    """Faces of an official split whose attribute has a value."""
    return lambda record: record.split == split and record.attributes[name] == value


_WFLW_SUBSETS = {'pose': 'largepose', 'makeup': 'makeup'}

SPECS: dict[str, DatasetSpec] = {
    'wflw': DatasetSpec(
        schema='wflw98',
        read=read_wflw,
        stock_files={
            'face_landmarks_wflw_train': in_split('train'),
            'face_landmarks_wflw_test': in_split('test'),
            **{
                f'face_landmarks_wflw_test_{_WFLW_SUBSETS.get(name, name)}': in_subset(
                    'test', name, 1
                )
                for name in ATTRIBUTES
            },
        },
        archives=('WFLW*',),
        val_every=20,
        official={'train': 7500, 'test': 2500},
    ),
    'cofw': DatasetSpec(
        schema='cofw29',
        read=read_cofw,
        stock_files={'cofw_train': in_split('train'), 'cofw_test': in_split('test')},
        archives=('COFW*',),
        box_from_rect=True,
        official={'train': 1345, 'test': 507},
    ),
    'aflw': DatasetSpec(
        schema='aflw19',
        read=read_aflw,
        stock_files={
            'face_landmarks_aflw_train': in_split('train'),
            'face_landmarks_aflw_test': in_split('test'),
            'face_landmarks_aflw_test_frontal': in_subset('test', 'frontal', 1),
        },
        archives=('aflw*', '[023].*'),
        val_every=20,
        box_from_rect=True,
        official={'train': 20_000, 'test': 4386},
    ),
    '300w': DatasetSpec(
        schema='300w68',
        read=read_300w,
        stock_files={
            'face_landmarks_300w_train': in_split('train'),
            'face_landmarks_300w_valid': in_split('test'),
            'face_landmarks_300w_valid_common': in_subset('test', 'subset', 'common'),
            'face_landmarks_300w_valid_challenge': in_subset('test', 'subset', 'challenging'),
            'face_landmarks_300w_test': in_split('private'),
        },
        archives=('helen*', 'lfpw*', 'afw*', 'ibug*', '300w*', 'bounding_boxes*'),
        official={'train': 3148, 'test': 689, 'private': 600},
    ),
    'lapa': DatasetSpec(
        schema='lapa106',
        read=read_lapa,
        stock_files={
            'lapa_train': in_split('train'),
            'lapa_val': in_split('val'),
            'lapa_test': in_split('test'),
            'lapa_trainval': in_split('train', 'val'),
        },
        archives=('LaPa*',),
        image_dir='',
        official={'train': 18_168, 'val': 2000, 'test': 2000},
    ),
}
