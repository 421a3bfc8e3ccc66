"""The command that measures what fools a model counts as Hugging Face's model does, and knows its weights."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from transformers import BertForPreTraining

from lm_core import CheckpointError, InputError, load_pretrained
from lm_core.__main__ import main
from lm_core.checkpoints.folders import save_checkpoint
from lm_core.measured.next_sentence_test import BINS, Accuracy, measure, read_table, write_table
from lm_core.text.corpus import PackedCorpus
from lm_core.text.passages import LENGTHS, NEGATIVES, TRUE, passages, quartets, sentences_of
from lm_core.text.tokenization import Tokenizer
from lm_core.transformer.config import TransformerConfig
from lm_core.transformer.model import PreTrainingModel

COMMAND = ["measure", "next-sentences"]
POSITIONS = 48


@pytest.fixture
def folder(corpus_tokenizer: Tokenizer, tmp_path: Path) -> Path:
    """A checkpoint of random weights that are large enough for pairs to be judged differently."""
    torch.manual_seed(0)
    config = TransformerConfig(
        vocab_size=corpus_tokenizer.vocab_size,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=POSITIONS,
        initializer_range=0.5,
    )
    save_checkpoint(PreTrainingModel(config), corpus_tokenizer, tmp_path / "model")
    return tmp_path / "model"


@given(data=st.data(), pairs=st.integers(1, 2000))
def test_the_interval_is_that_of_scipy(data: st.DataObject, pairs: int) -> None:
    right = data.draw(st.integers(0, pairs))
    low, high = Accuracy(right, pairs).interval
    expected = binomtest(right, pairs).proportion_ci(0.95, method="wilson")
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-6)


def test_the_counts_are_those_of_hugging_faces_model(
    folder: Path, corpus: PackedCorpus, corpus_tokenizer: Tokenizer
) -> None:
    theirs = BertForPreTraining.from_pretrained(folder, attn_implementation="eager").eval()
    results = measure(load_pretrained(folder, device="cpu"), corpus)
    assert {each.source for each in results} == {"letters", "stories"}  # of lone sentences nothing follows
    held_out = corpus.held_out_documents()
    for each in results:
        number = [source.name for source in corpus.sources].index(each.source)
        chance = np.random.default_rng((0, number, LENGTHS.index(each.length)))
        cut = [
            passages(sentences_of(corpus, document), (POSITIONS - 3) // 2, each.length)
            for document in held_out[corpus.document_sources[held_out] == number].tolist()
        ]
        histogram = [0] * BINS
        for first, second in (question.pair(each.kind) for question in quartets(cut, 400, chance)):
            ids = [corpus_tokenizer.cls_id, *first, corpus_tokenizer.sep_id, *second, corpus_tokenizer.sep_id]
            segments = [0] * (len(first) + 2) + [1] * (len(second) + 1)
            with torch.inference_mode():
                answer = theirs(torch.tensor([ids]), token_type_ids=torch.tensor([segments]))
            probability = float(answer.seq_relationship_logits.double().softmax(-1)[0, 0])
            histogram[min(BINS - 1, math.floor(probability * BINS))] += 1
        assert list(each.histogram) == histogram
        above = sum(histogram[BINS // 2 :])
        assert each.right == (above if each.kind == TRUE else each.pairs - above)


def test_the_command_leaves_a_table_beside_the_weights_that_is_read_as_it_was_measured(
    folder: Path, text_folder: Path, corpus: PackedCorpus, capsys: pytest.CaptureFixture[str]
) -> None:
    main([*COMMAND, str(folder), "--data", str(text_folder)])
    assert "| random | topic | swapped |" in capsys.readouterr().out
    table = read_table(folder)
    assert table is not None
    assert table.documents == len(corpus.held_out_documents())
    assert table.results == measure(load_pretrained(folder, device="cpu"), corpus)
    text = (folder / "next_sentences.json").read_text(encoding="utf-8")
    assert str(folder.parent) not in text
    assert str(text_folder) not in text
    write_table(table, folder)
    assert (folder / "next_sentences.json").read_text(encoding="utf-8") == text
    for length in LENGTHS:
        true = table.accuracy(length, TRUE)
        for negative in NEGATIVES:
            task, part = table.task(length, negative), table.accuracy(length, negative)
            if true is not None and task is not None and part is not None:
                assert (task.right, task.pairs) == (true.right + part.right, true.pairs + part.pairs)
                assert sum(table.histogram(length, negative)) == part.pairs
    with (folder / "model.safetensors").open("ab") as weights:
        weights.write(b"\0")
    assert read_table(folder) is None


NO_RESULT = '{"results": [{"source": "a", "length": "b", "kind": "c", "histogram": [1]}]}'


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"results": [{}]}', '{"results": 1}', NO_RESULT])
def test_what_is_no_table_is_told(folder: Path, text: str) -> None:
    assert read_table(folder) is None
    (folder / "next_sentences.json").write_text(text, encoding="utf-8")
    with pytest.raises(CheckpointError, match="damaged"):
        read_table(folder)


def test_text_without_documents_is_told_and_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "lone.txt").write_text("The cat.\nThe dog.\n", encoding="utf-8")
    with pytest.raises(InputError, match="three passages"):
        main([*COMMAND, str(folder), "--data", str(tmp_path / "text")])
    assert not (folder / "next_sentences.json").exists()
