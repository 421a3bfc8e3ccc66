"""A story is put in order by the reader, then by the model: all that is shown is reached here by another way."""

from __future__ import annotations

import base64
import csv
import io
import json
import math
import re
from collections.abc import Sequence
from itertools import pairwise, permutations
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau
from streamlit.testing.v1 import AppTest
from transformers import AutoTokenizer, BertForPreTraining

from lm_core import LanguageModel
from lm_core.checkpoints.pretrained import SHIPPED_FOLDER, SHIPPED_NAME
from tests.ui.frame.test_notebook import run, taken
from tests.ui.lessons.many_heads.test_many_heads import sent
from ui.i18n import LANGUAGES, Language, translate
from ui.lessons.next_sentences.stories import STORIES, shuffled

if TYPE_CHECKING:
    from tests.ui.conftest import Open
    from ui.frame.notebook import Cell

assert taken  # a fixture
STORY = STORIES[0]
OWN = ("It rained all night.", "In the morning the street was wet.", "A car slid into a fence.", "Nobody was hurt.")
LETTERS = "ABCDEF"
VOCABULARY = ["the", "a", "dog", "children", "rain", "went", "fell", "slept", "home", "42", "Zürich", ",", "!"]
every_language = pytest.mark.parametrize("language", LANGUAGES)


def open_story(open_page: Open, sentences: Sequence[str] | None = None, **address: str) -> AppTest:
    """The view with one of our stories, or with the reader's."""
    own = {} if sentences is None else {"story": "own", "own": "\n".join(sentences)}
    return open_page("next_sentences", view="story", **own, **address)


def dealt(sentences: Sequence[str], *, own: bool) -> tuple[int, ...]:
    return shuffled("\n".join(sentences) if own else STORY.name, len(sentences))


def words(app: AppTest) -> str:
    return " ".join(each.value for each in (*app.markdown, *app.caption))


def figure(app: AppTest) -> dict[str, Any]:
    return dict(json.loads(app.get("plotly_chart")[0].proto.spec))


def matrix(app: AppTest) -> np.ndarray[Any, np.dtype[np.float32]]:
    data = sent(app, "matrix")
    return np.frombuffer(base64.b64decode(data["values"]), dtype="<f4").reshape(len(data["rows"]), -1)


class Theirs:
    """Hugging Face's answers to pairs, many at once."""

    def __init__(self) -> None:
        folder = SHIPPED_FOLDER / SHIPPED_NAME
        self.model = BertForPreTraining.from_pretrained(folder).eval()
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.known: dict[tuple[str, ...], dict[tuple[int, ...], float]] = {}

    @torch.inference_mode()
    def logits(self, pairs: Sequence[tuple[str, str]]) -> torch.Tensor:
        """(pair, 2) in double precision."""
        inputs = self.tokenizer(*map(list, zip(*pairs, strict=True)), padding=True, return_tensors="pt")
        logits: torch.Tensor = self.model(**inputs).seq_relationship_logits
        return logits.double()

    def orders(self, story: Sequence[str]) -> dict[tuple[int, ...], float]:
        """Every order's score, added up one by one."""
        if tuple(story) in self.known:
            return self.known[tuple(story)]
        pairs = list(permutations(range(len(story)), 2))
        log_probs = self.logits([(story[first], story[then]) for first, then in pairs]).log_softmax(dim=-1)[:, 0]
        scores = dict(zip(pairs, log_probs.tolist(), strict=True))
        found = {order: sum(scores[step] for step in pairwise(order)) for order in permutations(range(len(story)))}
        return self.known.setdefault(tuple(story), found)


@pytest.fixture(scope="session")
def theirs() -> Theirs:
    return Theirs()


@every_language
def test_the_cards_come_shuffled_and_nothing_tells_their_order(open_page: Open, language: Language) -> None:
    app = open_story(open_page, lang=language)
    data = sent(app, "card_sorter")
    cards = dealt(STORY.sentences, own=False)
    assert data["cards"] == [[LETTERS[card], STORY.sentences[sentence]] for card, sentence in enumerate(cards)]
    assert data["order"] == list(range(len(cards)))
    assert not app.get("plotly_chart")
    assert not app.latex
    assert not [each for each in app.get("bidi_component") if "order_lines" in each.proto.component_name]


