"""Pair scores against Hugging Face's answer to each pair, and the search over orders against going through them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise, permutations
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transformers import BertForMaskedLM, BertForPreTraining, BertTokenizerFast

from lm_core import InputError, LanguageModel, Tokenizer, load_pretrained
from lm_core.explain.sentences.ordering import MOST_SENTENCES, agreement, pair_logits, pair_scores, rank_orders

STORY = ("It rained all day.", "The street was wet.", "A dog ran through it, barking.", "She drank coffee.")
sentences = st.lists(st.sampled_from([*STORY, "Cars!", "The cat looked at the dog."]), min_size=2, max_size=5)
matrices = st.integers(2, 5).flatmap(
    lambda count: st.lists(
        st.lists(st.floats(-9, 0), min_size=count, max_size=count), min_size=count, max_size=count
    )
)  # fmt: skip
some = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@torch.inference_mode()
def asked_alone(checkpoint: Path, first: str, then: str) -> torch.Tensor:
    """Hugging Face's logits for one pair, by its own tokenizer."""
    theirs = BertForPreTraining.from_pretrained(checkpoint).eval()
    inputs = BertTokenizerFast.from_pretrained(checkpoint)(first, then, return_tensors="pt")
    logits: torch.Tensor = theirs(**inputs).seq_relationship_logits[0]
    return logits.double()


def test_each_pair_scores_what_transformers_says_to_it_alone(language_model: LanguageModel, checkpoint: Path) -> None:
    scores = pair_scores(language_model, STORY)
    for first, then in permutations(range(len(STORY)), 2):
        expected = asked_alone(checkpoint, STORY[first], STORY[then])
        torch.testing.assert_close(scores.logits[first, then], expected, atol=1e-5, rtol=1e-5)
        log_prob = float(expected.log_softmax(dim=-1)[0])
        assert float(scores.log_probs[first, then]) == pytest.approx(log_prob, abs=1e-5)
    assert scores.log_probs.diagonal().isnan().all()
    assert scores.log_probs.isnan().sum() == len(STORY)
    assert not scores.cut


@some
@given(texts=sentences)
def test_a_score_is_the_logarithm_of_what_the_model_says_to_the_pair(
    texts: list[str], language_model: LanguageModel
) -> None:
    scores = pair_scores(language_model, texts)
    logits = pair_logits(language_model, list(permutations(texts, 2)))
    first, then = len(texts) - 1, 0
    alone = language_model.next_sentence(texts[first], texts[then])
    assert math.exp(float(scores.log_probs[first, then])) == pytest.approx(alone, abs=1e-5)
    for (first, then), row in zip(permutations(range(len(texts)), 2), logits, strict=True):
        torch.testing.assert_close(row, scores.logits[first, then], atol=1e-5, rtol=1e-5)


@some
@given(matrices)
def test_every_order_is_there_once_with_the_sum_of_its_neighbours(rows: list[list[float]]) -> None:
    ranked = rank_orders(torch.tensor(rows))
    by_hand = {
        order: math.fsum(rows[first][then] for first, then in pairwise(order))
        for order in permutations(range(len(rows)))
    }
    found = {tuple(order.tolist()): float(score) for order, score in zip(ranked.orders, ranked.scores, strict=True)}
    assert found.keys() == by_hand.keys()
    assert len(ranked.orders) == math.factorial(len(rows))
    for order, score in by_hand.items():
        assert found[order] == pytest.approx(score, abs=1e-4)
        assert ranked.score(order) == found[order]
        assert ranked.rank(order) == 1 + sum(other > found[order] for other in found.values())
    assert ranked.scores.tolist() == sorted(found.values(), reverse=True)
    assert found[ranked.best] == max(found.values())
    assert ranked.rank(ranked.best) == 1


@some
@given(rows=matrices, data=st.data())
def test_other_numbers_for_the_sentences_change_no_score(rows: list[list[float]], data: st.DataObject) -> None:
    renamed: Sequence[int] = data.draw(st.permutations(range(len(rows))))
    scores = torch.tensor(rows, dtype=torch.float64)
    one, other = rank_orders(scores), rank_orders(scores[list(renamed)][:, list(renamed)])
    for order in permutations(range(len(rows))):
        assert one.score([renamed[number] for number in order]) == pytest.approx(other.score(order), abs=1e-12)


@some
@given(matrices)
def test_backwards_every_order_scores_what_the_turned_matrix_gives(rows: list[list[float]]) -> None:
    scores = torch.tensor(rows, dtype=torch.float64)
    one, other = rank_orders(scores), rank_orders(scores.T)
    for order in permutations(range(len(rows))):
        assert one.score(order) == pytest.approx(other.score(order[::-1]), abs=1e-12)


def test_the_diagonal_is_not_read() -> None:
    scores = torch.rand(4, 4)
    one = rank_orders(scores)
    other = rank_orders(scores.clone().fill_diagonal_(torch.nan))
    assert torch.equal(one.orders, other.orders)
    assert torch.equal(one.scores, other.scores)


@given(st.integers(2, 6).flatmap(lambda count: st.tuples(*[st.permutations(range(count))] * 2)))
def test_tau_counts_the_pairs_that_are_turned_round(orders: tuple[list[int], list[int]]) -> None:
    order, truth = orders
    pairs = list(combinations(truth, 2))
    turned = sum(order.index(first) > order.index(then) for first, then in pairs)
    assert agreement(order, truth) == pytest.approx(1 - 2 * turned / len(pairs))
    assert agreement(truth, truth) == pytest.approx(1)
    assert agreement(truth[::-1], truth) == pytest.approx(-1)


def test_what_is_too_long_for_its_pair_is_named(language_model: LanguageModel) -> None:
    longer = "the street was wet and " * 9
    assert pair_scores(language_model, [STORY[0], longer, STORY[1]]).cut == (1,)


def test_what_cannot_be_ordered_is_refused(language_model: LanguageModel) -> None:
    for shape in ((3, 4), (1, 1), (MOST_SENTENCES + 1,) * 2):
        with pytest.raises(ValueError, match=r"\d sentences"):
            rank_orders(torch.zeros(shape))
    with pytest.raises(ValueError, match="no order"):
        rank_orders(torch.zeros(3, 3)).rank((0, 1, 1))
    with pytest.raises(ValueError, match="no order"):
        rank_orders(torch.zeros(3, 3)).score((0, 1))
    with pytest.raises(InputError):
        pair_scores(language_model, [STORY[0], " "])


def test_a_model_of_masked_words_alone_says_that_it_cannot_judge_pairs(
    hugging_face_model: BertForPreTraining, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    BertForMaskedLM(hugging_face_model.config).save_pretrained(tmp_path)
    tokenizer.save(tmp_path)
    alone = load_pretrained(tmp_path, device="cpu")
    with pytest.raises(InputError, match="masked words alone"):
        pair_scores(alone, STORY)


def test_a_model_without_segments_says_that_it_reads_no_pairs(language_model: LanguageModel) -> None:
    single = replace(language_model, config=replace(language_model.config, type_vocab_size=1))
    with pytest.raises(InputError, match="one sentence at a time"):
        pair_scores(single, STORY)
