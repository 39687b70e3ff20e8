"""Models of the Hugging Face hub, through its own client and its own cache."""

from __future__ import annotations

from pathlib import Path

from fanet_mmpose.errors import UserError
from fanet_mmpose.weights.cache import is_offline
from fanet_mmpose.weights.repository import CONFIG, MODELS


def hub_folder(name: str, revision: str | None, backend: str, offline: bool = False) -> Path:
    """The local folder with `config.json` and the network of a model on the hub.

    Args:
        name: ``owner/name``.
        revision: branch, tag or commit; None: the main branch.
        backend: of `MODELS`.
        offline: whether only the client's cache may be asked.

    Raises:
        UserError: huggingface_hub is missing, there is no such model or revision, it is not in
            the cache where offline, or the hub cannot be reached.
    """
    try:
        from huggingface_hub import errors, snapshot_download
    except ImportError as error:
        raise UserError(
            f'{name}: huggingface_hub is missing: pip install huggingface_hub'
        ) from error
    offline = offline or is_offline()
    wanted = [CONFIG, MODELS.get(backend, CONFIG)]
    place = f'{name}@{revision}' if revision else name
    try:
        return Path(
            snapshot_download(
                name, revision=revision, local_files_only=offline, allow_patterns=wanted
            )
        )
    except (errors.RepositoryNotFoundError, errors.RevisionNotFoundError) as error:
        raise UserError(f'{place}: the hub has no such model or revision') from error
    except Exception as error:  # the client's, and those of the libraries below it
        if offline:
            why = "is not in huggingface_hub's cache, and offline nothing is fetched"
        else:
            why = f'cannot be fetched from the hub ({_first_line(error)}): is there a network?'
        raise UserError(f'{place}: {why}') from error


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
