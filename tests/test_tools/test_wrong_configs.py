"""A wrong config ends train.py, test.py and export.py in one sentence, before any training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Sentence = Callable[..., str]
LOADER, STEP = 'train_dataloader', 'train_dataloader.dataset.pipeline.1'

# --cfg-options of a small stock training, and words of the sentence.
WRONG = {
    f'{LOADER}.batch_size=0': 'batch_size is 0 and must be a whole number from 1',
    f'{LOADER}.batch_size=many': "batch_size is 'many' and must be",
    f'{LOADER}.num_workers=-1': 'num_workers is -1 and must be a whole number from 0',
    f'{LOADER}.persistent_workers=True': 'persistent_workers=False, or num_workers to 1',
    f'{LOADER}.batchsize=4': 'no setting of a data loader (did you mean batch_size?)',
    f'{LOADER}.sampler.type=DefaultSamler': 'sampler: DefaultSamler is not in the registry of',
    f'{LOADER}.dataset.type=Face300WDataet': '(did you mean Face300WDataset?)',
    f'{LOADER}.dataset.anfile=a': 'has no setting anfile',
    f'{LOADER}.dataset=5': f'{LOADER}.dataset is 5 and must be a mapping with type',
    f'{STEP}.type=GetBoxCenterScale': 'pipeline[1]: GetBoxCenterScale is not in the registry of '
    'transforms (did you mean GetBBoxCenterScale?)',
    f'{STEP}.paddding=2': 'has no setting paddding (did you mean padding?)',
    f'{STEP}=7': 'does not fit the config',
    'val_dataloader.num_workers=-2': 'val_dataloader.num_workers is -2',
    'model=5': 'model is 5 and must be a mapping',
    'model.type=TopdownPoseEstimater': '(did you mean TopdownPoseEstimator?)',
    'model.backbone.depht=18': 'model.backbone (ResNet) has no setting depht (did you mean depth?)',
    'model.backbone.depth=19': 'model.backbone (ResNet) cannot be built',
    'model.head.loss.type=KeypointMSELos': 'model.head.loss: KeypointMSELos',
    'model.head.out_channels=-3': 'model.head',
    'optim_wrapper=none': "optim_wrapper is 'none' and must be a mapping",
    'optim_wrapper.optimizer.type=SDG': '(did you mean SGD?)',
    'optim_wrapper.optimizer.lr=fast': 'optim_wrapper.optimizer',
    'optim_wrapper.optimizer.rate=1': 'has no setting rate',
    'train_cfg.max_iters=0': 'train_cfg.max_iters is 0 and must be a number from 1',
    'train_cfg.val_interval=0': 'train_cfg.val_interval is 0',
    'train_cfg.max_iter=4': 'has no setting max_iter (did you mean max_iters?)',
    'param_scheduler=often': "param_scheduler is 'often' and must be",
    'val_evaluator.type=NEM': 'val_evaluator: NEM is not in the registry',
    'val_evaluator.norm_mode=head': 'val_evaluator (NME) cannot be built',
    'default_hooks=5': 'default_hooks is 5 and must be a mapping',
    'default_hooks.logger.type=LogerHook': '(did you mean LoggerHook?)',
    'default_hooks.logger.often=1': 'has no setting often',
    'work_dir=7': 'work_dir is 7 and must be a text',
    'work_dir=data/annotations/train.json/out': 'cannot be written to',
    'visualizer.type=Vizualizer': 'Vizualizer',
}  # fmt: skip


@pytest.mark.parametrize('option', WRONG)
def test_a_wrong_setting(sentence: Sentence, project: Path, option: str) -> None:
    assert WRONG[option] in sentence('train', project, '--cfg-options', option)


def test_a_wrong_scheduler(sentence: Sentence, project: Path) -> None:
    text = project.read_text()
    for step, said in (
        ("dict(type='CosineLR')", 'param_scheduler[0]: CosineLR is not in the registry'),
        ("dict(type='MultiStepLR', milestone=[1])", 'has no setting milestone'),
    ):
        project.write_text(f'{text}\nparam_scheduler = [{step}]\n')
        assert said in sentence('train', project)


@pytest.mark.parametrize('name', ['model', 'train_dataloader', 'optim_wrapper'])
def test_a_setting_that_is_missing(sentence: Sentence, project: Path, name: str) -> None:
    project.write_text(f'{project.read_text()}\ndel {name}\n')
    assert f'{name} is missing' in sentence('train', project)


def test_files_that_are_no_config(sentence: Sentence, project: Path) -> None:
    for name, text in {'open.py': 'model = (', 'empty.py': '', 'gone.py': "_base_ = './no.py'\n",
                       'run.yaml': 'model: !!python/name:os.system\n'}.items():  # fmt: skip
        Path(name).write_text(text)
        for tool in ('train', 'test', 'export', 'train_chain'):
            more = ['any.pth'] if tool in ('test', 'export') else []
            assert name in sentence(tool, name, *more)


def test_a_wrong_test_and_export(sentence: Sentence, project: Path) -> None:
    import torch

    torch.save(dict(state_dict={'head.weight': torch.ones(3)}), 'any.pth')
    for option, said in {
        'test_dataloader.batch_size=0': 'test_dataloader.batch_size is 0',
        'test_dataloader.dataset.type=No': 'No is not in the registry of datasets',
        'test_evaluator=None': 'test_evaluator is missing',
        'model.head.decoder.type=MSRAHeatmp': '(did you mean MSRAHeatmap?)',
    }.items():
        assert said in sentence('test', project, 'any.pth', '--cfg-options', option)
    text = project.read_text().replace('HeatmapHead', 'HeatmapHaed')
    project.write_text(text)
    assert 'model.head: HeatmapHaed is not in' in sentence('export', project, 'any.pth')


def test_an_error_of_our_own_stays_a_traceback(
    run_tool: Callable[..., None], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fanet_mmpose.datasets import load_face_image

    source = 'def broken(self, **settings):\n    None["a"] = settings\n'
    code, found = compile(source, load_face_image.__file__, 'exec'), {}
    exec(code, found)
    monkeypatch.setattr(load_face_image.LoadFaceImage, '__init__', found['broken'])
    with pytest.raises(TypeError, match='item assignment'):
        run_tool('train', project)
