"""The command that measures minimal pairs reads them, decides as Hugging Face's logits do, and knows its weights."""

from __future__ import annotations

import json
import lzma
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import BertForPreTraining

from lm_core import CheckpointError, InputError, LanguageModel
from lm_core.__main__ import main
from lm_core.measured.minimal_pairs import MinimalPair, measure, read_pairs, read_table, write_table

# Written for this test.
PAIRS = [
    MinimalPair("agreement", "morphology", "verbs", "The cats sleep.", "The cats sleeps."),
    MinimalPair("agreement", "morphology", "verbs", "The dog barks.", "The dog bark."),
    MinimalPair("order", "syntax", "articles", "The cat sat.", "Cat the sat."),
    MinimalPair("order", "syntax", "articles", "A street.", "A street."),
]
COMMAND = ["measure", "minimal-pairs"]
NAMED = ["--name", "Four pairs", "--licence", "MIT"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The four pairs as the command reads them."""
    file = tmp_path / "pairs.jsonl.xz"
    file.write_bytes(lzma.compress("".join(json.dumps(vars(pair)) + "\n" for pair in PAIRS).encode()))
    return file


@pytest.fixture
def folder(checkpoint: Path, tmp_path: Path) -> Path:
    """A checkpoint of one's own."""
    return Path(shutil.copytree(checkpoint, tmp_path / "model"))


@torch.inference_mode()
def score(text: str, lm: LanguageModel, reference: BertForPreTraining) -> float:
    """The pseudo-log-likelihood by Hugging Face's model, one pass a piece."""
    ids = lm.encode(text).input_ids
    total = 0.0
    for position in range(1, len(ids) - 1):
        hidden = torch.tensor([ids])
        hidden[0, position] = lm.tokenizer.mask_id
        total += float(reference(hidden).prediction_logits[0, position].double().log_softmax(-1)[ids[position]])
    return total


def test_the_preferred_sentence_is_the_one_hugging_faces_logits_prefer(
    language_model: LanguageModel, hugging_face_model: BertForPreTraining
) -> None:
    articles, verbs = measure(language_model, PAIRS)
    right = [
        score(pair.good, language_model, hugging_face_model) > score(pair.bad, language_model, hugging_face_model)
        for pair in PAIRS[:3]
    ]
    assert (verbs.uid, verbs.term, verbs.pairs, verbs.right) == ("agreement", "verbs", 2, right[0] + right[1])
    assert (articles.pairs, articles.right) == (2, right[2])  # two equal sentences: neither is preferred
    assert verbs.accuracy == (right[0] + right[1]) / 2


def test_the_table_is_written_and_read_back_and_belongs_to_its_weights(
    folder: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read_table(folder) is None
    main([*COMMAND, str(folder), "--data", str(data), *NAMED])
    table = read_table(folder)
    assert table is not None
    assert (table.pairs, len(table.phenomena), table.data, table.model) == (4, 2, "Four pairs", folder.name)
    assert table.accuracy == sum(each.right for each in table.phenomena) / 4
    assert str(folder.parent) not in table.command
    assert f"| all | 4 | {table.accuracy:.1%} |" in capsys.readouterr().out
    with (folder / "model.safetensors").open("ab") as weights:
        weights.write(b" ")
    assert read_table(folder) is None


@pytest.mark.parametrize("line", ["{}", "[]", '{"uid": "a"}', "no JSON", "7"])
def test_a_line_that_is_no_pair_is_named(line: str, tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text(json.dumps(vars(PAIRS[0])) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="Line 2"):
        list(read_pairs(file))


def test_a_table_says_what_its_command_is_called_now_where_it_was_renamed_and_old_tables_are_read(
    folder: Path, data: Path
) -> None:
    main([*COMMAND, str(folder), "--data", str(data), *NAMED])
    file = folder / "minimal_pairs.json"
    written = file.read_text(encoding="utf-8")
    assert "command_now" not in written
    table = read_table(folder)
    assert table is not None
    assert table.command_now is None
    write_table(replace(table, command="python -m before", command_now="python -m now"), folder)
    table = read_table(folder)
    assert table is not None
    assert (table.command, table.command_now) == ("python -m before", "python -m now")


def test_a_file_without_pairs_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    with pytest.raises(InputError, match="no pairs"):
        main([*COMMAND, str(folder), "--data", str(tmp_path / "empty.jsonl"), *NAMED])


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"phenomena": 3}'])
def test_a_damaged_table_is_told(damage: str, folder: Path) -> None:
    (folder / "minimal_pairs.json").write_text(damage, encoding="utf-8")
    with pytest.raises(CheckpointError, match="damaged"):
        read_table(folder)


def test_counts_that_cannot_be_are_damage(folder: Path, data: Path) -> None:
    main([*COMMAND, str(folder), "--data", str(data), *NAMED])
    file = folder / "minimal_pairs.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"pairs": 2', '"pairs": 0'), encoding="utf-8")
    with pytest.raises(CheckpointError, match="damaged"):
        read_table(folder)
