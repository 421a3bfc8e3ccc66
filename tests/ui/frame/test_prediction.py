"""A guess is committed before the truth is sent, and counted once."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.patience import PATIENCE


def page() -> None:
    import streamlit as st

    from ui.frame.prediction import Question, predict_in_turn

    def ask(number: int) -> Question:
        return Question(f"Question {number}?", ("red", "green"), "green", f"Because of {number}.")

    shown = st.text_input("shown", key="shown")
    predict_in_turn([1, 2, 3], ask, series="colours", is_on_page=lambda number: str(number) == shown)


def text_page() -> None:
    from lm_core.errors import InputError
    from ui.frame.prediction import predict_text

    def judge(typed: str) -> tuple[bool, str]:
        if typed == "?":
            raise InputError("Type a sentence first.")
        return typed == "7", f"You typed {typed}."

    try:
        predict_text("How many?", judge=judge, key="number", note="A number.")
    except InputError:
        return


def opened() -> AppTest:
    return AppTest.from_function(page, default_timeout=PATIENCE).run()


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [each for each in app.button if each.label == label]
    return button.click().run()


def words(app: AppTest) -> str:
    return "\n".join(each.value for each in (*app.markdown, *app.caption))


def buttons(app: AppTest) -> list[str]:
    """What can be pressed."""
    return [each.label for each in app.button if not each.disabled]


def test_neither_the_truth_nor_the_why_is_sent_before_the_answer() -> None:
    app = opened()
    assert "Question 1?" in words(app)
    assert buttons(app) == ["red", "green"]
    assert "Because" not in str(app.main)
    assert not app.caption


def test_an_answer_is_committed_and_judged() -> None:
    app = press(opened(), "red")
    assert "You said red; it is green. Because of 1." in words(app)
    assert "0 of 1 right" in words(app)
    assert [each.label for each in app.button] == ["red", "✓ green", "Next question"]
    assert buttons(app) == ["Next question"]
    app.run()
    assert "0 of 1 right" in words(app)


def test_the_next_question_comes_when_it_is_asked_for_and_the_score_goes_on() -> None:
    app = press(opened(), "green")
    assert "✓ Right: green. Because of 1." in words(app)
    press(app, "Next question")
    assert "Question 2?" in words(app)
    press(app, "red")
    assert "1 of 2 right" in words(app)
    press(press(app, "Next question"), "green")
    assert "2 of 3 right" in words(app)
    assert not buttons(app)


def test_what_the_page_shows_is_not_asked_and_what_was_answered_stays() -> None:
    app = opened()
    app.text_input(key="shown").set_value("1").run()
    assert "Question 2?" in words(app)
    app.text_input(key="shown").set_value("").run()
    assert "Question 1?" in words(app)
    press(app, "green")
    app.text_input(key="shown").set_value("1").run()
    assert "✓ Right: green. Because of 1." in words(app)


def test_a_typed_answer_counts_once_and_one_that_cannot_be_judged_does_not() -> None:
    app = AppTest.from_function(text_page, default_timeout=PATIENCE).run()
    app.text_input[0].set_value("  ").run()
    assert app.text_input
    app.text_input[0].set_value("?").run()
    assert not app.caption
    app.run()
    app.text_input[0].set_value("7").run()
    assert words(app) == "✓ You typed 7.\n1 of 1 right"
    assert not app.text_input