@every_language
def test_three_orders_ranks_and_tau_are_those_of_a_search_by_hand(
    open_page: Open, theirs: Theirs, language: Language
) -> None:
    app = open_story(open_page, order="BDACE", done="on", lang=language)
    cards = dealt(STORY.sentences, own=False)
    reader = tuple(cards[LETTERS.index(letter)] for letter in "BDACE")
    truth = tuple(range(len(cards)))
    scores = theirs.orders(STORY.sentences)
    best = max(scores, key=lambda order: scores[order])

    left, middle, right = sent(app, "order_lines")["columns"]
    assert sent(app, "order_lines")["sentences"] == list(STORY.sentences)
    assert (left["order"], middle["order"], right["order"]) == (list(reader), list(truth), list(best))
    for column, order in ((left, reader), (right, best)):
        tau = kendalltau([order.index(number) for number in truth], truth).statistic
        assert float(column["note"].removeprefix("τ = ").replace("−", "-")) == pytest.approx(tau, abs=0.005)

    ranks = {order: 1 + sum(other > scores[order] for other in scores.values()) for order in (reader, truth)}
    told = next(each.value for each in app.markdown if str(len(scores)) in each.value)
    assert f"**{ranks[truth]}**" in told
    assert f"**{ranks[reader]}**" in told
    for order in (truth, truth[::-1]):
        assert f"{scores[order]:.2f}".replace("-", "−") in words(app)


def test_the_figure_has_the_score_of_every_order_and_marks_three(open_page: Open, theirs: Theirs) -> None:
    app = open_story(open_page, OWN, order="DCBA", done="on")
    cards = dealt(OWN, own=True)
    scores = theirs.orders(OWN)
    points, marks = figure(app)["data"]
    spelled = {
        " ".join(LETTERS[cards.index(sentence)] for sentence in order): score for order, score in scores.items()
    }  # fmt: skip
    assert len(points["text"]) == math.factorial(len(OWN))
    drawn = np.frombuffer(base64.b64decode(points["y"]["bdata"]), dtype=points["y"]["dtype"])
    for name, score in zip(points["text"], drawn, strict=True):
        assert score == pytest.approx(spelled[name], abs=1e-4)
    told = " ".join(LETTERS[cards.index(sentence)] for sentence in range(len(OWN)))
    assert marks["text"] == ["D C B A", points["text"][0], told]


def test_the_matrix_holds_what_the_model_says_to_each_pair_and_a_click_asks_about_one(
    open_page: Open, theirs: Theirs
) -> None:
    cards = dealt(STORY.sentences, own=False)
    letters = [LETTERS[cards.index(sentence)] for sentence in range(len(cards))]
    app = open_story(open_page, done="on", cell=letters[3] + letters[1])
    values = matrix(app)
    pairs = list(permutations(range(len(cards)), 2))
    found = theirs.logits([(STORY.sentences[first], STORY.sentences[then]) for first, then in pairs])
    assert [values[pair] for pair in pairs] == pytest.approx(found.log_softmax(dim=-1)[:, 0].tolist(), abs=1e-4)
    assert np.isnan(values.diagonal()).all()
    data = sent(app, "matrix")
    assert data["picked"] == [3, 1]
    order = sent(app, "order_lines")["columns"][2]["order"]
    assert data["changed"] == [first * len(cards) + then for first, then in pairwise(order)]

    written = [float(number) for number in re.findall(r"(-?\d+\.\d{4,6})", app.latex[0].value)]
    logits = found[pairs.index((3, 1))]
    both = logits.tolist()
    probability, log_prob = float(logits.softmax(dim=-1)[0]), float(logits.log_softmax(dim=-1)[0])
    assert written == pytest.approx([both[0], *both, probability, log_prob], abs=1e-4)


@pytest.mark.parametrize("whose", ["model", "truth", "reader"])
def test_the_sum_of_an_order_is_written_out_and_adds_up(open_page: Open, whose: str) -> None:
    app = open_story(open_page, order="ECDBA", done="on", sum=whose)
    written = app.latex[1].value
    terms = [float(term) for term in re.findall(r"\((-?\d+\.\d{4})\)", written)]
    (total,) = re.findall(r"\\mathbf\{(-?\d+\.\d{4})\}", written)
    steps = re.findall(r"\\log P\((\w) \\to (\w)\)", written)
    columns = sent(app, "order_lines")["columns"]
    order = columns[{"reader": 0, "truth": 1, "model": 2}[whose]]["order"]
    letters = sent(app, "order_lines")["letters"]
    assert steps == [(letters[first], letters[then]) for first, then in pairwise(order)]
    values = matrix(app)
    assert terms == pytest.approx([float(values[step]) for step in pairwise(order)], abs=1e-4)
    assert float(total) == pytest.approx(sum(terms), abs=5e-4)


