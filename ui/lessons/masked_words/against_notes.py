"""What is said about two sentences against each other: a ratio in full, a guess, measured statements, a challenge."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from figures.bars import fine_percent, percent
from figures.words.ratio_bars import factor
from lm_core.explain.questions import shuffled
from lm_core.explain.words.contrast import Contrast, PieceContrast, contrast
from ui.frame.latex import digits, in_brackets
from ui.frame.notebook import Cell, imports, model_cells
from ui.frame.notice import listed
from ui.frame.prediction import Question, predict_in_turn
from ui.i18n import _
from ui.lessons.masked_words.points import one_of_many
from ui.models.shelf import Reading
from ui.plain import code_span

_ASKED_ABOUT = 60  # pieces of each sentence, of which those that are not on the figure are asked about
_CLEAR = 0.2  # nats: a smaller difference is a matter of luck
_MOVED = 0.5  # of the probability: the challenge


def sum_written_out(pieces: Sequence[PieceContrast], piece: PieceContrast) -> None:
    """Both softmax sums of one of the pieces, and the ratio of what they give."""
    st.header(_("How this number came about"), anchor=False)
    one_of_many(_("A word of the figure"), [each.token for each in pieces], name="piece", default=piece.token)
    first, second = piece.log_probs
    lines = [
        rf"\ln p_{side} &= z_{side} - \ln \textstyle\sum_j e^{{z_{{{side}j}}}} \\ "
        rf"&= {logit:.4f} - {in_brackets(total)} = {log_prob:.4f}"
        for side, logit, total, log_prob in zip((1, 2), piece.logits, piece.log_sum_exps, piece.log_probs, strict=True)
    ]
    lines.append(
        rf"\ln \frac{{p_1}}{{p_2}} &= {first:.4f} - {in_brackets(second)} = {piece.log_ratio:.4f} \\ "
        rf"\frac{{p_1}}{{p_2}} &= e^{{{piece.log_ratio:.4f}}} = {digits(math.exp(piece.log_ratio))}"
    )
    st.latex(r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}")
    told = (
        _(
            "{piece} has {one} in the first sentence (rank {rank}) and {two} in the second (rank {other}): it is "
            "{times} times as probable in the second."
        )
        if piece.log_ratio < 0
        else _(
            "{piece} has {one} in the first sentence (rank {rank}) and {two} in the second (rank {other}): it is "
            "{times} times as probable in the first."
        )
    )
    st.markdown(
        told.format(
            piece=code_span(piece.token),
            one=fine_percent(math.exp(first)),
            two=fine_percent(math.exp(second)),
            rank=f"{piece.ranks[0]:,}",
            other=f"{piece.ranks[1]:,}",
            times=factor(piece.log_ratio)[1:],
        )
    )


def guess_the_sentence(
    reading: Reading, sentences: tuple[str, str], both: Contrast, shown: Sequence[PieceContrast]
) -> None:
    """Questions about words that are not on the figure: which sentence expects them more."""
    seen = {piece.token_id for piece in shown}
    candidates = {
        piece.token_id: piece
        for piece in both.top(_ASKED_ABOUT, reading.model.tokenizer)
        if piece.token.isalpha() and abs(piece.log_ratio) >= _CLEAR
    }
    in_order = list(candidates)
    predict_in_turn(
        [in_order[place] for place in shuffled(len(in_order), " ".join(sentences))],
        lambda token_id: _which_sentence(candidates[token_id]),
        series=f"against {reading.model.name} {sentences!r}",
        is_on_page=lambda token_id: token_id in seen,
    )


def _which_sentence(piece: PieceContrast) -> Question:
    """In which of the two a piece is more probable."""
    options = (_("the first"), _("the second"))
    return Question(
        text=_("In which of the two sentences is {word} more probable?").format(word=code_span(piece.token)),
        options=options,
        truth=options[int(piece.log_ratio < 0)],
        why=_("It has {first} in the first and {second} in the second.").format(
            first=fine_percent(math.exp(piece.log_probs[0])), second=fine_percent(math.exp(piece.log_probs[1]))
        ),
    )


def what_to_notice(both: Contrast, pieces: Sequence[PieceContrast]) -> None:
    """What the two answers have in common, in numbers, and a challenge that the same numbers judge."""
    best = [min(pieces, key=lambda piece: piece.ranks[side]) for side in (0, 1)]
    statements = [
        _("{moved} of the probability lies elsewhere in the second sentence; the rest is where it was.").format(
            moved=percent(both.moved)
        ),
        _("First answers: {first} with {one}, and {second} with {other}.").format(
            first=code_span(best[0].token),
            one=percent(math.exp(best[0].log_probs[0])),
            second=code_span(best[1].token),
            other=percent(math.exp(best[1].log_probs[1])),
        ),
    ]
    if pieces[-1].log_ratio < 0 < pieces[0].log_ratio:
        statements.append(
            _("Most for the first: {first}, {one}. Most for the second: {second}, {other}.").format(
                first=code_span(pieces[0].token),
                one=factor(pieces[0].log_ratio),
                second=code_span(pieces[-1].token),
                other=factor(pieces[-1].log_ratio),
            )
        )
    st.markdown(listed(_("**Notice.** Measured just now:"), statements))
    if _differ_far_from_the_gap(both) and both.moved >= _MOVED:
        st.markdown(
            _("**Challenge.** ✓ One word away from the gap moves {moved} of the probability.").format(
                moved=percent(both.moved)
            )
        )
    else:
        st.markdown(
            _(
                "**Challenge.** Change one word only, one that does not stand beside the gap, and move at least "
                "{share} of the probability."
            ).format(share=f"{100 * _MOVED:.0f}\u00a0%")
        )


def _differ_far_from_the_gap(both: Contrast) -> bool:
    """Whether the two differ in one word, which is not the neighbour of the gap."""
    first, second = ([word.text for word in encoding.words] for encoding in both.encodings)
    if len(first) != len(second):
        return False
    differing = [place for place, (one, other) in enumerate(zip(first, second, strict=True)) if one != other]
    gap = next(
        place
        for place, word in enumerate(both.encodings[0].words)
        if word.positions[0] in both.encodings[0].masked_positions
    )
    return len(differing) == 1 and abs(differing[0] - gap) > 1


def cells(reading: Reading, sentences: tuple[str, str], top_k: int, picked: PieceContrast) -> list[Cell]:
    """The view as cells of a notebook."""
    return [
        *model_cells(reading.model.name),
        Cell(_("Two sentences with a gap each: the most probable pieces of both, and the ratio."), "markdown"),
        Cell(
            f"{imports(contrast)}"
            f"both = contrast(lm, {sentences!r})\n"
            f"pieces = both.top({top_k}, lm.tokenizer)\n"
            "for piece in pieces:\n"
            '    print(f"{piece.token:20} {piece.log_probs[0]:9.4f} {piece.log_probs[1]:9.4f} {piece.log_ratio:9.4f}")'
        ),
        Cell(_("One ratio in full: ln (p₁/p₂) = (z₁ − log Σ e^z₁) − (z₂ − log Σ e^z₂)."), "markdown"),
        Cell(
            f"(piece,) = both.pieces([{picked.token_id}], lm.tokenizer)\n"
            "first, second = (\n"
            "    logit - total for logit, total in zip(piece.logits, piece.log_sum_exps, strict=True)\n"
            ")\n"
            'print(f"{piece.token}: {first:.4f} - ({second:.4f}) = {first - second:.4f}")'
        ),
    ]
