"""What arrives is what was sent, in fewer pieces, and the network sees the same."""

from __future__ import annotations

from multiprocessing.reduction import ForkingPickler
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from mmengine.dataset import pseudo_collate  # noqa: E402
from mmengine.runner import Runner  # noqa: E402
from mmengine.structures import InstanceData  # noqa: E402
from mmpose.models.data_preprocessors import PoseDataPreprocessor  # noqa: E402
from mmpose.structures import PoseDataSample  # noqa: E402
from torch.utils.data import DataLoader  # noqa: E402

from fanet_mmpose.datasets.stack_batch import stack_batch  # noqa: E402
from fanet_mmpose.engine.configs import load_config  # noqa: E402


def face(seed: int, side: int = 8) -> dict:
    generator = torch.Generator().manual_seed(seed)
    sample = PoseDataSample(metainfo=dict(img_path=f'{seed}.jpg', img_shape=(side, side)))
    sample.gt_instances = InstanceData(keypoints=np.full((1, 5, 2), seed, np.float32))
    sample.gt_instance_labels = InstanceData(
        keypoint_cells=torch.full((1, 5, 2), seed),
        keypoint_weights=torch.rand(1, 5, generator=generator),
    )
    image = torch.randint(0, 256, (3, side, side), dtype=torch.uint8, generator=generator)
    return dict(inputs=image, data_samples=sample)


def same(ours: list[PoseDataSample], theirs: list[PoseDataSample]) -> None:
    for a, b in zip(ours, theirs, strict=True):
        assert a.metainfo == b.metainfo
        assert np.array_equal(a.gt_instances.keypoints, b.gt_instances.keypoints)
        for name in ('keypoint_cells', 'keypoint_weights'):
            found, expected = a.gt_instance_labels[name], b.gt_instance_labels[name]
            assert found.dtype == expected.dtype and torch.equal(found, expected)


@pytest.mark.parametrize('workers', [0, 1])
def test_a_batch_arrives_as_it_was_sent(workers: int) -> None:
    faces = [face(seed) for seed in range(4)]
    (batch,) = DataLoader(faces, batch_size=4, num_workers=workers, collate_fn=stack_batch)
    assert torch.equal(batch['inputs'], torch.stack([f['inputs'] for f in faces]))
    same(batch['data_samples'], [f['data_samples'] for f in faces])
    batch['data_samples'][0].gt_instance_labels.keypoint_weights += 1  # not read-only


def test_one_tensor_is_shared_between_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    share = torch.UntypedStorage._share_fd_cpu_
    monkeypatch.setattr(
        torch.UntypedStorage, '_share_fd_cpu_', lambda self: calls.append(1) or share(self)
    )
    faces = [face(seed) for seed in range(4)]
    for collate, pieces in ((stack_batch, 1), (pseudo_collate, 4 * 3)):
        calls.clear()
        ForkingPickler.dumps(collate(faces))
        assert len(calls) == pieces


def test_pictures_of_several_sizes_stay_a_list() -> None:
    (batch,) = DataLoader(
        [face(0), face(1, side=12)], batch_size=2, num_workers=1, collate_fn=stack_batch
    )
    assert [image.shape[-1] for image in batch['inputs']] == [8, 12]


def test_a_config_that_inherits_from_the_package_finds_it(tmp_path: Path) -> None:
    config = tmp_path / 'own.py'
    config.write_text("_base_ = ['fanet_mmpose::fanet_lite_300w.py']")
    loader = load_config(config).train_dataloader
    loader = dict(loader, dataset=[face(0), face(1)], batch_size=2, num_workers=0)
    loader['persistent_workers'] = False
    (batch,) = Runner.build_dataloader(loader)
    assert batch['inputs'].shape == (2, 3, 8, 8)


def test_the_network_sees_the_same_pictures() -> None:
    faces = [face(seed) for seed in range(3)]
    prepare = PoseDataPreprocessor(mean=[120.0, 110, 100], std=[58.0, 57, 57], bgr_to_rgb=True)
    ours, theirs = (prepare(collate(faces))['inputs'] for collate in (stack_batch, pseudo_collate))
    assert torch.equal(ours, theirs)
