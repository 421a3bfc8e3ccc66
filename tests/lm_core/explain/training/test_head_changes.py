"""How much heads have changed over several texts, against SciPy's Jensen-Shannon distance."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from lm_core import LanguageModel
from lm_core.explain.training.head_changes import head_changes

TEXTS = [("The cat sat.", None), ("It rained all day.", "The street was wet.")]


@pytest.fixture(scope="module")
def moved(language_model: LanguageModel) -> LanguageModel:
    """The same model with the queries of one layer scaled."""
    model = copy.deepcopy(language_model.model)
    model.get_parameter("body.encoder.layers.1.attention.query.weight").mul_(3.0)
    return replace(language_model, model=model)


def test_it_is_scipys_distance_squared_averaged_over_queries_and_texts(
    language_model: LanguageModel, moved: LanguageModel
) -> None:
    told: list[tuple[int, int]] = []
    found = head_changes(language_model, moved, TEXTS, lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]
    passes = [[lm.trace(*text).attentions for lm in (language_model, moved)] for text in TEXTS]
    for layer in range(3):
        for head in range(4):
            means = []
            for before, after in passes:
                rows = zip(*(each[layer][0, head].double().numpy() for each in (before, after)), strict=True)
                means.append(np.mean([jensenshannon(p, q, base=2) ** 2 for p, q in rows]))
            assert float(found[layer, head]) == pytest.approx(np.mean(means), abs=1e-6)


def test_a_model_has_not_changed_against_itself_nor_below_what_was_changed(
    language_model: LanguageModel, moved: LanguageModel
) -> None:
    assert float(head_changes(language_model, language_model, TEXTS).abs().max()) == pytest.approx(0, abs=1e-9)
    changes = head_changes(language_model, moved, TEXTS)
    assert float(changes[0].max()) == pytest.approx(0, abs=1e-9)
    assert float(changes[1].min()) > 0


def test_without_texts_there_is_nothing_to_say(language_model: LanguageModel, moved: LanguageModel) -> None:
    with pytest.raises(ValueError, match="texts"):
        head_changes(language_model, moved, [])
