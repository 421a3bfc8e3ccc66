"""Ten pairs are judged by the reader and by the model, and who is right follows from what we wrote."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

from figures.bars import percent
from lm_core import LanguageModel
from tests.ui.frame.test_notebook import run, taken
from tests.ui.lessons.next_sentences.test_story import Theirs, theirs
from ui.i18n import LANGUAGES, Language, translate
from ui.lessons.next_sentences.pair_pool import KINDS, POOL, draw

if TYPE_CHECKING:
    from tests.ui.conftest import Open
    from ui.frame.notebook import Cell

assert taken, theirs  # fixtures
FOLLOWS, DOES_NOT = "judge_follows", "judge_does_not"
every_language = pytest.mark.parametrize("language", LANGUAGES)


def open_ten(open_page: Open, **address: str) -> AppTest:
    return open_page("next_sentences", view="ten", **address)


def judge_all(app: AppTest, seed: int, *, rightly: int) -> None:
    """Answer all ten, the first so many of them rightly."""
    for number, pair in enumerate(draw(seed)):
        says = pair.follows == (number < rightly)
        app.button(key=FOLLOWS if says else DOES_NOT).click().run()
        assert not app.exception


def words(app: AppTest) -> str:
    return " ".join(each.value for each in app.markdown)


def figure(app: AppTest) -> dict[str, Any]:
    return dict(json.loads(app.get("plotly_chart")[0].proto.spec))


@every_language
def test_one_pair_stands_there_and_nothing_tells_its_truth(open_page: Open, language: Language) -> None:
    app = open_ten(open_page, lang=language)
    first, *others = draw(0)
    assert first.first in words(app)
    assert first.then in words(app)
    assert not any(pair.first in words(app) for pair in others)
    assert not app.get("plotly_chart")
    assert "%" not in words(app).replace("50 %", "")


@every_language
def test_a_judgement_is_told_with_the_truth_and_the_models_probability(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    app = open_ten(open_page, draw="3", lang=language)
    pair, after = draw(2)[:2]
    app.button(key=FOLLOWS).click().run()
    probability = shipped.next_sentence(pair.first, pair.then)
    (outcome,) = [each.value for each in app.markdown if percent(probability) in each.value]
    truth = "**the second did follow the first.**" if pair.follows else "**the second did not follow the first.**"
    assert translate(truth, language) in outcome
    assert re.findall("[✓✗]", outcome) == ["✓✗"[not pair.follows], "✓✗"[(probability > 0.5) != pair.follows]]
    assert after.first in words(app)
    assert pair.first not in words(app)


@every_language
def test_after_the_tenth_both_scores_and_every_pair_stand_there(
    open_page: Open, theirs: Theirs, language: Language
) -> None:
    app = open_ten(open_page, draw="2", lang=language)
    judge_all(app, 1, rightly=7)
    ten = draw(1)
    said = theirs.logits([(pair.first, pair.then) for pair in ten]).softmax(dim=-1)[:, 0].tolist()
    model = sum((probability > 0.5) == pair.follows for probability, pair in zip(said, ten, strict=True))
    score = translate("**You: {reader} of {count} right. Model: {model} of {count}.**", language)
    assert score.format(reader=7, count=10, model=model) in words(app)
    rows = app.table[0].value
    assert len(rows) == 10
    for number, (pair, probability) in enumerate(zip(ten, said, strict=True)):
        row = [str(cell) for cell in rows.iloc[number]]
        assert pair.first in " ".join(row)
        assert pair.then in " ".join(row)
        assert translate("yes" if pair.follows else "no", language) in row
        assert "✓✗"[number >= 7] in row
        assert f"{'✓✗'[(probability > 0.5) != pair.follows]}\u00a0{percent(probability)}" in row


def test_the_figure_has_every_pair_of_the_pool_with_its_log_odds(open_page: Open, theirs: Theirs) -> None:
    app = open_ten(open_page)
    judge_all(app, 0, rightly=10)
    small, numbered = figure(app)["data"]
    at = {text: x for trace in (small, numbered) for text, x in zip(trace["hovertext"], trace["x"], strict=True)}
    assert len(at) == len(POOL)
    right = dict.fromkeys(KINDS, 0)
    logits = theirs.logits([(pair.first, pair.then) for pair in POOL])
    for pair, log_odds in zip(POOL, (logits[:, 0] - logits[:, 1]).tolist(), strict=True):
        assert at[f"{pair.first}<br>{pair.then}".replace("'", "&#x27;")] == pytest.approx(log_odds, abs=1e-4)
        right[pair.kind] += (log_odds > 0) == pair.follows
    assert sorted(numbered["text"], key=int) == [str(number) for number in range(1, 11)]
    (notice,) = [each.value for each in app.markdown if each.value.startswith("**Notice.**")]
    assert all(f"{count}/12" in notice for count in right.values())


def test_one_number_is_written_out_and_the_table_has_the_logits(open_page: Open, shipped: LanguageModel) -> None:
    app = open_ten(open_page, check="4", table="on")
    judge_all(app, 0, rightly=3)
    pair = draw(0)[3]
    logits = shipped.trace(pair.first, pair.then).seq_relationship_logits[0].double()
    assert f"{float(logits[0]):.4f}" in app.latex[0].value
    assert f"{float(logits[1]):.4f}" in app.latex[0].value
    probability = app.dataframe[0].value["P(IsNext)"][3]
    assert probability == pytest.approx(float(logits.softmax(dim=-1)[0]), abs=1e-5)
    assert f"{probability:.6f}" in app.latex[0].value
    assert list(app.dataframe[0].value["follows"]) == [pair.follows for pair in draw(0)]


def test_other_pairs_begin_anew_and_the_old_ones_stay_answered(open_page: Open) -> None:
    app = open_ten(open_page, check="4")
    judge_all(app, 0, rightly=10)
    app.button(key="other_pairs").click().run()
    assert app.query_params["draw"] == "2"
    assert "check" not in app.query_params
    assert draw(1)[0].first in words(app)
    app.query_params["draw"] = "1"
    app.run()
    assert app.table


def test_the_challenge_is_met_by_who_is_right_more_often_than_the_model(open_page: Open) -> None:
    for rightly, is_met in ((10, True), (0, False)):
        app = open_ten(open_page, draw="5")
        judge_all(app, 4, rightly=rightly)
        assert ("**Challenge.** ✓" in words(app)) is is_met
        assert ("None of the ten fooled you." in words(app)) is is_met


@pytest.mark.parametrize("drawn", ["0", "-1", "x", "99999999", "<b>", ""])
def test_a_draw_that_is_none_is_the_first(open_page: Open, drawn: str) -> None:
    assert draw(0)[0].first in words(open_ten(open_page, draw=drawn, sentence=" "))


def test_the_notebook_gives_the_same_probabilities(open_page: Open, taken: list[Cell]) -> None:
    app = open_ten(open_page, check="2", table="on")
    assert not taken
    judge_all(app, 0, rightly=5)
    names = run(taken)
    shown = list(app.dataframe[0].value["P(IsNext)"])
    assert [judgement.probability for judgement in names["judgements"]] == pytest.approx(shown, abs=1e-5)
