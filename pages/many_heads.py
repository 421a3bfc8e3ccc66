"""Many heads: every layer and head of the model on the reader's sentence, and what each of them looks at."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ui.frame import lesson
from ui.i18n import _

GAPS, ANSWERS = 2, 4  # answered gaps, and answers to each: the figure is the page

lesson.heading(
    _("Who looks at whom?"),
    _("In every head each word shares out its attention: 100 % of it, over all the words it can see."),
)
words, stage = lesson.columns()

with words:
    st.markdown(
        _(
            "**Read.** A line runs from the word that looks, at the left, to the word it looks at; the stronger, "
            "the more. Point at a word to see its lines alone, click to keep them. Hide a word of the sentence: "
            "the lines change, and so does the answer."
        )
    )

with lesson.failures_told():
    # Not before the words are on the page: what computes takes its time to be imported.
    from lm_core.explain.heads import ablation, alignment, likeness, roles, statistics
    from lm_core.explain.heads import attention as heads
    from lm_core.explain.words.prediction import answer_mask
    from lm_core.transformer.attention import attention_map
    from ui.frame.controls import head_picker, layer_picker, mask_picker
    from ui.lessons.many_heads import (
        bertviz_views,
        cells,
        check,
        guess,
        notes,
        several_words,
        switchboard,
        two_sentences,
    )
    from ui.lessons.many_heads import likeness as head_likeness
    from ui.lessons.many_heads import map as head_map
    from ui.lessons.many_heads import roles as head_roles
    from ui.lessons.many_heads import statistics as head_table
    from ui.lessons.many_heads import views as head_views
    from ui.panels import answers, attention

    with stage:
        read = lesson.read_sentence()
        mask_picker(read, key="words")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            layer = layer_picker(read.model.config.num_hidden_layers)
            head = head_picker(read.model.config.num_attention_heads)
            views = head_views.scope_picker()
        shown = head_views.view_picker(views)
        view = attention.head_view(read, layer, head)
        show: dict[str, Callable[[], None]] = {
            "lines": lambda: attention.show_lines(view),
            "linked": lambda: attention.show_linked(view),
            "heatmap": lambda: attention.show_heatmap(view),
            "together": lambda: several_words.show_together(view),
            "compare": lambda: two_sentences.show_comparison(view),
            "table": lambda: attention.show_table(view),
            "map": lambda: head_map.show_map(read, layer, head),
            "heads": lambda: attention.show_grid(read, layer, head, key="large_grid", opens="linked"),
            "statistics": lambda: head_table.show_statistics(read),
            "likeness": lambda: head_likeness.show_likeness(read),
            "switchboard": lambda: switchboard.show_switchboard(read, layer, head),
            "bertviz": lambda: bertviz_views.show_bertviz(view),
        }
        show[shown]()
        if shown in ("lines", "linked", "heatmap", "table", "heads", "bertviz"):  # the others have files of their own
            attention.take_away(view)
        if shown != "switchboard":  # there the question is what becomes of the answers
            check.check_number(view)

    with words:
        gaps = read.trace.encoding.masked_positions if shown != "switchboard" else ()
        for position in gaps[:GAPS]:
            answers.gap_shown(read, answer_mask(read.trace, position, read.model.tokenizer, top_k=ANSWERS))
        if len(gaps) > GAPS:
            st.caption(
                _(
                    "The first {drawn} of {gaps} gaps are answered here; the page “Masked words” has all of them."
                ).format(drawn=GAPS, gaps=len(gaps))
            )
        if shown not in ("heads", "map", "switchboard"):
            attention.show_grid(read, layer, head, key="small_grid")
        guess.guess_a_look(view)
        head_roles.badges(view)
        notes.what_to_notice(view)
        notes.challenge(view)

    ran: dict[str, tuple[Callable[..., object], ...]] = {
        "together": (attention_map, heads.attention_of),
        "compare": (attention_map, alignment.aligned, alignment.attention_change),
        "map": (statistics.head_statistics, roles.roles, ablation.head_importance),
        "statistics": (statistics.head_statistics, heads.entropy, statistics.share_on_same),
        "likeness": (likeness.divergences, likeness.clustered_order),
        "switchboard": (ablation.compare_answers, ablation.head_importance),
    }
    functions = ran.get(shown, (attention_map, heads.entropy, heads.share_on_previous))
    lesson.foot("many-heads", functions, cells.attention_cells(view))
