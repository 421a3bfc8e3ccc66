"""The lesson on next sentences shows what `transformers` makes of the same pair with the same weights."""

from __future__ import annotations

import base64
import json
import math
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer, BertForMaskedLM, BertForPreTraining

from figures.bars import percent
from lm_core.checkpoints.pretrained import SHIPPED_FOLDER, SHIPPED_NAME
from lm_core.measured.next_sentence_test import read_table
from lm_core.text.passages import LENGTHS, NEGATIVES, TRUE
from tests.ui.frame.test_guesses import answer, next_question, options, question
from tests.ui.frame.test_notebook import run
from tests.ui.lessons.many_heads.test_many_heads import sent
from tests.ui.models.test_picker import load
from ui.frame import foot
from ui.frame.notebook import Cell
from ui.i18n import LANGUAGES, Language, translate
from ui.lessons.next_sentences.pair_examples import KINDS, PAIRS, VARIANTS, another_second, kind_of

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.ui.conftest import Open

A, B = "The dog slept in the sun.", "It woke up when the door opened."
EXAMPLE = PAIRS[1]
HOSTILE = '<script>alert(1)</script> :material/home: $a$ **b** [x](javascript:alert(1)) `y` "\\'
MINE = ("pair", "cls", "words", "fooled")
every_language = pytest.mark.parametrize("language", LANGUAGES)


class Theirs:
    """Hugging Face's model and tokenizer on the shipped folder."""

    def __init__(self) -> None:
        self.folder = SHIPPED_FOLDER / SHIPPED_NAME
        self.model = BertForPreTraining.from_pretrained(self.folder, attn_implementation="eager").eval()
        self.tokenizer = AutoTokenizer.from_pretrained(self.folder)

    @torch.inference_mode()
    def logits(self, first: str, second: str) -> torch.Tensor:
        """The two logits of the next-sentence head."""
        output = self.model(**self.tokenizer(first, second, return_tensors="pt"))
        return torch.as_tensor(output.seq_relationship_logits[0]).double()

    def probability(self, first: str, second: str) -> float:
        """P(IsNext)."""
        return float(self.logits(first, second).softmax(dim=-1)[0])

    @torch.inference_mode()
    def looks(self, first: str, second: str) -> torch.Tensor:
        """(layer, head, key) where [CLS] looks."""
        output = self.model(**self.tokenizer(first, second, return_tensors="pt"), output_attentions=True)
        return torch.cat([layer[:, :, 0] for layer in output.attentions])


@pytest.fixture(scope="module")
def theirs() -> Theirs:
    return Theirs()


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[Cell]:
    """The cells that the page last opened would be taken away as."""
    cells: list[Cell] = []
    monkeypatch.setattr(foot, "notebook_button", lambda _slug, offered: cells.__setitem__(slice(None), offered))
    return cells


def shown(app: AppTest) -> float:
    """P(IsNext) as it is written in large."""
    (metric,) = app.metric
    return float(metric.value.replace("<", "").removesuffix("\u00a0%")) / 100


def chart(app: AppTest, key: str) -> dict[str, Any]:
    """A figure by the key of its element."""
    (found,) = [json.loads(each.proto.spec) for each in app.get("plotly_chart") if each.proto.id.endswith(f"-{key}")]
    return dict(found)


