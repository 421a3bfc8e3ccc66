"""Models that readers bring back as a zip: unpacked with distrust, loaded once to check them, and kept."""

from __future__ import annotations

import lzma
import os
import re
import shutil
import stat
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from lm_core.checkpoints.folders import label_names, load_checkpoint, load_classification_checkpoint
from lm_core.errors import CheckpointError, InputError
from lm_core.text.places import in_the_way

MOST_BYTES = 600_000_000  # of one model, unpacked: a BERT-base in float32 has 440 MB
MOST_TEXT = 20_000_000  # of one of its other files
MOST_MODELS, MOST_BYTES_OF_ALL = 40, 6_000_000_000
_MOST_ENTRIES = 40
_CHUNK = 2**20

WEIGHTS = ("model.safetensors", "pretraining_heads.safetensors")
TEXTS = ("config.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt")
"""What is unpacked of a zip."""

_PASSED_OVER = (
    "README.md",
    "plan.json",
    "metrics.csv",
    "held_out.csv",
    "film.safetensors",
    "special_tokens_map.json",
    "generation_config.json",
    ".gitattributes",
    ".DS_Store",
    "training_args.json",
)
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".h5", ".msgpack", ".npz")
_KEY = re.compile(r"[0-9a-f]{32}")
_DRAFT = "draft-"  # begins the name of a folder that is being filled


