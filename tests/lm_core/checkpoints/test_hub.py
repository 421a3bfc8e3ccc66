"""The hub, played by a small server on this machine: what is fetched, what is not, and how failures are told."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import torch

from lm_core import DownloadProgress, HubError, load_pretrained

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class FakeHub(ThreadingHTTPServer):
    """Serves folders as the hub serves repositories."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.repositories: dict[str, Path] = {}
        self.gated: set[str] = set()
        self.asked_for: list[str] = []
        self.is_broken = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    """One request to /owner/name/resolve/revision/file."""

    server: FakeHub

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def do_HEAD(self) -> None:
        self.answer(with_body=False)

    def do_GET(self) -> None:
        self.answer(with_body=True)

    def answer(self, *, with_body: bool) -> None:
        name, _, rest = self.path.removeprefix("/").partition("/resolve/")
        file = rest.split("/", 1)[1]
        if self.server.is_broken:
            self.refuse(500, "")
        elif name in self.server.gated:
            self.refuse(403, "GatedRepo")
        elif name not in self.server.repositories:
            self.refuse(401, "RepoNotFound")
        elif not (path := self.server.repositories[name] / file).is_file():
            self.refuse(404, "EntryNotFound")
        else:
            content = path.read_bytes()
            self.send_response(200)
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if with_body:
                self.server.asked_for.append(file)
                self.wfile.write(content)

    def refuse(self, status: int, code: str) -> None:
        self.send_response(status)
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, checkpoint: Path) -> Iterator[FakeHub]:
    """A hub with one good checkpoint, tiny/bert, beside which lie things that must never be fetched."""
    import huggingface_hub.constants as constants

    with FakeHub() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setattr(constants, "ENDPOINT", server.address)
        monkeypatch.setattr(
            constants, "HUGGINGFACE_CO_URL_TEMPLATE", server.address + "/{repo_id}/resolve/{revision}/{filename}"
        )
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        server.repositories["tiny/bert"] = checkpoint
        yield server
        server.shutdown()
        thread.join()


def copy(checkpoint: Path, folder: Path, *names: str) -> Path:
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes((checkpoint / name).read_bytes())
    return folder


@pytest.mark.usefixtures("hub")
def test_a_name_on_the_hub_becomes_a_language_model(checkpoint: Path, tmp_path: Path) -> None:
    downloaded = load_pretrained("tiny/bert", device="cpu", cache_dir=tmp_path)
    local = load_pretrained(checkpoint, device="cpu")
    assert downloaded.name == "tiny/bert"
    torch.testing.assert_close(
        downloaded.trace("The cat sat.").prediction_logits, local.trace("The cat sat.").prediction_logits
    )


def test_only_safetensors_config_and_tokenizer_are_fetched(hub: FakeHub, checkpoint: Path, tmp_path: Path) -> None:
    files = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.txt")
    folder = copy(checkpoint, tmp_path / "full", *files)
    for name in ("pytorch_model.bin", "modeling_evil.py", "tf_model.h5", "README.md"):
        (folder / name).write_text("never")
    hub.repositories["tiny/full"] = folder
    load_pretrained("tiny/full", device="cpu", cache_dir=tmp_path / "cache")
    assert sorted(hub.asked_for) == sorted(files)


@pytest.mark.usefixtures("hub")
def test_progress_is_told_file_by_file_up_to_the_last_byte(checkpoint: Path, tmp_path: Path) -> None:
    told: list[DownloadProgress] = []
    load_pretrained("tiny/bert", device="cpu", cache_dir=tmp_path, on_progress=told.append)
    size = (checkpoint / "model.safetensors").stat().st_size
    weights = [step for step in told if step.file == "model.safetensors"]
    assert [step.done for step in weights] == sorted(step.done for step in weights)
    assert weights[-1] == DownloadProgress("model.safetensors", size, size)


def test_an_old_folder_with_a_vocabulary_alone_is_enough(hub: FakeHub, checkpoint: Path, tmp_path: Path) -> None:
    hub.repositories["old"] = copy(checkpoint, tmp_path / "old", "config.json", "model.safetensors", "vocab.txt")
    assert load_pretrained("old", device="cpu", cache_dir=tmp_path / "cache").name == "old"


def test_what_was_downloaded_once_is_not_downloaded_again(hub: FakeHub, tmp_path: Path) -> None:
    load_pretrained("tiny/bert", device="cpu", cache_dir=tmp_path)
    hub.asked_for.clear()
    load_pretrained("tiny/bert", device="cpu", cache_dir=tmp_path)
    assert hub.asked_for == []