def test_the_table_has_every_pair_with_its_logits(open_page: Open, theirs: Theirs) -> None:
    rows = open_story(open_page, OWN, done="on", table="on").dataframe[0].value
    assert len(rows) == len(OWN) * (len(OWN) - 1)
    logits = theirs.logits([(first[2:], then[2:]) for first, then in zip(rows["first"], rows["then"], strict=True)])
    assert list(rows["logit IsNext"]) == pytest.approx(logits[:, 0].tolist(), abs=1e-4)
    assert list(rows["logit NotNext"]) == pytest.approx(logits[:, 1].tolist(), abs=1e-4)
    assert list(rows["P(IsNext)"]) == pytest.approx(logits.softmax(dim=-1)[:, 0].tolist(), abs=1e-5)
    assert list(rows["log P"]) == pytest.approx(logits.log_softmax(dim=-1)[:, 0].tolist(), abs=1e-4)


@every_language
def test_over_all_stories_the_mean_of_tau_and_each_rank_are_those_of_a_search(
    open_page: Open, theirs: Theirs, language: Language
) -> None:
    app = open_story(open_page, done="on", all="on", lang=language)
    rows = app.table[0].value
    taus = []
    for number, story in enumerate(STORIES):
        scores, truth = theirs.orders(story.sentences), tuple(range(len(story.sentences)))
        row = [str(cell) for cell in rows.iloc[number]]
        assert row[0] == translate(story.title, language)
        tau, (rank, count) = float(row[1].replace("−", "-")), row[2].split(" / ")
        taus.append(tau)
        assert int(count) == math.factorial(len(story.sentences))
        best = max(scores, key=lambda order: scores[order])
        assert tau == pytest.approx(kendalltau(best, truth).statistic, abs=0.005)
        assert int(rank) == 1 + sum(other > scores[truth] for other in scores.values())
    (mean,) = re.findall(r"\*\*(−?\d\.\d\d)\*\*", words(app))
    assert float(mean.replace("−", "-")) == pytest.approx(sum(taus) / len(taus), abs=0.006)


sentences = st.lists(
    st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=12)
    .filter(lambda words: any(word.isalnum() for word in words))
    .map(" ".join),
    min_size=4,
    max_size=5,
    unique=True,
)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=sentences)
def test_any_story_is_scored_as_transformers_scores_it(open_page: Open, theirs: Theirs, story: list[str]) -> None:
    values = matrix(open_story(open_page, story, done="on"))
    pairs = list(permutations(range(len(story)), 2))
    expected = theirs.logits([(story[first], story[then]) for first, then in pairs]).log_softmax(dim=-1)[:, 0]
    assert [values[pair] for pair in pairs] == pytest.approx(expected.tolist(), abs=1e-4)


def test_a_move_stands_in_the_address_and_the_button_commits_to_it(open_page: Open) -> None:
    app = open_story(open_page, order="CABED")
    assert sent(app, "card_sorter")["order"] == [2, 0, 1, 4, 3]
    app.button(key="commit").click().run()
    assert (app.query_params["order"], app.query_params["done"]) == ("CABED", "on")
    cards = dealt(STORY.sentences, own=False)
    assert sent(app, "order_lines")["columns"][0]["order"] == [cards[number] for number in (2, 0, 1, 4, 3)]
    app.button(key="again").click().run()
    assert "done" not in app.query_params
    assert sent(app, "card_sorter")["order"] == [0, 1, 2, 3, 4]


def test_from_what_is_noticed_a_click_leads_to_where_the_model_is_fooled(open_page: Open) -> None:
    app = open_story(open_page, done="on")
    app.button(key="fooled_link").click().run()
    assert app.query_params["view"] == "fooled"
    assert not app.exception


def test_another_story_begins_anew(open_page: Open) -> None:
    app = open_story(open_page, order="CABED", done="on", cell="AB", sum="truth")
    app.selectbox(key="story").set_value(STORIES[1].name).run()
    assert not {"order", "done", "cell", "sum"} & set(app.query_params)
    assert len(sent(app, "card_sorter")["cards"]) == len(STORIES[1].sentences)


@pytest.mark.parametrize("order", ["", "AB", "AABCD", "ZYXWV", "ABCDEF", "<script>", "١٢٣"])
def test_an_order_that_is_none_is_the_one_that_was_dealt(open_page: Open, order: str) -> None:
    assert sent(open_story(open_page, order=order), "card_sorter")["order"] == [0, 1, 2, 3, 4]
    assert open_story(open_page, order=order, done="on", cell=order, sum=order).latex


WRONG: dict[str, tuple[Sequence[str], dict[str, object]]] = {
    "A story here has {fewest} to {most} sentences, one a line; yours has {count}.": (
        OWN[:3],
        {"fewest": 4, "most": 6, "count": 3},
    ),
    "Sentence {number} has {count} characters; {limit} is the most.": (
        [*OWN, "a" * 241],
        {"number": 5, "count": 241, "limit": 240},
    ),
    "Sentence {number} has a gap: put a word in place of [MASK].": ([*OWN, "He said [MASK]."], {"number": 5}),
    "Sentences {first} and {number} are the same: nobody can tell which comes first.": (
        [*OWN, OWN[1]],
        {"first": 2, "number": 5},
    ),
    "There is nothing in sentence {number} that the model can read.": ([*OWN, "\u200b\u200b"], {"number": 5}),
}


