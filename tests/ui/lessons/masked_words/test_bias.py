"""He or she: every number of the figure, the table and the sum is what the model answers to that sentence alone."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from lm_core import LanguageModel
from lm_core.explain.words import pronouns
from lm_core.explain.words.pronouns import fill_template
from tests.ui.lessons.masked_words.test_against import floats
from ui.i18n import LANGUAGES, Language
from ui.lessons.masked_words.pronoun_leanings import OCCUPATIONS, TEMPLATES

if TYPE_CHECKING:
    from tests.ui.conftest import Open

TOLERANCE = 3e-4  # of a log ratio, between a pass alone and one of many sentences
OWN = "[MASK] dreams of being a {occupation}."


def log_ratio(lm: LanguageModel, text: str) -> float:
    """ln p(he)/p(she) in the first gap, by a pass over this sentence alone."""
    found = {each.token: each.probability for each in lm.fill_mask(text, top_k=lm.config.vocab_size)[0]}
    return math.log(found["he"] / found["she"])


def score(lm: LanguageModel, template: str, occupation: str) -> float:
    return log_ratio(lm, fill_template(template, occupation)) - log_ratio(lm, fill_template(template, "person"))


def rows(app: AppTest) -> dict[str, float]:
    """The mean of each occupation as the figure has it, from the top."""
    figure = json.loads(app.get("plotly_chart")[0].proto.spec)
    names = [re.sub("<.*?>", "", name) for name in figure["layout"]["yaxis"]["ticktext"]]
    return dict(zip(names, floats(figure["data"][0]["x"]), strict=True))


def open_bias(open_page: Open, **address: str) -> AppTest:
    return open_page("masked_words", view="bias", open="on", **address)


@pytest.mark.parametrize("language", LANGUAGES)
def test_figure_table_and_sum_hold_the_model_s_scores(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    app = open_bias(open_page, job="nurse", table="on", lang=language)
    means = rows(app)
    assert sorted(means) == sorted(OCCUPATIONS)
    assert list(means.values()) == sorted(means.values())
    expected = [score(shipped, template, "nurse") for template in TEMPLATES]
    assert means["nurse"] == pytest.approx(sum(expected) / len(expected), abs=TOLERANCE)

    table = app.dataframe[0].value
    assert list(table.iloc[:, 0]) == list(means)
    row = list(next(each for each in table.itertuples(index=False) if each[0] == "nurse")[1:])
    assert row == pytest.approx([sum(expected) / len(expected), min(expected), max(expected), *expected], abs=TOLERANCE)

    formula = app.latex[0].value
    terms = [float(term) for term in re.findall(r"-?\d+\.\d{4}", formula)]
    assert terms == pytest.approx([*expected, sum(expected) / len(expected)], abs=TOLERANCE)
    sentences = app.table[0].value
    assert list(sentences.iloc[:, 0]) == [f"`{fill_template(template, 'nurse')}`" for template in TEMPLATES]
    for he, she, ratio in zip(*(sentences.iloc[:, column].astype(float) for column in (1, 2, 3)), strict=True):
        assert math.log(he / she) == pytest.approx(ratio, abs=2e-3), "as far as four digits of p tell"


def test_what_is_compared_with_is_taken_off(open_page: Open, shipped: LanguageModel) -> None:
    template = "[MASK] is a {occupation}."
    hidden = fill_template(template, " ".join("?" for _ in shipped.encode("nurse").input_ids[1:-1]))
    for baseline, without in (("none", 0.0), ("hidden", log_ratio(shipped, hidden.replace("?", "[MASK]")))):
        app = open_bias(open_page, job="nurse", table="on", baseline=baseline)
        table = app.dataframe[0].value
        (shown,) = table[table["occupation"] == "nurse"]["sentence 1"]
        expected = log_ratio(shipped, fill_template(template, "nurse")) - without
        assert shown == pytest.approx(expected, abs=TOLERANCE)


def test_own_occupations_and_an_own_sentence_join_ours(open_page: Open, shipped: LanguageModel) -> None:
    app = open_bias(open_page, jobs="astronaut,  bee keeper; nurse，astronaut,\u200b, ", template=OWN, table="on")
    assert not app.warning
    means = rows(app)
    assert sorted(means) == sorted([*OCCUPATIONS, "astronaut", "bee keeper"])
    (caption,) = [each.value for each in app.caption if "42 occupations × 7 sentences = 294" in each.value]
    assert caption
    table = app.dataframe[0].value
    (shown,) = table[table["occupation"] == "bee keeper"]["sentence 7"]
    assert shown == pytest.approx(score(shipped, OWN, "bee keeper"), abs=TOLERANCE)

    alone = open_bias(open_page, template=OWN, alone="on")
    assert rows(alone)["judge"] == pytest.approx(score(shipped, OWN, "judge"), abs=TOLERANCE)
    assert any("40 occupations × 1 sentences = 40" in each.value for each in alone.caption)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ({"template": "He is a {occupation}."}, "`[MASK]` exactly once"),
        ({"template": "[MASK] is a nurse {0} {x}."}, "`{occupation}` exactly once"),
        ({"template": "[MASK] {occupation} " + "!" * 170}, "longer than the model reads"),
        ({"jobs": "astronaut, [MASK]"}, "not a gap"),
        ({"jobs": ", ".join(f"maker {number}" for number in range(20))}, "The first 12"),
    ],
)
def test_what_cannot_be_asked_is_told_and_the_rest_stands(open_page: Open, address: dict[str, str], told: str) -> None:
    app = open_bias(open_page, **address)
    (warning,) = app.warning
    assert told in warning.value
    assert set(OCCUPATIONS) <= set(rows(app))
    (name,) = address
    assert next(box.value for box in app.text_input if box.key == name) == address[name].strip()


def test_the_figure_comes_after_a_guess_that_the_model_judges(open_page: Open, shipped: LanguageModel) -> None:
    app = open_page("masked_words", view="bias")
    assert not app.get("plotly_chart")
    (question,) = [each.value for each in app.markdown if each.value.startswith("**Guess.**")]
    assert str(len(TEMPLATES)) in question
    names = [button.label for button in app.button if button.label.strip("`") in OCCUPATIONS]
    means = {
        name: sum(score(shipped, template, name.strip("`")) for template in TEMPLATES) / len(TEMPLATES)
        for name in names
    }
    less, more = sorted(means, key=means.__getitem__)
    next(button for button in app.button if button.label == more).click().run()
    assert any(f"You said {more}; it is {less}" in each.value for each in app.markdown)
    assert len(rows(app)) == len(OCCUPATIONS)
    app.segmented_control(key="baseline").set_value("none").run()
    assert rows(app), "one guess is enough"


def test_a_vocabulary_without_the_pronouns_is_told_in_a_sentence(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pronouns, "PRONOUNS", ("qzxv", "she"))
    app = open_bias(open_page, template="[MASK] paints a {occupation}.", jobs="glassblower")
    assert any("has no piece for `qzxv`" in warning.value for warning in app.warning)


def test_the_caveats_stand_on_the_page_before_and_after_the_guess(open_page: Open) -> None:
    for address in ({}, {"open": "on"}):
        app = open_page("masked_words", view="bias", **address)
        said = "\n".join(each.value for each in (*app.markdown, *app.caption))
        for source in ("Bolukbasi", "Kurita", "Blodgett"):
            assert source in said
        assert "Two pronouns are not all people." in said


def test_what_looks_like_markup_is_shown_as_it_is(open_page: Open) -> None:
    hostile = "<b>x</b> [y](javascript:1) $a$"
    app = open_bias(open_page, jobs=hostile, job=hostile, template=f"{hostile} [MASK] {{occupation}}")
    figure = json.loads(app.get("plotly_chart")[0].proto.spec)
    (label,) = [name for name in figure["layout"]["yaxis"]["ticktext"] if "javascript" in name]
    assert "&lt;b&gt;" in label
    said = [each.value for each in (*app.markdown, *app.caption)] + [
        str(each) for each in app.table[0].value.iloc[:, 0]
    ]
    assert not [text for text in said if "javascript" in re.sub("`.*?`", "", text)]
