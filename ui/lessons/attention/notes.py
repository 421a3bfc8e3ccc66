"""What is said about a head by hand: measured statements, what √d is for, practice, and a challenge."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

import streamlit as st

from figures.bars import percent
from figures.curves import Curve, curves
from ui.address.session import change, option
from ui.appearance import theme
from ui.frame.figure import show_figure
from ui.frame.notice import listed
from ui.frame.prediction import Question, predict, show_score
from ui.i18n import _
from ui.lessons.attention.steps import number
from ui.lessons.attention.toy_head import TOKENS, Toy, toy_steps, without_swap
from ui.lessons.attention.view import STEPS, HandView, StepName, parts
from ui.plain import code_span

if TYPE_CHECKING:
    from torch import Tensor

WIDTHS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
_DIFFERENT = 0.0005  # of a probability, so that both are not written alike
CLOSE_ENOUGH = 0.006  # what rounding to two digits after the point may cost
_CHALLENGED = (TOKENS.index("it"), TOKENS.index("the"))  # the token that looks, and the one it should look at


def what_to_notice(view: HandView, row: int, toy: Toy | None) -> None:
    """What this head does, in measured statements; of the toy also what a swap has done."""
    from lm_core.explain.heads.attention import entropy

    steps = view.steps
    most = int(steps.probs[row].argmax())
    width = steps.query.shape[1]
    with_scaling, without = (float(entropy(probs[None, None]).mean()) / math.log(2) for probs in _scaled_and_not(view))
    statements = [
        _("{query} looks most at {key}, with {share} of its attention.").format(
            query=code_span(view.tokens[row]),
            key=code_span(view.tokens[most]),
            share=percent(float(steps.probs[row, most])),
        ),
        _("The rows have an entropy of {scaled} bits with the division by √{width}, and {unscaled} without it.").format(
            scaled=f"{with_scaling:.2f}", unscaled=f"{without:.2f}", width=width
        ),
    ]
    if toy is not None and toy.swapped is not None:
        statements.append(_what_a_swap_changed(toy))
    st.markdown(listed(_("**Notice.**"), statements))


def _what_a_swap_changed(toy: Toy) -> str:
    """How much the output of any word depends on where the words stand."""
    steps, _weights, _mask = toy_steps(toy)
    before, _weights, _mask = toy_steps(without_swap(toy))
    largest = float((steps.output - before.output[list(toy.order)]).abs().max())
    changed = _(
        "Two words have changed places, and the outputs are no longer the same: that of a word differs by up to "
        "{change} from what it was. Where a word stands is part of what the head reads."
    )
    unchanged = _(
        "Two words have changed places, and nothing else happened: the output of every word is the same as before, to "
        "within {change}. Without positions the head reads a bag of words."
    )
    return (changed if largest > CLOSE_ENOUGH else unchanged).format(change=f"{largest:.4f}")


def guess_without_scaling(view: HandView, row: int) -> None:
    """What the division by √d does to one probability: asked before it can be seen."""
    from lm_core.explain.questions import shuffled

    width = view.steps.query.shape[1]
    with_scaling, without = (probs[row] for probs in _scaled_and_not(view))
    # The key that gets most always gains; of those after it some gain and some lose, and in an even row none does.
    others = [
        key
        for key in with_scaling.argsort(descending=True)[1:4].tolist()
        if abs(float(without[key] - with_scaling[key])) > _DIFFERENT
    ]
    if not others:
        return
    names = " ".join(view.tokens)
    key = others[shuffled(len(others), f"{row} {names}")[0]]
    more, less = _("More"), _("Less")
    before, after = float(with_scaling[key]), float(without[key])
    predict(
        Question(
            text=_("Without the division by √{width}, will {query} give {key} more or less of its attention?").format(
                width=width, query=code_span(view.tokens[row]), key=code_span(view.tokens[key])
            ),
            options=(more, less),
            truth=more if after > before else less,
            why=_("With the division it gives {before}, without it {after}.").format(
                before=percent(before), after=percent(after)
            ),
        ),
        key=f"attention {row} {key} {before} {names}",
    )
    show_score()


def _scaled_and_not(view: HandView) -> tuple[Tensor, Tensor]:
    """The attention with the division by √d and without, (query, key) each."""
    from lm_core.transformer.attention import attention_map

    steps = view.steps
    longer = math.sqrt(steps.query.shape[1]) * steps.query
    return attention_map(steps.query, steps.key, view.mask).probs, attention_map(longer, steps.key, view.mask).probs


def challenge(toy: Toy) -> None:
    """Make one token look at another by changing a number; judged by the attention itself."""
    looks, target = _CHALLENGED
    order = toy.order
    steps = toy_steps(toy)[0]
    row = steps.probs[order.index(looks)]
    share = percent(float(row[order.index(target)]))
    if int(row.argmax()) == order.index(target):
        st.markdown(
            _("**Challenge.** ✓ {query} looks most at {key}: {share}.").format(
                query=code_span(TOKENS[looks]), key=code_span(TOKENS[target]), share=share
            )
        )
    else:
        st.markdown(
            _(
                "**Challenge.** Change numbers of X or of the weights so that {query} looks most at {key}. Now it "
                "gives it {share}."
            ).format(query=code_span(TOKENS[looks]), key=code_span(TOKENS[target]), share=share)
        )


def scaling_measured() -> None:
    """What √d is for: the entropy of the rows as the width grows, with the division and without."""
    from lm_core.explain.heads.scaling import entropy_by_width

    measured = entropy_by_width(WIDTHS, positions=len(TOKENS))
    colours = theme()
    st.header(_("What √d is for"), anchor=False)
    st.markdown(
        _(
            "The wider the head, the larger its dot products grow, and the softmax then gives nearly everything to one "
            "key. Measured just now on random queries and keys of variance 1, {count} tokens each (Vaswani et al. "
            "2017, §3.2.1, footnote 4): the mean entropy of a row."
        ).format(count=len(TOKENS))
    )
    show_figure(
        curves(
            WIDTHS,
            [
                Curve(_("with √d"), [each.scaled for each in measured], colours.accent),
                Curve(_("without"), [each.unscaled for each in measured], colours.query),
            ],
            theme=colours,
            x_title=_("width d of the head"),
            y_title=_("entropy (bits)"),
            x_is_log=True,
        ),
        key="scaling",
        file_name="scaling",
        alt=_("Entropy by width: with the division it stays at {scaled} bits, without it falls to {unscaled}.").format(
            scaled=f"{measured[-1].scaled:.2f}", unscaled=f"{measured[-1].unscaled:.2f}"
        ),
    )


def practice_number() -> int | None:
    """Which exercise the reader is at, from 1; None when not practising."""
    asked = option("practice") or ""
    return int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 5 and int(asked) else None


def practice_cell(view: HandView, step: StepName, exercise: int) -> tuple[int, int]:
    """The number to be found in an exercise: another in each, the same for all who open the same link."""
    numbers = parts(view, step)[2].numbers
    rows = [row for row, kind in enumerate(view.kinds[: len(numbers)]) if kind == "word"] or [0]
    chance = random.Random(f"{exercise} {STEPS.index(step)}")
    return chance.choice(rows), chance.randrange(numbers.shape[1])


def practise(view: HandView, step: StepName, cell: tuple[int, int], exercise: int) -> bool:
    """Ask for the hidden number, and judge the answer; whether it has been found."""
    result = parts(view, step)[2]
    truth = float(result.numbers[cell])
    answer = st.text_input(
        _("What belongs in the cell with the question mark? (row {row}, column {column})").format(
            row=result.rows[cell[0]], column=result.columns[cell[1]]
        ),
        key=f"answer {exercise} {step} {option('edits')} {view.tokens}",
        max_chars=20,
        help=_("Multiply the marked row by the marked column and add up. Two digits after the point are enough."),
    )
    if not answer or not answer.strip():
        return False
    try:
        guess = float(answer.strip().replace(",", ".").replace("\u2212", "-"))
    except ValueError:
        st.warning(_("{answer} is not a number.").format(answer=code_span(answer)))
        return False
    if not math.isclose(guess, truth, abs_tol=CLOSE_ENOUGH, rel_tol=0.001):
        hint = _("Not yet: it is larger.") if truth > guess else _("Not yet: it is smaller.")
        st.warning(hint)
        return False
    st.success(_("Right: {number}.").format(number=number(truth)))
    st.button(_("Another one"), key="next_practice", on_click=lambda: change(practice=exercise + 1))
    return True
