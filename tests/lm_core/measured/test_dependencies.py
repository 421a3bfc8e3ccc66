"""The command that measures grammar reads trees, counts as one does by hand, and knows which weights it measured."""

from __future__ import annotations

import json
import lzma
import shutil
from pathlib import Path

import pytest

from lm_core import CheckpointError, InputError, LanguageModel
from lm_core.__main__ import main
from lm_core.explain.heads.syntax import ParsedSentence, Question
from lm_core.measured.dependencies import measure, positions_of, read_sentences, read_table, write_table

# Written for this test; every word hangs on its head as Universal Dependencies would have it.
TREES = [
    (["The", "cat", "sat", "on", "the", "mat"], [2, 3, 0, 6, 6, 3], ["det", "nsubj", "root", "case", "det", "obl"]),
    (["A", "dog", "unhappily", "barked"], [2, 4, 4, 0], ["det", "nsubj", "advmod", "root"]),
    (["She", "drank", "coffee", "."], [2, 0, 2, 2], ["nsubj", "root", "obj", "punct"]),
]
SENTENCES = [ParsedSentence(tuple(words), tuple(heads), tuple(relations)) for words, heads, relations in TREES]
COMMAND = ["measure", "dependencies"]
NAMED = ["--name", "Three sentences", "--licence", "MIT"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The three sentences forty times over, so that articles and subjects occur a hundred times."""
    file = tmp_path / "trees.jsonl.xz"
    rows = [
        json.dumps({"tokens": words, "head": heads, "deprel": relations, "upos": []}) + "\n"
        for words, heads, relations in TREES
    ]
    file.write_bytes(lzma.compress(("".join(rows) * 40).encode()))
    return file


@pytest.fixture
def folder(checkpoint: Path, tmp_path: Path) -> Path:
    """A checkpoint of one's own."""
    return Path(shutil.copytree(checkpoint, tmp_path / "model"))


def test_the_shares_are_those_of_a_count_by_hand(language_model: LanguageModel) -> None:
    answers, read, left_out = measure(language_model, SENTENCES * 40)
    (determiners,) = [each for each in answers if each.question == Question("det", "head")]
    assert (read, left_out, determiners.cases) == (120, 0, 120)
    assert (determiners.offset, determiners.baseline) == (1, 1.0)
    for layer in range(language_model.config.num_hidden_layers):
        for head in range(language_model.config.num_attention_heads):
            right = 0
            for words, heads, relations in TREES:
                trace = language_model.trace(" ".join(words))
                probs, spans = trace.attentions[layer][0, head], trace.encoding.words
                assert [span.text for span in spans] == words
                for word in (number for number, relation in enumerate(relations) if relation == "det"):
                    to_word = [
                        sum(
                            float(probs[query, key])
                            for query in spans[word].positions
                            for key in spans[other].positions
                        )
                        for other in range(len(words))
                    ]
                    to_word[word] = -1.0
                    right += to_word.index(max(to_word)) == heads[word] - 1
            assert determiners.accuracy[layer][head] == pytest.approx(right / 3)


def test_words_that_the_tokenizer_splits_further_are_joined_again(language_model: LanguageModel) -> None:
    words = ("don't", "unhappily", "[x]", "café")
    encoding = language_model.encode(" ".join(words))
    positions = positions_of(words, encoding)
    assert positions is not None
    assert [position for word in positions for position in word] == list(range(1, len(encoding.tokens) - 1))
    assert all(len(word) >= 3 for word in positions[:1] + positions[2:3])


def test_a_sentence_that_does_not_fit_or_loses_a_word_is_left_out_and_counted(language_model: LanguageModel) -> None:
    long = ParsedSentence(("dog",) * 99, (0, *[1] * 98), ("root", *["amod"] * 98))
    lost = ParsedSentence(("dog", "\u200b"), (0, 1), ("root", "amod"))
    assert measure(language_model, [long, lost, SENTENCES[0]])[1:] == (1, 2)


def test_the_command_leaves_a_table_beside_the_weights_that_is_read_as_it_was_measured(
    folder: Path, data: Path, language_model: LanguageModel, capsys: pytest.CaptureFixture[str]
) -> None:
    main([*COMMAND, str(folder), "--data", str(data), *NAMED])
    assert "| best distance |" in capsys.readouterr().out
    table = read_table(folder)
    assert table is not None
    assert (table.model, table.data, table.licence, table.sentences) == ("model", "Three sentences", "MIT", 120)
    assert str(folder.parent) not in (folder / "dependencies.json").read_text(encoding="utf-8")
    measured = measure(language_model, SENTENCES * 40)[0]
    assert [each.question for each in table.answers] == [each.question for each in measured]
    for kept, fresh in zip(table.answers, measured, strict=True):
        assert (kept.cases, kept.offset) == (fresh.cases, fresh.offset)
        assert sum(kept.accuracy, ()) == pytest.approx(sum(fresh.accuracy, ()), abs=5e-5)
    text = (folder / "dependencies.json").read_text(encoding="utf-8")
    write_table(table, folder)
    assert (folder / "dependencies.json").read_text(encoding="utf-8") == text


def test_a_table_of_other_weights_says_nothing_about_these(folder: Path, data: Path) -> None:
    assert read_table(folder) is None
    main([*COMMAND, str(folder), "--data", str(data), *NAMED])
    with (folder / "model.safetensors").open("ab") as weights:
        weights.write(b"\0")
    assert read_table(folder) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"answers": [{}]}', '{"answers": 1}', "\ud800"])
def test_what_is_no_table_is_told(folder: Path, text: str) -> None:
    (folder / "dependencies.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(CheckpointError, match="damaged"):
        read_table(folder)


@pytest.mark.parametrize(
    "line", ["no json", "{}", '{"tokens": ["a"], "head": [0, 0], "deprel": ["root"]}',
             '{"tokens": ["a"], "head": [2], "deprel": ["det"]}', '{"tokens": [], "head": [], "deprel": []}'],
)  # fmt: skip
def test_a_line_that_is_no_tree_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "trees.jsonl"
    file.write_text('{"tokens": ["Yes"], "head": [0], "deprel": ["root"]}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="Line 2"):
        list(read_sentences(file))


def test_too_little_data_is_told_and_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "trees.jsonl"
    file.write_text('{"tokens": ["Yes"], "head": [0], "deprel": ["root"]}\n', encoding="utf-8")
    with pytest.raises(InputError, match="100 times"):
        main([*COMMAND, str(folder), "--data", str(file), *NAMED])
    assert not (folder / "dependencies.json").exists()