@dataclass(frozen=True)
class SavedModels:
    """A folder of models, each in a folder named by its hash; those not asked for longest make room for new ones."""

    folder: Path
    most_models: int = MOST_MODELS
    most_bytes: int = MOST_BYTES_OF_ALL

    def put(self, file: BinaryIO) -> str:
        """Unpack a zip, load what is in it once, and keep it; its key is a hash of its files.

        Args:
            file: of the zip; it has to be seekable.

        Raises:
            InputError: it is no zip, holds what does not belong to a model, or is too large.
            CheckpointError: what is in it is not a BERT that this code computes.
        """
        with self._draft() as draft:
            _unpack(file, draft)
            _check(draft)
            key = _key_of(draft)
            place = self.folder / key
            if place.is_dir():
                os.utime(place)
            else:
                self._make_room(_size(draft))
                with suppress(FileExistsError):
                    draft.rename(place)
        return key

    def place_of(self, key: str) -> Path:
        """The folder of the model with this key.

        Raises:
            InputError: the key is none, or the model is not here any more.
        """
        place = self.folder / key
        if not _KEY.fullmatch(key) or not place.is_dir():
            raise InputError("The model {key} is not kept here any more. Bring its zip again.", key=key)
        with suppress(OSError):
            os.utime(place)
        return place

    @contextmanager
    def _draft(self) -> Iterator[Path]:
        """A folder to fill; what is still there in the end is taken away."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(dir=self.folder, prefix=_DRAFT))
        except OSError as error:
            raise InputError("The model cannot be kept here: {reason}.", reason=error.strerror or error) from error
        try:
            yield draft
        except OSError as error:
            raise InputError("The model cannot be kept here: {reason}.", reason=error.strerror or error) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _make_room(self, needed: int) -> None:
        """Take away models, those not asked for longest first, until a new one fits."""
        kept = []
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):  # another process has made room, too
                if _KEY.fullmatch(path.name):
                    kept.append((path.stat().st_mtime, _size(path), path))
        for oldest in in_the_way(kept, needed, most=self.most_models, most_bytes=self.most_bytes):
            shutil.rmtree(oldest, ignore_errors=True)


def _unpack(file: BinaryIO, folder: Path) -> None:
    """Write the files of a model out of a zip, under names of ours and no further than the limits.

    Nothing that the zip says of itself is believed: names are compared and never joined to a path, and bytes are
    counted as they come.
    """
    try:
        with ZipFile(file) as bundle:
            for name, entry in _files_of(bundle).items():
                _copy(bundle, entry, folder / name, MOST_BYTES if name in WEIGHTS else MOST_TEXT)
    except (BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, RuntimeError) as error:
        raise InputError("This is no zip that can be read: {reason}.", reason=error) from error
    if not (folder / "model.safetensors").is_file() or not (folder / "config.json").is_file():
        raise InputError("There is no model in this zip: config.json and model.safetensors are needed.")


def _files_of(bundle: ZipFile) -> dict[str, ZipInfo]:
    """The entries to be unpacked, by their names in the folder of the model.

    Raises:
        InputError: there is something that has no place there.
    """
    entries = [entry for entry in bundle.infolist() if not _is_apples(entry.filename)]
    if len(entries) > _MOST_ENTRIES:
        raise InputError("The zip holds {count} files: a model has fewer.", count=len(entries))
    found: dict[str, ZipInfo] = {}
    folders: set[tuple[str, ...]] = set()
    for entry in entries:
        path = PurePosixPath(entry.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename:
            raise InputError("The zip holds a file that points outside of it: {name}.", name=entry.filename)
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise InputError("The zip holds a link or a device, not a file: {name}.", name=entry.filename)
        if entry.flag_bits & 1:
            raise InputError("The zip is locked with a password: save it without one.")
        if entry.is_dir():
            continue
        if path.suffix in _PICKLES:
            raise InputError(
                "The zip holds {name}, and such a file can run any program when it is opened. Only safetensors "
                "is read: "
                "save the model as model.safetensors.",
                name=path.name,
            )
        if path.name not in (*WEIGHTS, *TEXTS, *_PASSED_OVER):
            raise InputError("The zip holds {name}, which is no part of a model.", name=entry.filename)
        folders.add(path.parts[:-1])
        if path.name in (*WEIGHTS, *TEXTS):
            if path.name in found:
                raise InputError("The zip holds {name} twice.", name=path.name)
            found[path.name] = entry
    if len(folders) > 1 or any(len(parts) > 1 for parts in folders):
        raise InputError("The zip holds several folders: a model is one folder of files.")
    return found


def _is_apples(name: str) -> bool:
    """What macOS adds to each zip that it makes."""
    return name.startswith("__MACOSX/")


def _copy(bundle: ZipFile, entry: ZipInfo, target: Path, most: int) -> None:
    """One file, a piece at a time, until it ends or is too large."""
    written = 0
    with bundle.open(entry) as source, target.open("xb") as file:
        while piece := source.read(_CHUNK):
            written += len(piece)
            if written > most:
                raise InputError(
                    "{name} is larger than the {most} MB that are taken.", name=target.name, most=most // 1_000_000
                )
            file.write(piece)


def _check(folder: Path) -> None:
    """Load the model once: as a language model, and where it labels texts as a classifier.

    Raises:
        CheckpointError: it cannot be loaded; the message names files, and no place on this machine.
    """
    try:
        load_checkpoint(folder)
        if (folder / WEIGHTS[1]).is_file():
            model, _ = load_classification_checkpoint(folder)
            labels = label_names(folder)
            if len(labels) != model.classifier.out_features or len(set(labels)) != len(labels):
                raise CheckpointError(
                    "{file} names {names} labels, and the model has {outputs}.",
                    file=folder / "config.json",
                    names=len(set(labels)),
                    outputs=model.classifier.out_features,
                )
    except CheckpointError as error:
        named = {key: _plain(value, folder) for key, value in error.fields.items()}
        raise CheckpointError(error.template, **named) from error


def _plain(value: object, folder: Path) -> object:
    """A field of an error without the place of a draft on this machine."""
    if isinstance(value, (int, float)):
        return value
    if value == folder:
        return "the zip"
    return str(value).replace(f"{folder}{os.sep}", "").replace(str(folder), "the zip")


def _key_of(folder: Path) -> str:
    """A hash of the files that make the model."""
    whole = sha256()
    for name in (*WEIGHTS, *TEXTS):
        if (folder / name).is_file():
            with (folder / name).open("rb") as file:
                whole.update(f"{name} {(folder / name).stat().st_size} ".encode())
                for piece in iter(lambda: file.read(_CHUNK), b""):
                    whole.update(piece)
    return whole.hexdigest()[:32]


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())