@every_language
@pytest.mark.parametrize("message", WRONG)
def test_a_story_that_cannot_be_ordered_is_told_why_and_nothing_is_lost(
    open_page: Open, message: str, language: Language
) -> None:
    story, fields = WRONG[message]
    app = open_story(open_page, story, done="on", lang=language)
    assert [each.value for each in app.warning] == [translate(message, language).format(**fields)]
    assert app.text_area(key="own_lines").value == "\n".join(story)


def test_nothing_typed_yet_says_what_to_do(open_page: Open) -> None:
    app = open_page("next_sentences", view="story", story="own", done="on")
    assert len(app.info) == 1
    app.text_area(key="own_lines").set_value("\n".join(OWN)).run()
    assert {text for _letter, text in sent(app, "card_sorter")["cards"]} == set(OWN)
    assert app.query_params["own"] == "\n".join(OWN)


def test_a_story_too_long_for_pairs_is_read_in_part_and_that_is_said(open_page: Open) -> None:
    dense = "x-" * 119
    app = open_story(open_page, [*OWN[:3], dense], done="on")
    letter = LETTERS[dealt([*OWN[:3], dense.strip()], own=True).index(3)]
    (warning,) = [each.value for each in app.warning]
    assert "128" in warning
    assert warning.endswith(f": {letter}.")


HOSTILE = ("<script>alert(1)</script>", "[x](javascript:alert(1)) $a$", ":material/home: **b** `c`", "& <b>d</b>")


def test_what_the_reader_typed_stands_on_the_page_as_text(open_page: Open) -> None:
    for first, then in ("AB", "BC", "CD", "DA"):
        app = open_story(open_page, HOSTILE, done="on", cell=first + then)
        plain = re.sub("(`+).*?\\1", "", words(app))
        assert not re.search(r"<script|javascript|<b>|\$a|:material", plain)


def test_the_view_does_not_need_a_sentence(open_page: Open) -> None:
    assert not open_story(open_page, sentence=" ", done="on").warning


def test_a_link_can_hide_the_cards(open_page: Open) -> None:
    app = open_story(open_page, OWN, hide="order,own,story")
    assert sent(app, "card_sorter")["fixed"]
    keys = {each.key for each in (*app.button, *app.text_area, *app.selectbox)}
    assert not keys & {"commit", "own_lines", "story"}


def test_the_challenge_is_met_by_a_story_that_the_model_orders_right(open_page: Open, theirs: Theirs) -> None:
    scores = theirs.orders(OWN)
    best = max(scores, key=lambda order: scores[order])
    right = [OWN[sentence] for sentence in best]
    worst = [OWN[sentence] for sentence in min(scores, key=lambda order: scores[order])]
    for story, is_met in ((right, True), (worst, False)):
        assert ("**Challenge.** ✓" in words(open_story(open_page, story, done="on"))) is is_met


def test_a_model_of_masked_words_alone_is_told_to_be_one(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LanguageModel, "has_next_sentence", False)
    for view in ("story", "ten"):
        app = open_page("next_sentences", view=view, done="on")
        assert any("masked words alone" in each.value for each in app.warning)


def test_the_notebook_gives_ranks_scores_and_tau(
    open_page: Open,
    taken: list[Cell],
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = open_story(open_page, HOSTILE, order="DBCA", done="on")
    names = run(taken)
    assert tuple(names["sentences"]) == HOSTILE
    assert matrix(app) == pytest.approx(names["scores"].log_probs.numpy(), abs=1e-5, nan_ok=True)
    assert list(names["ranked"].best) == sent(app, "order_lines")["columns"][2]["order"]
    printed = capsys.readouterr().out
    for order in ("truth", "reader"):
        assert f"rank {names['ranked'].rank(names[order])}," in printed
        assert f"**{names['ranked'].rank(names[order])}**" in words(app)


def test_the_file_of_all_orders_has_each_once(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    import streamlit

    made: dict[str, str] = {}

    def download(_label: str, make: Any, **options: Any) -> None:  # noqa: ANN401 (whatever Streamlit takes)
        if options["key"] == "orders_csv":
            made["csv"] = make()

    monkeypatch.setattr(streamlit, "download_button", download)
    open_story(open_page, OWN, done="on")
    rows = list(csv.DictReader(io.StringIO(made["csv"])))
    assert len({row["order"] for row in rows}) == len(rows) == math.factorial(len(OWN))
    scores = [float(row["score"].lstrip("'")) for row in rows]
    assert scores == sorted(scores, reverse=True)
