from __future__ import annotations

import os
from pathlib import Path

import pytest

from lm_core.errors import InputError
from lm_core.text.data_shelf import DataShelf
from lm_core.text.places import HOME, data_folder, home_folder, runs_folder


def test_what_was_put_is_got_under_the_hash_of_its_content(tmp_path: Path) -> None:
    shelf = DataShelf(tmp_path / "deep" / "shelf")
    key = shelf.put(b"some data")
    assert shelf.get(key) == b"some data"
    assert shelf.put(b"some data") == key
    assert [path.name for path in shelf.folder.iterdir()] == [key]


@pytest.mark.parametrize(
    "key", ["", "../secret", "/etc/passwd", "..", "a" * 64, "A" * 64, "0" * 63, "0" * 65, "\0", f"{'0' * 64}\n"]
)
def test_no_key_but_one_of_its_own_opens_a_file(tmp_path: Path, key: str) -> None:
    (tmp_path / "secret").write_text("secret")
    shelf = DataShelf(tmp_path / "shelf")
    shelf.put(b"x")
    with pytest.raises(InputError, match="not kept here any more"):
        shelf.get(key)


def test_a_file_that_somebody_changed_is_not_given_out(tmp_path: Path) -> None:
    shelf = DataShelf(tmp_path)
    key = shelf.put(b"true")
    (tmp_path / key).write_bytes(b"false")
    with pytest.raises(InputError):
        shelf.get(key)
    assert shelf.get(shelf.put(b"true")) == b"true"


def test_the_file_not_read_for_the_longest_time_makes_room(tmp_path: Path) -> None:
    shelf = DataShelf(tmp_path, most_files=3, most_bytes=10)
    keys = [shelf.put(data) for data in (b"aaa", b"bbb", b"ccc")]
    for age, key in enumerate(keys):
        os.utime(tmp_path / key, (age, age))
    shelf.get(keys[0])
    keys.append(shelf.put(b"d"))  # a fourth file: the second goes
    assert {path.name for path in tmp_path.iterdir()} == {keys[0], keys[2], keys[3]}
    keys.append(shelf.put(b"eeeeee"))  # 13 bytes with it: the third goes
    assert {path.name for path in tmp_path.iterdir()} == {keys[0], keys[3], keys[4]}
    with pytest.raises(InputError, match="larger than all"):
        shelf.put(b"f" * 11)
    assert shelf.get(keys[0]) == b"aaa"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(InputError, match="cannot be kept here"):
        DataShelf(tmp_path / "file").put(b"x")


def test_everything_lies_under_the_folder_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME, str(tmp_path))
    assert home_folder() == tmp_path
    assert {runs_folder().parent, data_folder().parent} == {tmp_path}
    monkeypatch.delenv(HOME)
    assert home_folder().name == "lm-glassbox"