def numbers(values: dict[str, Any] | list[float]) -> list[float]:
    """What plotly sends, as a list."""
    if isinstance(values, dict):
        return [float(each) for each in np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"])]
    return [float(each) for each in values]


def written(formula: str) -> list[float]:
    """The numbers of a formula."""
    return [float(number) for number in re.findall(r"-?\d+\.\d+", formula)]


@every_language
def test_the_number_and_its_sum_are_theirs(open_page: Open, theirs: Theirs, language: Language) -> None:
    app = open_page("next_sentences", sentence=A, pair=B, mask="2", lang=language)  # no word is hidden here
    assert not app.warning
    assert shown(app) == pytest.approx(theirs.probability(A, B), abs=6e-4)
    is_next, not_next = theirs.logits(A, B).tolist()
    expected = [is_next, is_next, not_next, theirs.probability(A, B)]
    assert written(app.latex[0].value) == pytest.approx(expected, abs=1e-4)
    tokens = sent(app, "token_row")
    inputs = theirs.tokenizer(A, B)
    assert (tokens["ids"], tokens["segments"]) == (inputs["input_ids"], inputs["token_type_ids"])


def test_what_one_click_puts_behind_a_is_judged_and_kept_in_one_figure(open_page: Open, theirs: Theirs) -> None:
    app = open_page("next_sentences", sentence=EXAMPLE.first, mask="")
    tried = [EXAMPLE.follows]
    for name in [*VARIANTS][1:]:
        app.button(key=f"variant_{name}").click().run()
        tried.append(EXAMPLE.variant(name))
        assert app.query_params["pair"] == EXAMPLE.variant(name)
        assert shown(app) == pytest.approx(theirs.probability(EXAMPLE.first, tried[-1]), abs=6e-4)
        assert app.button(key=f"variant_{name}").disabled
    expected = [theirs.probability(EXAMPLE.first, second) for second in tried]
    assert numbers(chart(app, "tried")["data"][0]["x"]) == pytest.approx(expected, abs=2e-5)
    app.toggle(key="table").set_value(True).run()
    table = app.dataframe[0].value
    assert list(table["B"]) == tried
    assert list(table["kind"]) == [translate(KINDS[name], "en") for name in VARIANTS]
    assert list(table["P(IsNext)"]) == pytest.approx(expected, abs=2e-5)
    fooled = sum(number > 0.9 for number in expected[1:])
    (challenge,) = [each.value for each in app.markdown if each.value.startswith("**Challenge.**")]
    assert ("✓" in challenge) == (fooled > 0)
    assert not fooled or challenge.endswith(f": {fooled}.")
    app.button(key="forget").click().run()
    assert numbers(chart(app, "tried")["data"][0]["x"]) == pytest.approx(expected[-1:], abs=2e-5)


def test_a_readers_own_pair_can_be_swapped_and_replaced_and_no_word_of_it_is_lost(
    open_page: Open, theirs: Theirs
) -> None:
    app = open_page("next_sentences", sentence=A, pair=B)
    assert not [each for each in app.button if str(each.key).startswith("variant_")]
    app.button(key="swap_pair").click().run()
    assert (app.text_area(key="first_card").value, app.text_area(key="pair").value) == (B, A)
    assert app.sidebar.text_area(key="sentence_box").value == B
    assert shown(app) == pytest.approx(theirs.probability(B, A), abs=6e-4)
    app.text_area(key="first_card").set_value("Another one.").run()
    assert app.text_area(key="pair").value == A
    app.button(key="another_pair").click().run()
    second = str(app.text_area(key="pair").value)
    assert kind_of("Another one.", second) == "random"
    assert shown(app) == pytest.approx(theirs.probability("Another one.", second), abs=6e-4)


def test_typing_in_a_first_card_keeps_the_b_that_the_address_did_not_name(open_page: Open) -> None:
    app = open_page("next_sentences")
    second = app.text_area(key="pair").value
    app.text_area(key="first_card").set_value("The children went to school on foot.").run()
    assert app.text_area(key="pair").value == second


def test_each_example_has_seven_different_sentences_and_is_recognised() -> None:
    assert len(PAIRS) >= 10
    for example in PAIRS:
        assert len({example.first, *(example.variant(name) for name in VARIANTS)}) == 1 + len(VARIANTS)
        for name in VARIANTS:
            assert kind_of(example.first, example.variant(name)) == name
        assert kind_of(example.follows, example.first) == "swapped"
        assert kind_of(example.first, "Something else.") == "own"
        seen, second = set(), example.follows
        while (second := another_second(example.first, second)) not in seen:
            assert kind_of(example.first, second) == "random"
            seen.add(second)
        assert len(seen) == len(PAIRS) - 1
    with pytest.raises(ValueError, match="is not one of"):
        PAIRS[0].variant("first")


@every_language
@pytest.mark.parametrize("pair", [(EXAMPLE.first, EXAMPLE.follows), (A, B)], ids=["ours", "own"])
def test_a_guess_about_a_pair_is_judged_by_their_answer(
    open_page: Open, theirs: Theirs, language: Language, pair: tuple[str, str]
) -> None:
    app = open_page("next_sentences", sentence=pair[0], pair=pair[1], lang=language)
    yes, no = translate("Yes", language), translate("No", language)
    while True:
        asked = re.findall(r"`([^`]+)`", question(app, language))
        choices = options(app)
        if choices == [yes, no]:
            second, first = asked
            probability = theirs.probability(first, second)
            truth = yes if probability > 0.5 else no
        else:
            probabilities = [theirs.probability(asked[0], choice.strip("`")) for choice in choices]
            truth, probability = choices[int(probabilities[1] > probabilities[0])], max(probabilities)
        said = answer(app, truth)
        assert said.startswith("✓")
        assert percent(probability) in said
        if not next_question(app, language):
            break


@every_language
@pytest.mark.parametrize("part", ["first", "second", "cls", "sep"])
def test_the_shares_of_cls_and_their_sums_are_theirs(
    open_page: Open, theirs: Theirs, language: Language, part: str
) -> None:
    address = {"sentence": A, "pair": B, "layer": "3", "head": "2", "part": part, "lang": language}
    looks = theirs.looks(A, B)
    inputs = theirs.tokenizer(A, B)
    segments, ids = torch.tensor(inputs["token_type_ids"]), torch.tensor(inputs["input_ids"])
    is_sep = ids == theirs.tokenizer.sep_token_id
    masks = {
        "first": (segments == 0) & ~is_sep & (torch.arange(len(ids)) > 0),
        "second": (segments == 1) & ~is_sep,
        "cls": torch.arange(len(ids)) == 0,
        "sep": is_sep,
    }
    app = open_page("next_sentences", view="cls", bar="head", table="on", **address)
    for trace, mask in zip(chart(app, "segment_bars")["data"], masks.values(), strict=True):
        shares = looks[:, :, mask].sum(-1)
        assert numbers(trace["x"]) == pytest.approx([*shares.mean(1).tolist(), *shares[2].tolist()], abs=1e-5)
    table = app.dataframe[0].value.iloc[:, 2:].to_numpy()
    expected = torch.stack([looks[:, :, mask].sum(-1) for mask in masks.values()], dim=-1).flatten(0, 1)
    assert table == pytest.approx(expected.numpy(), abs=1e-5)
    (total,) = [each.value for each in app.markdown if each.value.endswith("**") and " = **" in each.value]
    share = float(looks[2, 1, masks[part]].sum())
    *terms, result = written(re.sub(r"`[^`]*`", "", total))
    assert result == pytest.approx(share, abs=6e-5)
    assert sum(terms) == pytest.approx(share, abs=1e-3)
    mean = open_page("next_sentences", view="cls", **address)
    (total,) = [each.value for each in mean.markdown if each.value.endswith("**") and " = **" in each.value]
    *terms, result = written(total)
    assert result == pytest.approx(float(looks[2, :, masks[part]].sum(-1).mean()), abs=6e-5)
    assert terms == pytest.approx(looks[2, :, masks[part]].sum(-1).tolist(), abs=6e-5)


@every_language
@pytest.mark.parametrize("how", ["delete", "hide"])
def test_each_word_has_the_effect_that_they_see_without_it(
    open_page: Open, theirs: Theirs, language: Language, how: str
) -> None:
    app = open_page(
        "next_sentences", view="words", how=how, sentence=A, pair=B, without="B3", table="on", lang=language
    )
    words = [re.findall(r"\w+|[^\w\s]", text) for text in (A, B)]
    base = theirs.logits(A, B)
    effects, after = [], []
    for segment, text in enumerate(words):
        for number in range(len(text)):
            changed = [list(each) for each in words]
            changed[segment][number : number + 1] = (
                ["[MASK]"] * len(theirs.tokenizer.tokenize(text[number])) if how == "hide" else []
            )
            logits = theirs.logits(" ".join(changed[0]), " ".join(changed[1]))
            effects.append(float((base[0] - base[1] - logits[0] + logits[1]) / math.log(2)))
            after.append(float(logits.softmax(-1)[0]))
    row = sent(app, "word_row")["words"]
    assert [word["text"] for word in row] == [*words[0], "[SEP]", *words[1]]
    assert [word["value"] for word in row if word["value"] is not None] == pytest.approx(effects, abs=1e-4)
    table = app.dataframe[0].value
    assert table.iloc[:, 4].to_numpy() == pytest.approx(after, abs=1e-5)
    assert table.iloc[:, 5].to_numpy() == pytest.approx(effects, abs=1e-4)
    third = len(words[0]) + 2
    before_bar, after_bar = chart(app, "without")["data"]
    assert numbers(before_bar["x"]) == pytest.approx([float(base.softmax(-1)[0])], abs=1e-5)
    assert numbers(after_bar["x"]) == pytest.approx([after[third]], abs=1e-5)
    assert written(app.latex[0].value)[-1] == pytest.approx(effects[third], abs=2e-4)
    (told,) = [
        each.value for each in app.markdown if translate("**Notice.** Measured just now:", language) in each.value
    ]
    assert f"{max(effects):+.2f}".replace("-", "−") in told


@every_language
@pytest.mark.parametrize("length", LENGTHS)
def test_the_accuracies_are_those_of_the_table_beside_the_weights(
    open_page: Open, language: Language, length: str
) -> None:
    table = read_table(SHIPPED_FOLDER / SHIPPED_NAME)
    app = open_page("next_sentences", view="fooled", length=length, table="on", lang=language)
    if table is None:  # new weights, which nobody has measured yet
        assert "next_sentence_test" in app.info[0].value
        return
    data = chart(app, "accuracies")["data"][0]
    tasks = [table.task(length, negative) for negative in NEGATIVES]
    assert all(tasks)
    assert numbers(data["x"]) == pytest.approx([task.share for task in tasks if task])
    ends = zip(numbers(data["error_x"]["arrayminus"]), numbers(data["error_x"]["array"]), strict=True)
    for (minus, plus), task in zip(ends, tasks, strict=True):
        assert task is not None
        assert (task.share - minus, task.share + plus) == pytest.approx(task.interval)
    for trace, kind in zip(chart(app, "distributions")["data"], (TRUE, *NEGATIVES), strict=True):
        counts = np.asarray(table.histogram(length, kind))
        assert numbers(trace["y"]) == pytest.approx((counts / counts.sum()).tolist())
    rows = app.dataframe[0].value
    assert len(rows) >= len(table.results)
    assert list(rows.iloc[:4, 4]) == [
        found.right for kind in (TRUE, *NEGATIVES) if (found := table.accuracy("sentences", kind)) is not None
    ]


def test_a_guess_about_another_text_is_judged_by_its_interval(open_page: Open) -> None:
    table = read_table(SHIPPED_FOLDER / SHIPPED_NAME)
    if table is None:
        pytest.skip("these weights have not been measured")
    app = open_page("next_sentences", view="fooled")
    asked = question(app)
    (source,) = re.findall(r"`([^`]+)`", asked)
    length = "sentences" if "Single" in asked else "segments"
    task = table.task(length, "swapped" if "their order" in asked else "topic", source)
    assert task is not None
    said = answer(app, "Yes" if task.interval[0] > 0.5 else "No")
    assert said.startswith("✓")
    assert percent(task.share) in said


@every_language
def test_a_model_of_masked_words_alone_is_told_and_nothing_breaks(
    open_page: Open, theirs: Theirs, tmp_path: Path, language: Language
) -> None:
    folder = tmp_path / f"masked only {time.monotonic_ns()}"
    BertForMaskedLM(theirs.model.config).save_pretrained(folder)
    theirs.tokenizer.save_pretrained(folder)
    app = load(open_page("next_sentences", sentence=A, pair=B, lang=language), str(folder))
    address = {**app.query_params}
    for view in MINE:
        app.query_params = {**address, "view": view}
        app.run()
        assert not app.exception
        if view == "fooled":
            assert "lm_core measure next-sentences" in app.info[0].value
        else:
            assert len(app.warning) == 1
            assert app.text_area(key="pair").value == B


ODD = {
    "hostile": (HOSTILE, HOSTILE),
    "one word": ("Yes", "No"),
    "masks": ("[MASK] [MASK]", "[MASK]"),
    "special tokens": ("[SEP] [CLS]", "[SEP]"),
    "unknown": ("词", "🙂"),
    "long": ("a " * 400, "b " * 900),
}


@pytest.mark.parametrize("view", MINE)
@pytest.mark.parametrize("odd", ODD)
def test_whatever_is_typed_stands_on_the_page_as_it_is(open_page: Open, view: str, odd: str) -> None:
    first, second = ODD[odd]
    app = open_page("next_sentences", view=view, sentence=first, pair=second, table="on", code="on", without="B1")
    told = "\n".join(each.value for each in (*app.markdown, *app.caption, *app.header, *app.info))
    assert "javascript" not in told.replace("`javascript`", "").replace(f"`` {HOSTILE} ``", "")
    assert ":material/home:" not in told.replace(f"`` {HOSTILE} ``", "")
    assert len(app.warning) == {"long": 1 if view == "fooled" else 2}.get(odd, 0)


@pytest.mark.parametrize("pair", ["", " \t"])
def test_without_a_second_sentence_the_page_asks_for_one(open_page: Open, pair: str) -> None:
    app = open_page("next_sentences", sentence=A, pair=pair)
    assert [warning.value for warning in app.warning] == ["Type a second sentence, too."]
    assert app.text_area(key="first_card").value == A


@pytest.mark.parametrize("view", MINE)
@every_language
def test_the_notebook_gives_the_numbers_of_the_page(
    open_page: Open,
    theirs: Theirs,
    taken: list[Cell],
    view: str,
    language: Language,
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_page("next_sentences", view=view, sentence=A, pair=B, mask="2", lang=language)
    if not taken:  # a view of weights that were not measured, or of another story
        return
    names = run(taken)
    if view == "pair":
        assert names["judgement"].probability == pytest.approx(theirs.probability(A, B), abs=1e-5)
        assert f"P(IsNext) = {names['judgement'].probability:.6f}" in capsys.readouterr().out
    elif view == "cls":
        assert names["shares"].sum(-1).numpy() == pytest.approx(1, abs=1e-5)
    elif view == "words":
        assert names["whole"].probability == pytest.approx(theirs.probability(A, B), abs=1e-5)
