"""How much heads have changed, against SciPy's Jensen-Shannon distance and at both ends of the scale."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.spatial.distance import jensenshannon

from lm_core import LanguageModel
from lm_core.explain.head_changes import divergence_between, head_changes, most_changed
from lm_core.explain.likeness import divergence_by_query


@pytest.fixture(scope="module")
def moved(language_model: LanguageModel) -> LanguageModel:
    """The same model with the queries of one layer scaled."""
    model = copy.deepcopy(language_model.model)
    model.body.encoder.layers[1].attention.query.weight.mul_(3.0)
    return replace(language_model, model=model)


def test_it_is_scipys_distance_squared_averaged_over_queries(
    language_model: LanguageModel, moved: LanguageModel
) -> None:
    before, after = (lm.trace("The cat sat on the mat.").attentions for lm in (language_model, moved))
    found = divergence_between(before, after)
    for layer in range(3):
        for head in range(4):
            one, other = (attention[layer][0, head].double().numpy() for attention in (before, after))
            expected = np.mean([jensenshannon(p, q, base=2) ** 2 for p, q in zip(one, other, strict=True)])
            assert float(found[layer, head]) == pytest.approx(expected, abs=1e-7)
            by_query = divergence_by_query(before[layer][0, head], after[layer][0, head])
            assert float(found[layer, head]) == pytest.approx(float(by_query.mean()), abs=1e-9)


def test_a_model_has_not_changed_against_itself_and_two_that_share_nothing_differ_by_one_bit(
    language_model: LanguageModel,
) -> None:
    attentions = language_model.trace("A dog ran.").attentions
    assert float(divergence_between(attentions, attentions).abs().max()) == pytest.approx(0, abs=1e-9)
    here = torch.eye(4).expand(1, 2, 4, 4)
    there = torch.eye(4).roll(1, dims=1).expand(1, 2, 4, 4)
    assert divergence_between([here], [there]).tolist() == [[1.0, 1.0]]


def test_the_mean_over_texts_leaves_layers_below_the_change_at_zero(
    language_model: LanguageModel, moved: LanguageModel
) -> None:
    texts = [("The cat sat.", None), ("It rained all day.", "The street was wet.")]
    told: list[tuple[int, int]] = []
    changes = head_changes(language_model, moved, texts, lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]
    each = [divergence_between(language_model.trace(*text).attentions, moved.trace(*text).attentions) for text in texts]
    torch.testing.assert_close(changes, (each[0] + each[1]) / 2)
    assert float(changes[0].max()) == pytest.approx(0, abs=1e-9)
    assert float(changes[1].min()) > 0
    named = most_changed(changes, 3)
    values = [float(changes[head]) for head in named]
    assert values == sorted(values, reverse=True)
    assert values[0] == float(changes.max())


def test_without_texts_there_is_nothing_to_say(language_model: LanguageModel, moved: LanguageModel) -> None:
    with pytest.raises(ValueError, match="texts"):
        head_changes(language_model, moved, [])
