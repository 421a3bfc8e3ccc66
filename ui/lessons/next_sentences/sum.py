"""P(IsNext) written out: from the two logits of a pair to the probability, and to its logarithm."""

from __future__ import annotations

import streamlit as st

from lm_core.explain.sentences.next_sentence import PairJudgement
from ui.i18n import _


def sum_written_out(judgement: PairJudgement) -> None:
    """The softmax over two logits, with the numbers of this pass."""
    st.header(_("Check this number"), anchor=False)
    st.markdown(
        _(
            "From the vector of [CLS] the model makes two numbers: z₁ = {is_next} for “B follows A” and z₂ = "
            "{not_next} for “B is from elsewhere”. The softmax turns them into two probabilities that add up to 1."
        ).format(is_next=f"{judgement.is_next_logit:.4f}", not_next=f"{judgement.not_next_logit:.4f}")
    )
    st.latex(_aligned(_softmax(judgement, 6)))


def log_prob_written_out(judgement: PairJudgement, name: str) -> None:
    """The softmax over the two logits, and the logarithm that is added up along an order.

    Args:
        judgement: of a pair.
        name: which pair it is, as Markdown.
    """
    log_prob = judgement.is_next_logit - judgement.log_sum_exp
    st.markdown(f"**{name}**")
    st.latex(_aligned(rf"{_softmax(judgement, 4)} \\[4pt] \log P(\text{{IsNext}}) &= {log_prob:.4f}"))


def _softmax(judgement: PairJudgement, leading: int) -> str:
    """The probability from the two logits, in two lines of LaTeX with so many points between them."""
    is_next, not_next = f"{judgement.is_next_logit:.4f}", f"{judgement.not_next_logit:.4f}"
    return (
        rf"P(\text{{IsNext}}) &= \frac{{e^{{z_1}}}}{{e^{{z_1}} + e^{{z_2}}}} \\[{leading}pt] &= "
        rf"\frac{{e^{{{is_next}}}}}{{e^{{{is_next}}} + e^{{{not_next}}}}} = {judgement.probability:.6f}"
    )


def _aligned(lines: str) -> str:
    return rf"\begin{{aligned}} {lines} \end{{aligned}}"
