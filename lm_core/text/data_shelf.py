"""Files that readers brought, kept by what is in them: an address names one by its hash, and equal files are one."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from lm_core.errors import InputError
from lm_core.text.places import data_folder, in_the_way

MOST_FILES = 500
MOST_BYTES = 200_000_000

_KEY = re.compile(r"[0-9a-f]{64}")
_DRAFT = "draft-"  # begins the name of a file that is being written, or that nobody finished


@dataclass(frozen=True)
class DataShelf:
    """A folder of files that are never changed; those not read for the longest time make room for new ones."""

    folder: Path
    most_files: int = MOST_FILES
    most_bytes: int = MOST_BYTES

    def put(self, data: bytes) -> str:
        """Keep a file, whole or not at all; its key is the SHA-256 of what is in it.

        Raises:
            InputError: it cannot be written, or is larger than the shelf.
        """
        key = sha256(data).hexdigest()
        path = self.folder / key
        try:
            if path.exists():
                path.touch()
            else:
                self._make_room(len(data))
                self._write(path, data)
        except OSError as error:
            raise InputError("The data cannot be kept here: {reason}.", reason=error.strerror or error) from error
        return key

    def get(self, key: str) -> bytes:
        """The file with this key.

        Raises:
            InputError: the key is none, or the file is not here any more.
        """
        gone = InputError("The data that the address names are not kept here any more. Bring them again.")
        if not _KEY.fullmatch(key):
            raise gone
        path = self.folder / key
        try:
            data = path.read_bytes()
        except OSError as error:
            raise gone from error
        if sha256(data).hexdigest() != key:  # somebody else has written here: the next `put` must not take it for ours
            with suppress(OSError):
                path.unlink()
            raise gone
        with suppress(OSError):
            path.touch()
        return data

    def _write(self, path: Path, data: bytes) -> None:
        """Under another name first: nobody reads half a file."""
        handle, draft = tempfile.mkstemp(dir=self.folder, prefix=_DRAFT)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(draft).replace(path)
        except OSError:
            Path(draft).unlink(missing_ok=True)
            raise

    def _make_room(self, needed: int) -> None:
        """Take away files, those not read for the longest time first, until a new one fits."""
        if needed > self.most_bytes:
            raise InputError("The file is larger than all that can be kept here.")
        self.folder.mkdir(parents=True, exist_ok=True)
        for oldest in in_the_way(self._files(), needed, most=self.most_files, most_bytes=self.most_bytes):
            oldest.unlink(missing_ok=True)

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """When each was read last, how long it is, and where it lies."""
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):  # another process has made room, too
                if _KEY.fullmatch(path.name) or path.name.startswith(_DRAFT):
                    found = path.stat()
                    yield found.st_mtime, found.st_size, path


def data_shelf() -> DataShelf:
    """The shelf of this machine."""
    return DataShelf(data_folder())
