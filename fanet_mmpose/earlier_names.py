"""Names that have changed: the earlier ones work for one release, and each warns once.

The one table of modules, configs and their settings, parts, tools, arguments, command-line options
and state-dict keys. It is imported at Python's start (`base_configs`), so nothing but `sys` is
imported at the top.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # as typing's, without importing typing
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from pathlib import Path
    from types import ModuleType
    from typing import Any, TypeVar

    Part = TypeVar('Part', bound=type)

# Modules of the package; those below them moved along. Studies are modules of a checkout now.
MODULES = {
    'fanet_mmpose.arena': 'projects.arena',
    'fanet_mmpose.arena.parts': 'projects.handcrafted_features.parts',
    'fanet_mmpose.corpus.cluster.options': 'fanet_mmpose.corpus.settings',
    'fanet_mmpose.corpus.interrupt': 'fanet_mmpose.corpus.run',
    'fanet_mmpose.datasets.coco_file': 'fanet_mmpose.coco_file',
    'fanet_mmpose.datasets.converters.atomic': 'fanet_mmpose.files',
    'fanet_mmpose.datasets.converters.custom_pts': 'fanet_mmpose.datasets.converters.pts',
    'fanet_mmpose.datasets.keypoint_pictures': 'projects.handcrafted_features.keypoint_pictures',
    'fanet_mmpose.datasets.pipeline_speed': 'projects.speed.dataloading_speed',
    'fanet_mmpose.datasets.scenes': 'projects.face_detector.scenes',
    'fanet_mmpose.datasets.synthetic': 'fanet_mmpose.synthetic',
    'fanet_mmpose.deploy.detector_export': 'projects.face_detector.detector_export',
    'fanet_mmpose.deploy.detector_network': 'projects.face_detector.detector_network',
    'fanet_mmpose.deploy.face_fit': 'fanet_mmpose.deploy.model_info',
    'fanet_mmpose.deploy.roofline': 'projects.speed.roofline',
    'fanet_mmpose.deploy.stamp_fit': 'projects.face_detector.face_chance.stamp_fit',
    'fanet_mmpose.discovery': 'projects.discovery',
    'fanet_mmpose.discovery.collapse': 'projects.discovery.collapse_hook',
    'fanet_mmpose.discovery.read_out': 'projects.discovery.linear_probe',
    'fanet_mmpose.engine.autocast_optim_wrapper': 'fanet_mmpose.engine.mixed_precision',
    'fanet_mmpose.engine.cached_agreement': 'fanet_mmpose.engine.agreement',
    'fanet_mmpose.engine.channels_last_hook': 'fanet_mmpose.engine.mixed_precision',
    'fanet_mmpose.engine.codec_agreement': 'fanet_mmpose.engine.agreement',
    'fanet_mmpose.engine.finite_loss_hook': 'fanet_mmpose.engine.loss_hooks',
    'fanet_mmpose.engine.mean_losses_hook': 'fanet_mmpose.engine.loss_hooks',
    'fanet_mmpose.engine.metric_names': 'fanet_mmpose.engine.agreement',
    'fanet_mmpose.engine.training_speed': 'projects.speed.training_speed',
    'fanet_mmpose.evaluation.face_scores': 'projects.face_detector.face_scores',
    'fanet_mmpose.evaluation.far_faces': 'projects.face_detector.far_faces',
    'fanet_mmpose.evaluation.flicker': 'projects.video_study.flicker',
    'fanet_mmpose.evaluation.moving_camera': 'projects.video_study.moving_camera',
    'fanet_mmpose.evaluation.pipeline_score': 'fanet_mmpose.evaluation.inference_score',
    'fanet_mmpose.evaluation.robustness.report': 'fanet_mmpose.evaluation.robustness.study',
    'fanet_mmpose.evaluation.training_record': 'projects.release.training_record',
    'fanet_mmpose.evaluation.video_study': 'projects.video_study.video_study',
    'fanet_mmpose.geometry.schemas.find': 'fanet_mmpose.geometry.schemas',
    'fanet_mmpose.hosts': 'fanet_mmpose.dependencies',
    'fanet_mmpose.inference.boxes': 'fanet_mmpose.geometry.boxes',
    'fanet_mmpose.inference.detectors.benchmark': 'projects.face_detector.benchmark',
    'fanet_mmpose.inference.detectors.hog_training': 'projects.face_detector.hog_training',
    'fanet_mmpose.inference.detectors.search_options': 'projects.face_detector.search_options',
    'fanet_mmpose.inference.detectors.whole_image': 'fanet_mmpose.inference.detectors.precomputed',
    'fanet_mmpose.inference.filters.observation': 'fanet_mmpose.inference.filters.filter',
    'fanet_mmpose.inference.filters.similarity': 'fanet_mmpose.geometry.similarity',
    'fanet_mmpose.inference.images': 'fanet_mmpose.images',
    'fanet_mmpose.inference.opencv_log': 'fanet_mmpose.native_libraries',
    'fanet_mmpose.labelling.choice_study': 'projects.label_study.choice_study',
    'fanet_mmpose.labelling.earlier': 'fanet_mmpose.labelling.lists',
    'fanet_mmpose.labelling.rehearsal': 'projects.label_study.rehearsal',
    'fanet_mmpose.labelling.skipped': 'fanet_mmpose.labelling.lists',
    'fanet_mmpose.marked_text': 'projects.marked_text',
    'fanet_mmpose.mean_teacher': 'fanet_mmpose.semi',
    'fanet_mmpose.models.extractors': 'projects.handcrafted_features.extractors',
    'fanet_mmpose.models.ssd_head': 'projects.face_detector.ssd_head',
    'fanet_mmpose.pipeline': 'fanet_mmpose.inference',
    'fanet_mmpose.semi.teaching': 'fanet_mmpose.semi.pseudo_labels',
    'fanet_mmpose.serve.announcing_server': 'fanet_mmpose.serve.http_server',
    'fanet_mmpose.serve.patient_protocol': 'fanet_mmpose.serve.http_server',
    'fanet_mmpose.serve.pixel_budget': 'fanet_mmpose.serve.pictures',
    'fanet_mmpose.serve.shield': 'fanet_mmpose.serve.route_filter',
    'fanet_mmpose.synthetic.patch': 'fanet_mmpose.synthetic.layers',
    'fanet_mmpose.threads': 'fanet_mmpose.native_libraries',
    'fanet_mmpose.weights.calibrate_scale': 'projects.release.calibrate_scale',
    'fanet_mmpose.weights.detectors.metafile': 'projects.face_detector.metafile',
    'fanet_mmpose.weights.publish': 'projects.release.publish',
}
# Names within a module as it is called now.
ATTRIBUTES = {
    'fanet_mmpose.evaluation.inference_score': {'score_pipeline': 'score_inference'},
    'fanet_mmpose.evaluation.records': {'FaceRecord': 'ScoredFace'},
    'fanet_mmpose.geometry.boxes': {'common': 'ios', 'distinct': 'nms', 'overlap': 'max_iou'},
    'fanet_mmpose.semi.pseudo_labels': {'teach': 'pseudo_label', 'trust': 'confidence'},
    'fanet_mmpose.serve.route_filter': {'Shield': 'RouteFilter'},
    'projects.face_detector.ssd_head': {'MendedSSDHead': 'PatchedSSDHead'},
}
# Recipes below `configs/`: what their paths begin with. Those of studies are in a checkout alone.
CONFIGS = {
    'few_labels/': 'semi/few_labels/',
    'own_faces/': 'semi/own_faces/',
    'named_points/': 'semi/named_points/',
    'fanet_semi_300w_': 'semi/fanet_semi_300w_',
    'ablation/': '../projects/arena/configs/ablation/',
    'arena/': '../projects/arena/configs/arena/',
    'detectors/': '../projects/face_detector/configs/',
    'extractors/': '../projects/handcrafted_features/configs/extractors/',
    'regressors/': '../projects/handcrafted_features/configs/regressors/',
    'fanet_unsupervised': '../projects/discovery/configs/fanet_unsupervised',
    '_base_/arena_300w': '../projects/arena/configs/_base_/arena_300w',
    '_base_/detectors/face': '../projects/face_detector/configs/_base_/face',
    '_base_/models/peer': '../projects/arena/configs/_base_/baseline',
    '_base_/read_out': '../projects/discovery/configs/_base_/linear_probe',
    '_base_/unlabelled': '../projects/discovery/configs/_base_/unlabelled',
}
# Settings at the top of a config.
SETTINGS = {'read_out': 'linear_probe'}
# Files of `tools/`: where below it they are.
TOOLS = {
    'benchmark.py': 'analysis_tools/benchmark.py',
    'box_jitter.py': 'analysis_tools/box_jitter.py',
    'compare_mediapipe.py': 'analysis_tools/compare_mediapipe.py',
    'detect_boxes.py': 'misc/detect_boxes.py',
    'export.py': 'deployment/export.py',
    'harmonize_labels.py': 'dataset_converters/harmonize_labels.py',
    'make_synthetic.py': 'dataset_converters/make_synthetic.py',
    'own_boxes.py': 'misc/own_boxes.py',
    'prepare_dataset.py': 'dataset_converters/prepare_dataset.py',
    'propose_labels.py': 'misc/propose_labels.py',
    'report.py': 'analysis_tools/report.py',
    'score_pipeline.py': 'analysis_tools/eval_inference.py',
    'split_error.py': 'analysis_tools/split_error.py',
}
# `type=` of a config.
TYPES = {'MendedSSDHead': 'PatchedSSDHead'}
# Parts of studies, which `fanet_mmpose.plugin` registered once: what registers them.
STUDY_TYPES = {
    **dict.fromkeys(
        ('CollapseHook', 'ConcentrationLoss', 'DiscoveredPointsHook', 'EquivarianceLoss',
         'ReconstructionLoss', 'SelfSupervisedFANet', 'SeparationLoss'),
        'projects.discovery.plugin',
    ),
    **dict.fromkeys(
        ('DenseLBP', 'DenseSIFT', 'HOG', 'HandcraftedBackbone'),
        'projects.handcrafted_features.plugin',
    ),
}  # fmt: skip
# Fields of options that are given by name.
ARGUMENTS = {'doubtful': 'min_score', 'max_overlap': 'max_iou'}
# Options of `fanet`: the words in their place.
OPTIONS = {'--no-smooth': ('--filter', 'none')}
# Module by the path of its attribute in the network -> attribute then, attribute now. These do not
# warn: weights that ship have them.
STATE_DICT_KEYS = {
    'attention.': {
        'merge.': 'output_proj.',
        'weigh.': 'evidence_embed.',
        'identity': 'landmark_embed',
        'relations.': 'encoder_layers.',
    },
    'pyramid.': {'identity.': 'proj.', 'scales.': 'branches.'},
    'neck.': {'merges.': 'top_down.'},
}

_warned: set[str] = set()


def warn_once(earlier: str, present: str) -> None:
    """Say, the first time in this process, what an earlier name is now."""
    if earlier not in _warned:
        import warnings

        _warned.add(earlier)
        warnings.warn(f'{earlier} is {present} now', FutureWarning, stacklevel=3)


def present_config(name: str) -> str:
    """The present path below `configs/` of a recipe."""
    for then, now in CONFIGS.items():
        if name.startswith(then):
            present = now + name.removeprefix(then)
            warn_once(f'configs/{name}', f'configs/{present}'.removeprefix('configs/../'))
            return present
    return name


def present_config_file(path: str | Path) -> Path:
    """Where a config lies now that was below a folder `configs/`; a file that is there stays."""
    from os.path import normpath
    from pathlib import Path

    path = Path(path)
    folders = path.parts[:-1]
    if path.exists() or 'configs' not in folders:
        return path
    depth = len(folders) - folders[::-1].index('configs')
    name = present_config('/'.join(path.parts[depth:]))
    present = Path(normpath(Path(*folders[:depth], name)))
    return present if present.is_file() else path


def accept_earlier_settings(config: Any) -> None:
    """Let settings of an MMEngine `Config` count by their earlier names, in place."""
    for then, now in SETTINGS.items():
        if then in config:
            warn_once(f'the setting {then}', now)
            config.merge_from_dict({now: config.pop(then)})


def accept_earlier_types(registry: Any) -> Callable[[Part], Part]:
    """Class decorator: the registry builds the part by its earlier names, too."""

    def accept(part: Part) -> Part:
        for then in (then for then, now in TYPES.items() if now == part.__name__):

            def build(*args: Any, name: str = then, **kwargs: Any) -> Any:
                warn_once(f"type='{name}'", part.__name__)
                return part(*args, **kwargs)

            registry.register_module(name=then, module=build)
        return part

    return accept


def earlier_attribute(module: str, name: str) -> Any:
    """`__getattr__` of a module whose names changed; an unknown name is an AttributeError."""
    if name not in ATTRIBUTES[module]:
        raise AttributeError(f'module {module!r} has no attribute {name!r}')
    present = ATTRIBUTES[module][name]
    warn_once(f'{module}.{name}', f'{module}.{present}')
    return getattr(sys.modules[module], present)


def present_options(words: Sequence[str]) -> list[str]:
    """A command line's words with the present options in place of earlier ones."""
    given = []
    for word in words:
        if word in OPTIONS:
            warn_once(word, ' '.join(OPTIONS[word]))
        given += OPTIONS.get(word, (word,))
    return given


