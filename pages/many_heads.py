"""Many heads: every layer and head of the model on the reader's sentence, and what each of them looks at."""

from __future__ import annotations

import streamlit as st

from ui import lesson
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
    from lm_core.attention import attention_map
    from lm_core.explain import ablation, heads
    from lm_core.explain.prediction import answer_mask
    from ui import answers, attention, attention_check, attention_notes, bertviz_views, switchboard
    from ui.controls import choice, head_picker, layer_picker, mask_picker

    views = {
        "lines": _("Lines"),
        "heatmap": _("Heat map"),
        "heads": _("All heads"),
        "table": _("Table"),
        "switchboard": _("Switchboard"),
        "bertviz": "BertViz",
    }
    with stage:
        read = lesson.read_sentence()
        mask_picker(read, key="words")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            layer = layer_picker(read.model.config.num_hidden_layers)
            head = head_picker(read.model.config.num_attention_heads)
            shown = choice(_("View"), list(views), name="view", shown=lambda name: views[name], label_visible=False)
        view = attention.head_view(read, layer, head)
        if shown == "lines":
            attention.show_lines(view)
        elif shown == "heatmap":
            attention.show_heatmap(view)
        elif shown == "heads":
            attention.show_grid(read, layer, head, key="large_grid", opens="lines")
        elif shown == "switchboard":
            switchboard.show_switchboard(read, layer, head)
        elif shown == "bertviz":
            bertviz_views.show_bertviz(view)
        else:
            attention.show_table(view)
        if shown != "switchboard":  # it shows answers, and has files of its own
            attention.take_away(view)
            attention_check.check_number(view)

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
        if shown != "heads":
            attention.show_grid(read, layer, head, key="small_grid")
        attention_notes.what_to_notice(view)
        attention_notes.challenge(view)

    functions = (ablation.compare_answers, ablation.head_importance)
    ran = functions if shown == "switchboard" else (attention_map, heads.entropy, heads.share_on_previous)
    lesson.foot("many-heads", ran)
