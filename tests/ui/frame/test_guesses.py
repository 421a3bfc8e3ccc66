"""What a lesson asks is not on the page, and what it calls true is what the model says, reached by another way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from figures.bars import percent
from lm_core import LanguageModel
from ui.i18n import LANGUAGES, Language, translate
from ui.lessons.attention.toy_head import TOKENS, UNTOUCHED, toy_steps

if TYPE_CHECKING:
    from tests.ui.conftest import Open

SENTENCE = "The children went to school by bus."
WORDS = SENTENCE.replace(".", " .").split()
HOSTILE = "<script>alert(1)</script> :material/home: $a$ **bold** [x](javascript:alert(1)) `x` went home"
every_language = pytest.mark.parametrize("language", LANGUAGES)


def question(app: AppTest, language: Language = "en") -> str:
    lead = translate("**Guess.** {question}", language).split("{")[0]
    (asked,) = [each.value for each in app.markdown if each.value.startswith(lead)]
    return asked


def options(app: AppTest) -> list[str]:
    """What can be chosen."""
    return [each.label for each in app.button if str(each.key).startswith("option_") and not each.disabled]


def answer(app: AppTest, label: str) -> str:
    """Choose an option; what the page says to it."""
    before = [each.value for each in app.markdown]
    (button,) = [each for each in app.button if each.label == label]
    button.click().run()
    (said,) = [each.value for each in app.markdown if each.value not in before]
    return said


def next_question(app: AppTest, language: Language = "en") -> bool:
    found = [each for each in app.button if each.label == translate("Next question", language)]
    for button in found:
        button.click().run()
    return bool(found)


@every_language
def test_masked_words_calls_true_what_the_model_answers_when_the_word_alone_is_hidden(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    app = open_page("masked_words", sentence=SENTENCE, mask="5", lang=language)
    yes, no = translate("Yes", language), translate("No", language)
    asked = []
    while True:
        number = int(re.findall(r"\d+", question(app, language))[0])
        asked.append(number)
        gap = " ".join([*WORDS[: number - 1], "[MASK]", *WORDS[number:]])
        (everything,) = shipped.fill_mask(gap, top_k=shipped.config.vocab_size)
        by_piece = {each.token: each.probability for each in everything}
        original = WORDS[number - 1].lower()
        if options(app) == [yes, no]:
            truth = yes if everything[0].token == original else no
            numbers = [everything[0].probability, by_piece[original]]
        else:
            pair = [label.strip("`") for label in options(app)]
            assert original in pair
            truth = f"`{max(pair, key=lambda piece: by_piece[piece])}`"
            numbers = [by_piece[piece] for piece in pair]
        said = answer(app, truth)
        assert said.startswith("✓")
        assert all(percent(number) in said for number in numbers)
        if not next_question(app, language):
            break
    assert sorted(asked) == [1, 2, 3, 4, 6, 7]
    assert any(re.findall(r"\d+", each.value) == ["6", "6"] for each in app.caption)


@every_language
def test_many_heads_calls_true_where_the_attention_is_largest(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    app = open_page("many_heads", sentence=SENTENCE, mask="5", layer="2", head="2", lang=language)
    trace = shipped.trace(SENTENCE, masked_words=[4])
    tokens = trace.encoding.tokens
    for _ in range(3):
        asked = question(app, language)
        word = re.findall(r"`(.+?)`", asked)[0]
        layer, head = (int(number) - 1 for number in re.findall(r"\d+", asked.replace(word, "")))
        assert (layer, head) != (1, 1)
        row = trace.attentions[layer][0, head, tokens.index(word)]
        truth = tokens[int(row.argmax())]
        assert len(options(app)) == 4
        assert {option.strip("`") for option in options(app)} <= set(tokens)
        said = answer(app, f"`{truth}`")
        assert said.startswith("✓")
        assert percent(float(row.max())) in said
        assert next_question(app, language)


def test_a_wrong_answer_is_told_the_truth_and_cannot_be_taken_back(open_page: Open, shipped: LanguageModel) -> None:
    app = open_page("many_heads", sentence=SENTENCE, mask="")
    layer, head = (int(number) - 1 for number in re.findall(r"\d+", question(app)))
    (word,) = re.findall(r"`(.+?)`", question(app))
    trace = shipped.trace(SENTENCE)
    row = trace.attentions[layer][0, head, trace.encoding.tokens.index(word)]
    truth = f"`{trace.encoding.tokens[int(row.argmax())]}`"
    wrong = next(option for option in options(app) if option != truth)
    assert answer(app, wrong).startswith(f"You said {wrong}; it is {truth}.")
    assert not options(app)
    assert any("0 of 1" in each.value for each in app.caption)


def test_a_question_is_about_another_word_and_another_head_than_those_shown(open_page: Open) -> None:
    asked_first = int(re.findall(r"\d+", question(open_page("masked_words", sentence=SENTENCE, mask="")))[0])
    hidden = open_page("masked_words", sentence=SENTENCE, mask=str(asked_first))
    assert int(re.findall(r"\d+", question(hidden))[0]) != asked_first
    layer, head = re.findall(r"\d+", question(open_page("many_heads", sentence=SENTENCE, mask="")))
    shown = open_page("many_heads", sentence=SENTENCE, mask="", layer=layer, head=head)
    assert re.findall(r"\d+", question(shown)) != [layer, head]


def test_what_was_answered_stays_when_the_reader_goes_to_look(open_page: Open) -> None:
    app = open_page("many_heads", sentence=SENTENCE, mask="")
    asked = question(app)
    answer(app, options(app)[0])
    layer, head = re.findall(r"\d+", asked)
    app.segmented_control(key="layer_picker").set_value(int(layer) - 1).run()
    app.segmented_control(key="head_picker").set_value(int(head) - 1).run()
    assert app.query_params["head"] == head
    assert question(app) == asked


def test_a_sentence_with_nothing_to_ask_about_has_no_question(open_page: Open) -> None:
    for page in ("masked_words", "many_heads"):
        app = open_page(page, sentence="! ! ?? ? ?", mask="")
        assert not options(app)


@pytest.mark.parametrize("page", ["masked_words", "many_heads"])
def test_words_of_the_reader_are_code_in_a_question_and_its_options(open_page: Open, page: str) -> None:
    app = open_page(page, sentence=HOSTILE, mask="")
    for _ in range(4):
        assert all(option in ("Yes", "No") or option[0] == option[-1] == "`" for option in options(app))
        said = answer(app, options(app)[0])
        for text in (question(app), said):
            plain = re.sub("(`+).*?\\1", "", text).replace("<0.1", "")
            assert not re.search(r"[<>$*:\[\]]\w|javascript", plain.replace("**Guess.**", ""))
        next_question(app)


def test_one_thing_is_guessed_at_a_time(open_page: Open) -> None:
    app = open_page("masked_words", sentence=SENTENCE, mask="5", guess="on")
    assert not options(app)
    assert [box.label for box in app.text_input].count("What will the model put here?") == 1


@every_language
def test_one_head_asks_what_the_scaling_does_and_says_it(open_page: Open, language: Language) -> None:
    steps, _weights, _mask = toy_steps(UNTOUCHED)
    for row in (2, 3, 4):
        app = open_page("attention", step="probs", cell=f"{row}.1", lang=language)
        asked = question(app, language)
        assert f"`{TOKENS[row - 1]}`" in asked
        named = re.findall(r"`([^`]+)`", asked)
        key = TOKENS.index(named[1])
        before = steps.probs[row - 1, key]
        after = (2 * steps.scores[row - 1]).softmax(dim=-1)[key]
        truth, other = ("More", "Less") if after > before else ("Less", "More")
        said = answer(app, translate(truth, language))
        assert said.startswith("✓")
        assert percent(float(before)) in said
        assert percent(float(after)) in said
        assert translate(other, language) not in said


@every_language
def test_tokens_calls_nearer_what_has_the_larger_cosine(
    open_page: Open, shipped: LanguageModel, language: Language
) -> None:
    app = open_page("tokens", sentence=SENTENCE, mask="", lang=language)
    (word,) = re.findall(r"`([^`]+)`", question(app, language))
    embeddings = shipped.model.body.embeddings.word.weight.double()
    ids = {name: shipped.tokenizer.vocabulary[name.strip("`")] for name in (word, *options(app))}
    unit = {name: embeddings[each] / embeddings[each].norm() for name, each in ids.items()}
    cosines = {name: float(unit[name] @ unit[word]) for name in options(app)}
    truth = max(cosines, key=lambda name: cosines[name])
    said = answer(app, truth)
    assert said.startswith("✓")
    assert all(f"{cosine:.3f}" in said for cosine in cosines.values())


def test_one_head_asks_nothing_about_a_row_that_the_scaling_leaves_as_it_is(open_page: Open) -> None:
    app = open_page("attention", step="probs", cell="1.1")  # the first token of the toy looks at all alike
    assert not any(each.value.startswith("**Guess.**") for each in app.markdown)
