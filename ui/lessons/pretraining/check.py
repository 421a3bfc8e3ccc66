"""Check these numbers: the two lines over the loss, one held-out piece, and what the loss means as a choice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from lm_core.text.small_text import learn_vocabulary, pack_text, pieces_of, read_text, unigram_loss
from ui.address.entries import number_entry
from ui.i18n import _
from ui.models.shelf import models
from ui.plain import code_span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lm_core.runs.pool import Snapshot
    from lm_core.text.tokenization import Tokenizer
    from lm_core.training.small_pretraining import PreTrainingPlan


@dataclass(frozen=True, eq=False)
class Counted:
    """What one knows who knows only how frequent the pieces are."""

    tokenizer: Tokenizer
    counts: NDArray[np.int64]  # (piece,) how often each stands in the documents to learn from
    held_out: NDArray[np.int64]  # (place,) the ids of the held-out documents, one after the other
    unigram: float  # nats: the mean over them


def counted(plan: PreTrainingPlan) -> Counted:
    """The counts of a plan's text under its vocabulary."""
    model = plan.model if plan.options.start == "pretrained" else ""
    return _counted(plan.text, plan.options.vocab_size, model)


@st.cache_resource(max_entries=8, show_spinner=False)
def _counted(text: str, vocab_size: int, model: str) -> Counted:
    import numpy as np

    documents = read_text(text)
    tokenizer = models().fetch(model).tokenizer if model else learn_vocabulary(documents, vocab_size)
    corpus = pack_text(documents, tokenizer)
    learned = pieces_of(corpus, corpus.training_documents())
    return Counted(
        tokenizer,
        np.bincount(learned, minlength=tokenizer.vocab_size),
        pieces_of(corpus, corpus.held_out_documents()),
        unigram_loss(corpus, tokenizer.vocab_size),
    )


def lines_of(run: Snapshot) -> dict[str, float]:
    """The losses of who knows less: the run's own, or before its first step the same worked out here."""
    if run.baselines:
        return run.baselines
    known = counted(run.plan)  # type: ignore[arg-type]
    return {"uniform": math.log(known.tokenizer.vocab_size), "unigram": known.unigram}


def check_shown(run: Snapshot) -> None:
    """The uniform line, the unigram loss of one held-out piece, and the perplexity of the last measurement.

    Args:
        run: of a pre-training that has been measured.
    """
    known = counted(run.plan)  # type: ignore[arg-type]
    size = known.tokenizer.vocab_size
    st.markdown(_("**Who knows nothing** gives each of the V pieces the same probability and pays"))
    st.latex(rf"\ln V = \ln {size} = {math.log(size):.4f}")
    place = number_entry(_("Held-out piece"), len(known.held_out), name="at", default=0)
    piece = int(known.held_out[place])
    count, total = int(known.counts[piece]), int(known.counts.sum())
    st.markdown(
        _(
            "**Who knows frequencies** has counted the documents to learn from: {total} pieces, {piece} {count} times "
            "among them. With one added to each count, so that none has the probability 0, this held-out piece costs"
        ).format(total=f"{total:,}", piece=code_span(known.tokenizer.token(piece)), count=f"{count:,}")
    )
    st.latex(rf"-\ln \frac{{{count} + 1}}{{{total} + {size}}} = {-math.log((count + 1) / (total + size)):.4f}")
    st.markdown(
        _("The line is the mean of this over all {count} held-out pieces: **{loss}** nats.").format(
            count=f"{len(known.held_out):,}", loss=f"{run.baselines['unigram']:.4f}"
        )
    )
    last = run.held_out[-1]
    loss = last.losses["masked_lm"]
    st.markdown(
        _("**The model** at step {step}: as unsure as an even choice between so many pieces (its perplexity).").format(
            step=f"{last.step:,}"
        )
    )
    if math.isfinite(loss) and loss < 700:  # a double holds no more
        st.latex(
            rf"e^{{{loss:.4f}}} = {math.exp(loss):,.1f} \qquad e^{{{run.baselines['unigram']:.4f}}} = "
            rf"{math.exp(run.baselines['unigram']):,.1f} \qquad e^{{\ln {size}}} = {size}"
        )
