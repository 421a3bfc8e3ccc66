"""One judgement of a pair written out: from two logits to a probability, and to its logarithm."""

from __future__ import annotations

import streamlit as st

from lm_core.explain.sentences.next_sentence import PairJudgement


def log_prob_written_out(judgement: PairJudgement, name: str) -> None:
    """The softmax over the two logits, and the logarithm that is added up along an order.

    Args:
        judgement: of a pair.
        name: which pair it is, as Markdown.
    """
    is_next, not_next = judgement.is_next_logit, judgement.not_next_logit
    log_prob = is_next - judgement.log_sum_exp
    st.markdown(f"**{name}**")
    st.latex(
        r"\begin{aligned} P(\text{IsNext}) &= \frac{e^{z_1}}{e^{z_1} + e^{z_2}} \\[4pt] &= "
        rf"\frac{{e^{{{is_next:.4f}}}}}{{e^{{{is_next:.4f}}} + e^{{{not_next:.4f}}}}} = "
        rf"{judgement.probability:.6f} \\[4pt] \log P(\text{{IsNext}}) &= {log_prob:.4f} \end{{aligned}}"
    )
