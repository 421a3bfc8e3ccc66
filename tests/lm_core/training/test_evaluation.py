"""What is measured on held-out text is what closed forms and a recount by hand say."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch

from lm_core.__main__ import main
from lm_core.checkpoints.folders import save_checkpoint
from lm_core.text.corpus import PackedCorpus
from lm_core.text.stream import held_out_batches
from lm_core.text.tokenization import Tokenizer
from lm_core.training.evaluation import evaluate
from lm_core.transformer.config import TransformerConfig
from lm_core.transformer.model import PreTrainingModel


@pytest.fixture
def model(corpus_tokenizer: Tokenizer) -> PreTrainingModel:
    torch.manual_seed(0)
    return PreTrainingModel(
        TransformerConfig(
            vocab_size=corpus_tokenizer.vocab_size,
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=48,
            initializer_range=0.3,
        )
    )


def test_a_model_that_knows_nothing_loses_the_logarithm_of_its_vocabulary(
    model: PreTrainingModel, corpus: PackedCorpus, corpus_tokenizer: Tokenizer
) -> None:
    for parameter in model.parameters():
        torch.nn.init.zeros_(parameter)
    for figures in evaluate(model, corpus, corpus_tokenizer).values():
        assert figures.masked_lm_loss == pytest.approx(math.log(corpus_tokenizer.vocab_size), rel=1e-4)


def test_the_shares_are_those_of_a_recount_with_every_position_scored(
    model: PreTrainingModel, corpus: PackedCorpus, corpus_tokenizer: Tokenizer
) -> None:
    model.eval()
    right = asked = right_pairs = pairs = 0
    for _, batch in held_out_batches(corpus, corpus_tokenizer, max_length=48, tokens_per_batch=8192):
        for row, labels in enumerate(batch.labels):
            length = int(batch.attention_mask[row].sum())
            answer = model(batch.input_ids[row : row + 1, :length], batch.token_type_ids[row : row + 1, :length])
            positions = (labels != -100).nonzero().flatten()
            right += int((answer.prediction_logits[0, positions].argmax(-1) == labels[positions]).sum())
            asked += len(positions)
            if batch.next_sentence_label[row] != -100:
                right_pairs += int(answer.seq_relationship_logits.argmax() == batch.next_sentence_label[row])
                pairs += 1
    figures = evaluate(model, corpus, corpus_tokenizer, bfloat16=False)["all"]
    assert (figures.masked_pieces, figures.pairs) == (asked, pairs)
    assert figures.masked_lm_accuracy == pytest.approx(right / asked)
    assert figures.next_sentence_accuracy == pytest.approx(right_pairs / pairs)


def test_measuring_leaves_the_model_as_it_was(
    model: PreTrainingModel, corpus: PackedCorpus, corpus_tokenizer: Tokenizer
) -> None:
    model.train()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    evaluate(model, corpus, corpus_tokenizer)
    assert model.training
    assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())


def test_the_command_prints_a_row_a_source(
    model: PreTrainingModel,
    corpus_tokenizer: Tokenizer,
    text_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    save_checkpoint(model, corpus_tokenizer, tmp_path)
    main(["evaluate", str(tmp_path), "--data", str(text_folder)])
    printed = capsys.readouterr().out
    assert all(f"| {name} |" in printed for name in ("letters", "phrases", "stories", "all"))