@pytest.mark.parametrize("failure", ["no network", "broken hub", "offline mode"])
def test_what_was_downloaded_once_loads_without_the_hub(
    hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: str
) -> None:
    load_pretrained("tiny/bert", device="cpu", cache_dir=tmp_path)
    fail(hub, monkeypatch, failure)
    assert load_pretrained("tiny/bert", device="cpu", cache_dir=tmp_path).fill_mask("a [MASK]")


@pytest.mark.parametrize("failure", ["no network", "broken hub", "offline mode"])
def test_a_hub_that_cannot_be_reached_is_told_at_once_in_one_sentence(
    hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: str
) -> None:
    fail(hub, monkeypatch, failure)
    start = time.perf_counter()
    with pytest.raises(HubError) as caught:
        load_pretrained("tiny/bert", cache_dir=tmp_path)
    assert str(caught.value) == "The hub cannot be reached, and tiny/bert has not been downloaded before."
    assert time.perf_counter() - start < 5


def fail(hub: FakeHub, monkeypatch: pytest.MonkeyPatch, failure: str) -> None:
    import huggingface_hub.constants as constants

    if failure == "no network":
        nowhere = "http://127.0.0.1:9"
        monkeypatch.setattr(constants, "ENDPOINT", nowhere)
        monkeypatch.setattr(
            constants, "HUGGINGFACE_CO_URL_TEMPLATE", nowhere + "/{repo_id}/resolve/{revision}/{filename}"
        )
    elif failure == "broken hub":
        hub.is_broken = True
    else:
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)


@pytest.mark.usefixtures("hub")
def test_a_name_that_is_not_on_the_hub_is_told(tmp_path: Path) -> None:
    with pytest.raises(HubError, match="There is no model tiny/nobody on the hub"):
        load_pretrained("tiny/nobody", cache_dir=tmp_path)


def test_a_gated_model_is_told(hub: FakeHub, tmp_path: Path) -> None:
    hub.gated.add("tiny/secret")
    with pytest.raises(HubError, match="tiny/secret is only given to people whom its owner admits"):
        load_pretrained("tiny/secret", cache_dir=tmp_path)


def test_a_model_without_safetensors_is_told_and_its_pickle_is_not_fetched(
    hub: FakeHub, checkpoint: Path, tmp_path: Path
) -> None:
    folder = copy(checkpoint, tmp_path / "pickled", "config.json", "tokenizer.json")
    (folder / "pytorch_model.bin").write_text("never")
    hub.repositories["tiny/pickled"] = folder
    with pytest.raises(HubError, match=r"offers no model\.safetensors on the hub. Only safetensors is read"):
        load_pretrained("tiny/pickled", cache_dir=tmp_path / "cache")
    assert "pytorch_model.bin" not in hub.asked_for


def test_a_repository_without_a_config_is_told(hub: FakeHub, checkpoint: Path, tmp_path: Path) -> None:
    hub.repositories["tiny/empty"] = copy(checkpoint, tmp_path / "empty")
    with pytest.raises(HubError, match=r"tiny/empty has no config\.json on the hub"):
        load_pretrained("tiny/empty", cache_dir=tmp_path / "cache")


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("name", ["a/b/c", "../etc", "no spaces", "\x00", "x" * 5000, "<b>", "a//b", "https://x.org/y"])
def test_what_can_be_no_name_is_told_without_asking_the_hub(tmp_path: Path, name: str) -> None:
    with pytest.raises(HubError, match="is neither a folder nor a name on the hub"):
        load_pretrained(name, cache_dir=tmp_path)


def test_a_config_that_asks_for_code_of_its_own_runs_none(hub: FakeHub, checkpoint: Path, tmp_path: Path) -> None:
    folder = copy(checkpoint, tmp_path / "coded", "config.json", "model.safetensors", "tokenizer.json")
    settings = json.loads((folder / "config.json").read_text())
    settings["auto_map"] = {"AutoModel": "evil.Model"}
    (folder / "config.json").write_text(json.dumps(settings))
    (folder / "evil.py").write_text("raise SystemExit")
    hub.repositories["tiny/coded"] = folder
    load_pretrained("tiny/coded", device="cpu", cache_dir=tmp_path / "cache")
    assert "evil.py" not in hub.asked_for
