"""Before and after in the heads: how far the attention of each has moved, and both maps of one on a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.matrix import matrix_svg
from lm_core import Encoding, Trace
from lm_core.explain.heads.likeness import divergence_by_query
from lm_core.explain.training.head_changes import head_changes
from lm_core.explain.training.over_time import heads_moved, moved_most
from ui.address.entries import index_option
from ui.address.session import change, option, view
from ui.appearance import theme
from ui.components.attention_view import TokenKind
from ui.components.matrix import LARGEST, WITH_NUMBERS, MatrixLabels, matrix
from ui.frame.controls import choice
from ui.frame.downloads import picture_button
from ui.frame.numbers import Row, numbers
from ui.frame.views import Shown
from ui.i18n import _
from ui.lessons.fine_tuning.compare_notes import guess_the_word, heads_challenge, heads_noticed
from ui.lessons.fine_tuning.run_cells import heads_cells
from ui.lessons.fine_tuning.run_models import RunModels, heads_changed, measured_examples, sentences_for_heads
from ui.panels.attention import head_name
from ui.panels.divergence import divergence_written_out
from ui.plain import code_span

if TYPE_CHECKING:
    from lm_core.text.examples import Example

_LIMITS = (0.05, 0.1, 0.25, 0.5, 1.0)  # bits with the strongest colour: the nearest that holds every head
_SIDE_BY_SIDE = range(WITH_NUMBERS + 1, 12)  # tokens: of fewer the cells have numbers, of more there are too many
_NAMED = 3  # heads that are named in words


def show(run: RunModels, words: DeltaGenerator) -> Shown:
    """The grid of all heads, and the picked one on a sentence, before and after."""
    bits = heads_changed(run, st.empty())
    layers, heads = bits.shape
    largest = moved_most(bits, min(_NAMED, layers * heads))
    asked = index_option("layer", layers), index_option("head", heads)
    layer, head = largest[0]
    if option("moved") == "on" and asked[0] is not None and asked[1] is not None:
        layer, head = asked[0], asked[1]
    bound = next(limit for limit in _LIMITS if float(bits.max()) <= limit)
    matrix(
        bits.float().numpy(),
        key="heads_changed",
        rows=[_("Layer {number}").format(number=number + 1) for number in range(layers)],
        columns=[str(number + 1) for number in range(heads)],
        labels=MatrixLabels(_("How much each head has changed, in bits"), column=_("head")),
        scale="sequential",
        bound=bound,
        digits=3,
        texts=[[f"{row + 1}.{column + 1}" for column in range(heads)] for row in range(layers)]
        if heads <= WITH_NUMBERS
        else None,
        picked=(layer, head),
        on_pick=lambda row, column: change(layer=row, head=column, moved="on"),
    )
    st.caption(
        _(
            "The Jensen-Shannon divergence between the attention of a head before and after, in bits, the mean "
            "over all "
            "positions of {count} held-out texts: 0 looks as before, 1 looks elsewhere entirely. The strongest "
            "colour is "
            "{bound}."
        ).format(count=len(sentences_for_heads(run)), bound=bound)
    )
    rows: list[Row] = [
        {_("layer"): layer + 1, _("head"): head + 1, _("bits"): float(bits[layer, head])}
        for layer in range(layers)
        for head in range(heads)
    ]
    numbers(rows, alt=_("How much each head has changed, in bits"), file_name="heads-changed", number_format="%.6f")
    colours = theme()
    picture_button(
        "heads-changed",
        lambda: matrix_svg(
            (bits / bound).float().numpy(),
            [str(number + 1) for number in range(layers)],
            [str(number + 1) for number in range(heads)],
            theme=colours,
            is_probability=True,
            texts=[[f"{bit:.3f}" for bit in row] for row in bits.tolist()],
        ),
    )
    here = _on_a_sentence(run, layer, head)
    with words:
        heads_noticed(bits, largest)
        guess_the_word(run)
        heads_challenge(here)
    return Shown((head_changes, heads_moved, divergence_by_query), heads_cells(run))


def _on_a_sentence(run: RunModels, layer: int, head: int) -> float:
    """Both maps of one head on a sentence; how much it has changed there, in bits."""
    st.header(head_name(layer, head).capitalize(), anchor=False)
    text, text_pair = _sentence(run)
    encoding = run.after.lm.encode(text, text_pair)
    traces = {side: _trace(*run.key, side, text, text_pair, encoding, run) for side in ("before", "after")}
    maps = {side: trace.attentions[layer][0, head] for side, trace in traces.items()}
    tokens = encoding.tokens[:LARGEST]
    kinds = _kinds(encoding)[:LARGEST]
    titles = {"before": _("Before training"), "after": _("After step {step}").format(step=f"{run.step:,}")}
    has_room_for_both = len(tokens) in _SIDE_BY_SIDE
    with st.container(key="beside" if has_room_for_both else "gaps"):
        for side, probs in maps.items():
            with st.container():
                st.markdown(f"**{titles[side]}**")
                matrix(
                    probs[:LARGEST, :LARGEST].float().numpy(),
                    key=f"map_{side}",
                    rows=tokens,
                    columns=tokens,
                    labels=MatrixLabels(
                        _("Attention of {head}, {when}").format(head=head_name(layer, head), when=titles[side]),
                        row=_("query (looks)"),
                        column=_("key (is looked at)"),
                        row_tone="query",
                        column_tone="key",
                    ),
                    scale="sequential",
                    row_kinds=kinds,
                    column_kinds=kinds,
                    group="before and after",
                )
    if len(encoding.tokens) > LARGEST:
        st.caption(
            _("The first {drawn} of {count} tokens are drawn.").format(drawn=LARGEST, count=len(encoding.tokens))
        )
    by_query = divergence_by_query(maps["before"], maps["after"])
    st.markdown(
        _(
            "How much this head has changed on this sentence: at each of the {count} positions that look, then "
            "the mean."
        ).format(count=len(by_query))
    )
    divergence_written_out(by_query, tokens, key="changed_by_query", name=_("Change at each position"))
    return float(by_query.mean())


def _sentence(run: RunModels) -> tuple[str, str | None]:
    """The sentence that the maps are of: a held-out example, or the reader's own."""
    rows = measured_examples(run)
    asked = index_option("example", len(rows))
    first = next((number for number, row in enumerate(rows) if len(_tokens(run, row)) in _SIDE_BY_SIDE), 0)
    row = rows[first if asked is None else asked]
    names = {"example": _("a held-out example"), "own": _("your sentence")}
    on = choice(_("On"), list(names), name="on", shown=lambda name: names[name])
    if on == "own":
        return view().sentence, None
    st.markdown(code_span(row.text) + ("" if row.text_pair is None else f" + {code_span(row.text_pair)}"))
    return row.text, row.text_pair


def _tokens(run: RunModels, row: Example) -> tuple[str, ...]:
    """An example as the model reads it."""
    return run.after.lm.encode(row.text, row.text_pair).tokens


def _kinds(encoding: Encoding) -> list[TokenKind]:
    """What kind of token stands at each position."""
    from lm_core.explain.heads.attention import special_positions

    special: Sequence[int] = special_positions(encoding)
    return [
        "special" if position in special else "masked" if position in encoding.masked_positions else "word"
        for position in range(len(encoding.tokens))
    ]


@st.cache_resource(max_entries=16, show_spinner=False)
def _trace(
    run_id: str,  # noqa: ARG001 (part of the key)
    step: int,  # noqa: ARG001
    side: str,
    text: str,  # noqa: ARG001
    text_pair: str | None,  # noqa: ARG001
    _encoding: Encoding,
    _run: RunModels,
) -> Trace:
    """One pass of the body of one side."""
    lm = _run.before.lm if side == "before" else _run.after.lm
    return lm.trace_encoding(_encoding)
