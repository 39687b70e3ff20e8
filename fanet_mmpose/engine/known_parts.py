"""Which parts a registry knows, and the sentence for a name that it does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmengine.registry import Registry

from fanet_mmpose.earlier_names import STUDY_TYPES
from fanet_mmpose.engine.config_fields import nearest
from fanet_mmpose.errors import UserError


def known_names(registry: Registry) -> set[str]:
    """Names that a registry and those above it know."""
    names: set[str] = set()
    node: Registry | None = registry
    while node is not None:
        node.import_from_location()
        names |= set(node.module_dict)
        node = node.parent
    return names


def is_known(name: str, registry: Registry) -> bool:
    """Whether a registry builds something of that name; full Python names count."""
    try:
        return registry.get(name) is not None
    except RuntimeError:  # some versions of MMEngine, where a name has no dot
        return False


def unknown_part(name: str, registry: Registry, where: str) -> UserError:
    """The sentence for a type that is not registered."""
    if name in STUDY_TYPES:
        return UserError(
            f'{where}: {name} is part of a study now: add {STUDY_TYPES[name]!r} to the imports of '
            'custom_imports, and put the checkout on PYTHONPATH'
        )
    return UserError(
        f'{where}: {name} is not in the registry of {registry.name}s'
        f'{nearest(name, known_names(registry))}: correct its name, or import it in custom_imports'
    )


def find_class(name: Any, registry: Registry, where: str) -> Any:
    """The class of a part's `type`, which may be the class itself.

    Raises `UserError` for a name that is not registered.
    """
    if not isinstance(name, str):
        return name
    if not is_known(name, registry):
        raise unknown_part(name, registry, where)
    return registry.get(name)


def check_optimizer(config: Mapping[str, Any]) -> None:
    """Raise `UserError` where `optim_wrapper.optimizer` names no optimizer.

    MMEngine looks it up outside its builders and then fails in another place.
    """
    from mmpose.registry import OPTIMIZERS

    optimizer = config['optim_wrapper'].get('optimizer')
    if hasattr(optimizer, 'get') and optimizer.get('type'):
        find_class(optimizer['type'], OPTIMIZERS, 'optim_wrapper.optimizer')
