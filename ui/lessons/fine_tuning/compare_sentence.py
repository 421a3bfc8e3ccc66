"""Before and after on the reader's own sentence: its labels, and what stands in its gaps."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.bars import percent
from lm_core import Encoding
from lm_core.explain.together import answer_together, hide
from lm_core.explain.training.label_words import label_effects, label_probs_of
from lm_core.explain.words.changes import AnswerChange, answer_change
from lm_core.explain.words.prediction import read_answer
from ui.address.hiding import offered
from ui.address.session import change, view
from ui.components.word_picker import word_picker
from ui.frame.numbers import Row, numbers
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.fine_tuning.compare_notes import guess_the_layer, sentence_challenge, sentence_noticed
from ui.lessons.fine_tuning.label_bars import label_bars_of_two
from ui.lessons.fine_tuning.label_words import show_label_words
from ui.lessons.fine_tuning.run_cells import sentence_cells
from ui.lessons.fine_tuning.run_models import RunModels
from ui.plain import code_span

_GAPS = 2  # whose answers are drawn
_ANSWERS = 4  # of each pass


def show(run: RunModels, words: DeltaGenerator) -> Shown:
    """The sentence with its words to hide, and what both models say: labels, answers to the gaps, and the words."""
    encoding = _read(run)
    mask_id = run.after.lm.tokenizer.mask_id
    before, after = (
        label_probs_of(classifier, [hide(encoding, (), mask_id)])[0].tolist() for classifier in (run.before, run.after)
    )
    st.header(_("Its label"), anchor=False)
    label_bars_of_two(run.labels, before, after, key="sentence_labels")
    changes = _gaps(run, encoding)
    rows: list[Row] = [
        {_("of"): _("label"), _("answer"): label, _("before"): one, _("after"): other}
        for label, one, other in zip(run.labels, before, after, strict=True)
    ]
    rows += [
        {
            _("of"): f"{_('position')} {each.before.position}",
            _("answer"): piece.token,
            _("before"): piece.before,
            _("after"): piece.after,
        }
        for each in changes
        for piece in each.pieces
    ]
    numbers(rows, alt=_("Labels and answers before and after"), file_name="sentence-before-after", number_format="%.6f")
    if not encoding.masked_positions:
        show_label_words(run, view().sentence, None)
    with words:
        guess_the_layer(run)
        sentence_noticed(run, encoding, before, after, changes)
        sentence_challenge(run, view().sentence)
    return Shown((label_effects, read_answer), sentence_cells(run, encoding))


def _read(run: RunModels) -> Encoding:
    """The reader's sentence as both models read it, its words to click.

    Raises:
        InputError: there is no sentence.
    """
    lm = run.after.lm
    now = view()
    here = tuple(index for index in now.masked_words if index < len(lm.encode(now.sentence).words))
    encoding = lm.encode(now.sentence, masked_words=here)
    is_open = offered("mask", _("Words to click"))
    word_picker(
        [word.text for word in encoding.words],
        here,
        key="words",
        label=_("Click a word to hide it from both models; click again to give it back.") if is_open else "",
        fixed=not is_open,
        on_masks=lambda masks: change(masked_words=masks),
    )
    if encoding.truncated_at is not None:
        st.caption(
            _("This is longer than the model's {positions} positions: it reads the beginning.").format(
                positions=lm.config.max_position_embeddings
            )
        )
    return encoding


def _gaps(run: RunModels, encoding: Encoding) -> list[AnswerChange]:
    """The answers of both models to each gap, drawn for the first few."""
    st.header(_("Its gaps"), anchor=False)
    if not encoding.masked_positions:
        st.caption(_("Hide a word, and see what each model puts there: training for labels also moves these answers."))
        return []
    lm = run.after.lm
    variant = hide(encoding, (), lm.tokenizer.mask_id, encoding.masked_positions)
    before, after = (answer_together(each.lm, [variant])[0].prediction_logits for each in (run.before, run.after))
    changes = [
        answer_change(one, other, position, encoding.original_ids[position], lm.tokenizer, _ANSWERS)
        for one, other, position in zip(before, after, encoding.masked_positions, strict=True)
    ]
    for each in changes[:_GAPS]:
        st.markdown(
            _("{piece}: {before} before, {after} after").format(
                piece=code_span(each.target.token), before=percent(each.target.before), after=percent(each.target.after)
            )
        )
        label_bars_of_two(
            [piece.token for piece in each.pieces],
            [piece.before for piece in each.pieces],
            [piece.after for piece in each.pieces],
            key=f"gap_{each.before.position}",
            truth=None
            if each.before.original is None
            else [piece.token_id for piece in each.pieces].index(each.before.original.token_id),
        )
    if len(changes) > _GAPS:
        st.caption(
            _("The first {drawn} of {gaps} gaps are drawn; the table has all of them.").format(
                drawn=_GAPS, gaps=len(changes)
            )
        )
    return changes
