"""A zip that is brought back is a model that answers as before; all else is refused, and nothing is left behind."""

from __future__ import annotations

import io
import json
import os
import pickle
import random
import stat
import struct
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
import torch

from lm_core import LanguageModel, load_pretrained
from lm_core.errors import CheckpointError, InputError, LMGlassboxError
from lm_core.runs.saved_models import SavedModels
from lm_core.training.classifier import load_classifier
from tests.lm_core.runs import taken as tiny
from tests.lm_core.runs.taken import Taken, take, zipped

Entries = dict[str, bytes]


@pytest.fixture(scope="module")
def taken(language_model: LanguageModel) -> Taken:
    return take(language_model)


@pytest.fixture(scope="module")
def entries(taken: Taken) -> Entries:
    with ZipFile(io.BytesIO(zipped(taken.run, with_film=True))) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


@pytest.fixture
def shelf(tmp_path: Path) -> SavedModels:
    return SavedModels(tmp_path / "models")


def bundled(entries: Entries, **more: bytes) -> io.BytesIO:
    out = io.BytesIO()
    with ZipFile(out, "w") as bundle:
        for name, data in {**entries, **more}.items():
            bundle.writestr(name, data)
    return out


@pytest.mark.parametrize("half", [True, False])
def test_what_was_taken_home_answers_as_before(taken: Taken, shelf: SavedModels, half: bool) -> None:
    key = shelf.put(io.BytesIO(zipped(taken.run, half=half)))
    texts = [text for text, _ in tiny.ROWS[:4]]
    loaded = load_classifier(shelf.place_of(key), device="cpu")
    tolerance = 0.02 if half else 1e-6
    torch.testing.assert_close(
        loaded.label_probs(texts), taken.run.classifier.label_probs(texts), atol=tolerance, rtol=0
    )
    assert load_pretrained(shelf.place_of(key), device="cpu").fill_mask("The [MASK] sat.")


def test_the_same_model_is_kept_once_whatever_its_zip_looks_like(entries: Entries, shelf: SavedModels) -> None:
    keys = {
        shelf.put(bundled(entries)),
        shelf.put(bundled({f"my model/{name}": data for name, data in entries.items()})),
        shelf.put(bundled({**entries, "__MACOSX/._config.json": b"?", ".DS_Store": b"?"})),
        shelf.put(bundled({name: data for name, data in entries.items() if name != "README.md"})),
    }
    assert len(keys) == 1
    assert [path.name for path in shelf.folder.iterdir()] == [*keys]


def test_a_checkpoint_for_pretraining_is_taken_too(checkpoint: Path, shelf: SavedModels) -> None:
    files = {path.name: path.read_bytes() for path in checkpoint.iterdir()}
    assert shelf.place_of(shelf.put(bundled(files))).is_dir()


def without(entries: Entries, name: str) -> Entries:
    return {other: data for other, data in entries.items() if other != name}


def linked(entries: Entries) -> io.BytesIO:
    out = bundled(without(entries, "vocab.txt"))
    with ZipFile(out, "a") as bundle:
        link = ZipInfo("vocab.txt")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        bundle.writestr(link, "/etc/passwd")
    return out


def twice(entries: Entries) -> io.BytesIO:
    out = bundled(entries)
    with pytest.warns(UserWarning, match="Duplicate"), ZipFile(out, "a") as bundle:
        bundle.writestr("config.json", b"{}")
    return out


def bomb(entries: Entries) -> io.BytesIO:
    out = bundled(without(entries, "vocab.txt"))
    with ZipFile(out, "a", ZIP_DEFLATED) as bundle, bundle.open("vocab.txt", "w") as file:
        for _ in range(30):
            file.write(bytes(10**6))
    return out


def locked(entries: Entries) -> io.BytesIO:
    data = bytearray(bundled(entries).getvalue())
    place = data.find(b"PK\x01\x02")
    data[place + 8] |= 1  # of the first file's entry in the directory: encrypted
    return io.BytesIO(bytes(data))


def configured(**settings: object) -> Callable[[Entries], io.BytesIO]:
    def change(entries: Entries) -> io.BytesIO:
        config = {**json.loads(entries["config.json"]), **settings}
        return bundled({**entries, "config.json": json.dumps(config).encode()})

    return change


def with_header(header: bytes) -> Callable[[Entries], io.BytesIO]:
    return lambda entries: bundled({**entries, "model.safetensors": struct.pack("<Q", len(header)) + header})