def accept_earlier_arguments(cls: type) -> type:
    """Class decorator: earlier names of arguments that are given by name are taken as well."""
    init = cls.__init__

    def renamed_init(self: Any, *args: Any, **kwargs: Any) -> None:
        for then in ARGUMENTS.keys() & kwargs.keys():
            warn_once(then, ARGUMENTS[then])
            kwargs[ARGUMENTS[then]] = kwargs.pop(then)
        init(self, *args, **kwargs)

    renamed_init.__wrapped__ = init  # the signature that `inspect` shows
    cls.__init__ = renamed_init  # type: ignore[misc]
    return cls


class EarlierModules:
    """Finds modules by their earlier names. Python asks it last, where nobody else knows one."""

    @staticmethod
    def find_spec(
        fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A module without a file that takes every name from the present one."""
        for then in sorted(MODULES, key=len, reverse=True):
            if f'{fullname}.'.startswith(f'{then}.'):
                from importlib.machinery import ModuleSpec

                warn_once(then, MODULES[then])
                present = _import_present(fullname, MODULES[then] + fullname.removeprefix(then))
                return ModuleSpec(fullname, _Forward(present), is_package=True)
        return None


def _import_present(earlier: str, present: str) -> ModuleType:
    from importlib import import_module

    try:
        return import_module(present)
    except ModuleNotFoundError as error:
        if error.name != 'projects':
            raise
        raise ModuleNotFoundError(
            f'{earlier} is {present} now, of a checkout: put that on PYTHONPATH', name=earlier
        ) from error


class _Forward:
    """The loader of such a module."""

    def __init__(self, present: ModuleType) -> None:
        self.present = present

    def create_module(self, spec: ModuleSpec) -> None:
        """Python makes an empty one."""

    def exec_module(self, module: ModuleType) -> None:
        present = self.present
        renamed = ATTRIBUTES.get(present.__name__, {})
        module.__getattr__ = (  # type: ignore[method-assign]
            lambda name: getattr(present, renamed.get(name, name))
        )


def install() -> None:
    """Let Python find modules by their earlier names. Calling it again is harmless."""
    if EarlierModules not in sys.meta_path:
        sys.meta_path.append(EarlierModules)
