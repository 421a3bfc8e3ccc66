"""Zips to take along, the same for the same content."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the time of every file
_READABLE = (stat.S_IFREG | 0o644) << 16


def add_text(bundle: ZipFile, name: str, text: str) -> None:
    """A text as a file of the zip."""
    bundle.writestr(_entry(name), text.encode("utf-8", "replace"))


def add_file(bundle: ZipFile, path: Path) -> None:
    """A file, piece by piece; weights are as good as random, and nothing is won by packing them."""
    entry = _entry(path.name, packed=path.suffix != ".safetensors")
    entry.file_size = path.stat().st_size
    with path.open("rb") as source, bundle.open(entry, "w") as target:
        shutil.copyfileobj(source, target, 2**20)


def _entry(name: str, *, packed: bool = True) -> ZipInfo:
    entry = ZipInfo(name, _EPOCH)
    entry.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
    entry.external_attr = _READABLE
    return entry