REFUSED: dict[str, tuple[Callable[[Entries], io.BytesIO], str]] = {
    "no zip": (lambda _: io.BytesIO(b"hello"), "no zip"),
    "nothing": (lambda _: io.BytesIO(b""), "no zip"),
    "empty zip": (lambda _: bundled({}), "no model in this zip"),
    "cut off": (lambda entries: io.BytesIO(bundled(entries).getvalue()[:-100]), "no zip"),
    "a way up": (lambda entries: bundled({**entries, "../config.json": b"{}"}), "outside"),
    "a way up within": (lambda entries: bundled({**entries, "a/../../vocab.txt": b""}), "outside"),
    "a root": (lambda entries: bundled({**entries, "/etc/vocab.txt": b""}), "outside"),
    "a drive": (lambda entries: bundled({**entries, "C:/vocab.txt": b""}), "outside"),
    "backslashes": (lambda entries: bundled({**entries, "..\\vocab.txt": b""}), "outside"),
    "a link": (linked, "link"),
    "a password": (locked, "password"),
    "one file twice": (twice, "twice"),
    "a bomb": (bomb, "larger than"),
    "a pickle": (lambda entries: bundled({**entries, "pytorch_model.bin": pickle.dumps({})}), "any program"),
    "a pickle for a model": (
        lambda entries: bundled({**without(entries, "model.safetensors"), "model.safetensors": pickle.dumps({})}),
        "damaged",
    ),
    "a program": (lambda entries: bundled({**entries, "setup.py": b"print()"}), "no part of a model"),
    "many files": (lambda entries: bundled({**entries, **{f"{n}/README.md": b"" for n in range(50)}}), "files"),
    "two folders": (lambda entries: bundled({**entries, "other/README.md": b""}), "several folders"),
    "no config": (lambda entries: bundled(without(entries, "config.json")), "no model in this zip"),
    "no weights": (lambda entries: bundled(without(entries, "model.safetensors")), "no model in this zip"),
    "no tokenizer": (
        lambda entries: bundled(without(without(entries, "tokenizer.json"), "vocab.txt")),
        "tokenizer",
    ),
    "no heads": (lambda entries: bundled(without(entries, "pretraining_heads.safetensors")), "Missing"),
    "another architecture": (configured(model_type="gpt2"), "gpt2"),
    "another size": (configured(hidden_size=48), "not the model"),
    "a huge size": (configured(hidden_size=9_999_996, num_attention_heads=4), "not the model"),
    "many layers": (configured(num_hidden_layers=1_000_000), "layers"),
    "no size": (configured(hidden_size="big"), "makes no sense"),
    "a label too many": (configured(id2label={"0": "a", "1": "b", "2": "c"}), "labels"),
    "two labels alike": (configured(id2label={"0": "a", "1": "a"}), "labels"),
    "no labels": (configured(id2label=None), "labels"),
    "config no JSON": (lambda entries: bundled({**entries, "config.json": b"\xff{"}), "JSON"),
    "config too deep": (lambda entries: bundled({**entries, "config.json": b"[" * 100_000}), "JSON"),
    "tokenizer no JSON": (lambda entries: bundled({**entries, "tokenizer.json": b"{}"}), "tokenizer"),
    "a lying header": (
        with_header(b'{"x":{"dtype":"F32","shape":[99999999],"data_offsets":[0,399999996]}}'),
        "damaged",
    ),
    "no header": (with_header(b"hello"), "damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_model_is_refused_with_a_sentence_and_leaves_nothing(
    entries: Entries, shelf: SavedModels, tmp_path: Path, name: str
) -> None:
    make, told = REFUSED[name]
    with pytest.raises((InputError, CheckpointError)) as refused:
        shelf.put(make(entries))
    assert told in str(refused.value)
    assert str(tmp_path) not in str(refused.value), "a place on the server"
    assert not [*shelf.folder.iterdir()]
    assert [path.name for path in tmp_path.iterdir()] == ["models"]


def test_a_zip_with_any_byte_changed_is_taken_or_refused_and_never_anything_else(
    entries: Entries, shelf: SavedModels
) -> None:
    whole = bundled(entries).getvalue()
    chance = random.Random(0)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            data[chance.choice([chance.randrange(len(data)), -chance.randint(1, 2000)])] = chance.randrange(256)
        with suppress(LMGlassboxError):
            shelf.put(io.BytesIO(bytes(data)))


def test_a_name_that_is_no_key_finds_nothing_and_goes_nowhere(shelf: SavedModels) -> None:
    shelf.folder.mkdir(parents=True)
    for key in ("", "..", "../models", "0" * 31, "0" * 32, "A" * 32, "/etc", "0" * 31 + "\n"):
        with pytest.raises(InputError, match="not kept here"):
            shelf.place_of(key)


def test_the_models_unused_for_longest_make_room(language_model: LanguageModel, tmp_path: Path) -> None:
    shelf = SavedModels(tmp_path, most_models=2)
    bundles = [zipped(take(language_model, steps=steps).run) for steps in (1, 2, 3)]
    keys = [shelf.put(io.BytesIO(data)) for data in bundles[:2]]
    os.utime(tmp_path / keys[0], (1, 1))
    os.utime(tmp_path / keys[1], (2, 2))
    shelf.place_of(keys[0])  # asked for, and so the younger
    third = shelf.put(io.BytesIO(bundles[2]))
    assert {path.name for path in tmp_path.iterdir()} == {keys[0], third}


def test_stored_and_packed_files_are_read(entries: Entries, shelf: SavedModels) -> None:
    keys = set()
    for kind in (ZIP_STORED, ZIP_DEFLATED):
        out = io.BytesIO()
        with ZipFile(out, "w", kind) as bundle:
            for name, data in entries.items():
                bundle.writestr(name, data)
        keys.add(shelf.put(out))
    assert len(keys) == 1
