"""Fetch a checkpoint from the Hugging Face hub: safetensors, config and tokenizer, and nothing that could run."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lm_core.errors import HubError

NEEDED_FILES = ("config.json", "model.safetensors")
OPTIONAL_FILES = ("tokenizer.json", "tokenizer_config.json", "vocab.txt")


@dataclass(frozen=True)
class DownloadProgress:
    """How far the download of one file is."""

    file: str
    done: int  # bytes
    total: int | None  # bytes; None if the hub does not say


def download(
    name: str,
    *,
    on_progress: Callable[[DownloadProgress], None] | None = None,
    cache_dir: Path | None = None,
) -> Path:
    """Download what a checkpoint needs, or take it from the cache; without a network the cache alone.

    Args:
        name: "owner/name", or one of the hub's old short names such as "bert-base-uncased".
        on_progress: called now and then during each file; None shows a bar on the terminal.
        cache_dir: where downloads are kept; None means Hugging Face's own cache.

    Returns:
        The folder of one commit, with all files in it.

    Raises:
        HubError: the name is not on the hub, offers no safetensors, is gated, or cannot be reached and is not in
            the cache.
    """
    # Imported here so that a model from a folder does not wait for an HTTP library.
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError

    is_online = _is_online(name)
    folder, commit = None, None
    for file in (*NEEDED_FILES, *OPTIONAL_FILES):
        try:
            path = hf_hub_download(
                name,
                file,
                revision=commit,
                cache_dir=cache_dir,
                local_files_only=not is_online,
                tqdm_class=None if on_progress is None else _reporter(file, on_progress),
            )
        except EntryNotFoundError as error:
            if file in OPTIONAL_FILES:
                continue
            if not is_online:
                raise HubError(
                    "The hub cannot be reached, and {name} has not been downloaded before.", name=name
                ) from error
            raise HubError(
                "{name} offers no {file} on the hub. Only safetensors is read: a pickle can run any program.",
                name=name,
                file=file,
            ) from error
        except Exception as error:  # the library lets through whatever its HTTP client raises
            raise HubError("The download of {name} broke off: {reason}.", name=name, reason=error) from error
        folder = Path(path).parent
        commit = folder.name
    assert folder is not None
    return folder


def _is_online(name: str) -> bool:
    """Ask the hub once for the checkpoint; the download itself would try again for 20 seconds without a network.

    Raises:
        HubError: the hub answers that there is no such checkpoint, or that it is not for everybody.
    """
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.errors import (
        EntryNotFoundError,
        GatedRepoError,
        HFValidationError,
        RepositoryNotFoundError,
    )

    try:
        get_hf_file_metadata(hf_hub_url(name, "config.json"), timeout=10)
    except HFValidationError as error:
        raise HubError("{name} is neither a folder nor a name on the hub.", name=name) from error
    except GatedRepoError as error:
        raise HubError(
            "{name} is only given to people whom its owner admits: ask there, and log in to the hub.",
            name=name,
        ) from error
    except RepositoryNotFoundError as error:
        raise HubError("There is no model {name} on the hub, or it is private.", name=name) from error
    except EntryNotFoundError as error:
        raise HubError("{name} has no config.json on the hub.", name=name) from error
    except Exception:  # no network, a proxy's page, a hub that is down: in each case only the cache can help
        return False
    return True


def _reporter(file: str, on_progress: Callable[[DownloadProgress], None]) -> type:
    """A progress bar that calls a function instead of drawing itself."""
    from tqdm import tqdm  # type: ignore[import-untyped]

    class Reporter(tqdm):  # type: ignore[misc]
        def __init__(self, **options: object) -> None:
            super().__init__(**options | {"file": io.StringIO()})

        def display(self, *_: object, **__: object) -> bool:
            on_progress(DownloadProgress(file, int(self.n), self.total))
            return True

    return Reporter
