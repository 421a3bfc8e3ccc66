"""Confusion matrix, accuracy and F1 against scikit-learn's definitions, written out the slow way."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lm_core import LanguageModel
from lm_core.explain.training.confusion import Judged, accuracy_by, flipped, judge_examples
from lm_core.text.examples import Example, Examples
from lm_core.training.fine_tuning import FineTuningOptions, add_head


@st.composite
def judged(draw: st.DrawFn) -> Judged:
    labels = draw(st.integers(2, 5))
    count = draw(st.integers(1, 30))
    chance = np.random.default_rng(draw(st.integers(0, 2**31)))
    probs = torch.from_numpy(chance.dirichlet(np.ones(labels), count))
    return Judged(probs, torch.from_numpy(chance.integers(labels, size=count)))


@given(judged())
def test_every_figure_is_its_definition(judged: Judged) -> None:
    pairs = list(zip(judged.truths.tolist(), judged.answers.tolist(), strict=True))
    labels = range(judged.probs.shape[1])
    assert judged.confusion.tolist() == [[pairs.count((truth, answer)) for answer in labels] for truth in labels]
    assert judged.accuracy == pytest.approx(sum(truth == answer for truth, answer in pairs) / len(pairs))
    harmonic = []
    for label, score in zip(labels, judged.scores, strict=True):
        right = pairs.count((label, label))
        answered = sum(answer == label for _, answer in pairs)
        there = sum(truth == label for truth, _ in pairs)
        assert score.precision == (right / answered if answered else 0)
        assert score.recall == (right / there if there else 0)
        both = score.precision + score.recall
        harmonic.append(2 * score.precision * score.recall / both if both else 0.0)
        assert score.f1 == pytest.approx(harmonic[-1])
    assert judged.macro_f1 == pytest.approx(sum(harmonic) / len(harmonic))


@given(judged())
def test_the_surest_mistakes_are_all_mistakes_and_in_the_order_of_their_certainty(judged: Judged) -> None:
    wrong = judged.most_sure_and_wrong
    sure = judged.probs.max(dim=-1).values[wrong].tolist()
    assert sorted(wrong) == [n for n, right in enumerate(judged.is_right.tolist()) if not right]
    assert sure == sorted(sure, reverse=True)


@given(judged(), st.integers(0, 2**31))
def test_what_flipped_accounts_for_the_change_in_right_answers(before: Judged, seed: int) -> None:
    shuffled = torch.from_numpy(np.random.default_rng(seed).permutation(len(before.truths)))
    after = Judged(before.probs[shuffled], before.truths)
    better, worse = flipped(before, after)
    assert not set(better) & set(worse)
    assert len(better) - len(worse) == int(after.is_right.sum()) - int(before.is_right.sum())


@given(judged(), st.data())
def test_the_groups_together_are_all_examples(judged: Judged, data: st.DataObject) -> None:
    count = len(judged.truths)
    groups = data.draw(st.lists(st.sampled_from("abc"), min_size=count, max_size=count))
    found = accuracy_by(judged, groups)
    assert sum(size for _, size in found.values()) == count
    assert sum(right for right, _ in found.values()) == int(judged.confusion.trace())
    assert list(found) == list(dict.fromkeys(groups))


def test_examples_are_judged_as_one_by_one_and_the_progress_ends_at_all(language_model: LanguageModel) -> None:
    classifier = add_head(language_model, ("cat", "dog"), FineTuningOptions())
    texts = [("The cat sat." + " A dog ran." * (n % 4), "cat" if n % 3 else "dog") for n in range(300)]
    examples = Examples(tuple(Example(text, label) for text, label in texts))
    told: list[tuple[int, int]] = []
    judged = judge_examples(classifier, examples, lambda done, total: told.append((done, total)))
    assert told[-1] == (300, 300)
    assert len(told) > 1
    for number in (0, 7, 299):
        assert judged.probs[number].tolist() == pytest.approx(
            classifier.label_probs([texts[number][0]])[0].tolist(), abs=1e-6
        )
    assert judged.truths.tolist() == [("cat", "dog").index(label) for _, label in texts]
