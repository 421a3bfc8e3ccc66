"""Bytes of all layers and heads as our page sends them, against BertViz's own HTML of the same attentions.

Ours are the messages of the two components that show them: the grid, whose pictures have 256 levels and in a large
model fewer cells than the attention has, and the lines of one head in float32. Beside that stand BertViz's
view as our page shows it, and what it would be to send every probability of every head, without its message. An eighth
of BertViz's bytes is the aim.
"""

from __future__ import annotations

import argparse
import base64
import gzip
from dataclasses import replace

import numpy as np
import torch
from bertviz.head_view import head_view
from bertviz.model_view import model_view
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from figures.heads.bertviz_html import BertVizInput, BertVizText, bertviz_html
from lm_core import LanguageModel, Trace, load_pretrained
from lm_core.transformer.model import PreTrainingModel
from ui.components.head_grid import thumbnails

TEXT = "The children went to school by bus in the morning because the road was wet and their mother was at work. " * 4
AIM = 1 / 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokens", type=int, default=64)
    tokens: int = parser.parse_args().tokens
    shipped = load_pretrained(device="cpu")
    compare("shipped model", shipped, tokens)
    compare("random weights", with_random_weights(shipped, layers=12, heads=12), tokens)


def with_random_weights(lm: LanguageModel, *, layers: int, heads: int) -> LanguageModel:
    """A model of another shape behind the same tokenizer; small, since only its attention is drawn."""
    torch.manual_seed(0)
    config = replace(
        lm.config,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        hidden_size=16 * heads,
        initializer_range=0.1,  # wide enough for attention to have a shape
    )
    return replace(lm, config=config, model=PreTrainingModel(config).eval().requires_grad_(False))


def trace_of(lm: LanguageModel, tokens: int) -> Trace:
    """A pass over the first words of the text that are so many tokens."""
    words = TEXT.split()
    for count in range(1, len(words) + 1):
        trace = lm.trace(" ".join(words[:count]))
        if len(trace.encoding.tokens) == tokens:
            return trace
    raise ValueError(f"tokens: the text has no beginning of {tokens}")


def compare(name: str, lm: LanguageModel, tokens: int) -> None:
    """Print what each side sends, and the ratios."""
    trace = trace_of(lm, tokens)
    read = list(trace.encoding.tokens)
    theirs = {
        "BertViz head view": head_view(list(trace.attentions), read, html_action="return").data.encode(),
        "BertViz model view": model_view(list(trace.attentions), read, html_action="return").data.encode(),
    }
    attentions = [layer[0].numpy() for layer in trace.attentions]
    grid, lines = our_messages(read, attentions)
    every = np.stack(attentions)
    side = thumbnails(every).shape[-1]
    shown = BertVizInput(
        tokens=read,
        attentions=trace.attentions,
        queries=[layer.attention.query for layer in trace.layers],
        keys=[layer.attention.key for layer in trace.layers],
    )
    text = BertVizText(language="en", title="BertViz", layer="Layer", head="Head")
    ours = {
        f"our page: grid of {side} × {side} cells and lines": grid + lines,
        "  of these the lines, and again for each head picked": lines,
        "BertViz head view as our page shows it, d3 included": bertviz_html(
            "head", shown, layer=0, head=0, text=text
        ).encode(),
        "if sent: every probability in 256 levels": base64_of(np.rint(every * 255).astype(np.uint8)),
        "if sent: every probability in float16": base64_of(every.astype(np.float16)),
        "if sent: every probability in float32": base64_of(every),
    }
    print(f"{name}: {every.shape[0]} × {every.shape[1]} heads, {tokens} tokens")
    for label, sent in theirs.items():
        print(f"  {label:54} {len(sent):>12,} bytes   gzip {packed(sent):>12,}")
    smaller = min(theirs.values(), key=len)
    for label, sent in ours.items():
        print(
            f"  {label:54} {len(sent):>12,} bytes   gzip {packed(sent):>12,}   ratio {len(sent) / len(smaller):.4f}, "
            f"gzip {packed(sent) / packed(smaller):.3f}"
        )
    print(f"  ratio of our page {len(grid + lines) / len(smaller):.4f}  (at most {AIM})")


def our_messages(tokens: list[str], attentions: list[NDArray[np.float32]]) -> tuple[bytes, bytes]:
    """The messages of the grid and of the lines, with the components' own HTML, CSS and JavaScript in them."""

    def page(tokens: list[str], attentions: list[object]) -> None:  # run from its source: it knows builtins alone
        import numpy as np

        from ui.components.attention_view import attention_view
        from ui.components.head_grid import head_grid

        words = dict.fromkeys(
            ("grid", "note", "layer", "head", "view", "query", "key", "announce_query", "announce_key"), "words"
        )
        arrays = [np.asarray(each) for each in attentions]
        head_grid(arrays, key="grid", layer=0, head=0, labels=words, on_head=lambda *_: None)
        attention_view(
            tokens, arrays[0][0], key="lines", kinds=["word"] * len(tokens), labels=words, on_pick=lambda *_: None
        )

    app = AppTest.from_function(page, kwargs={"tokens": tokens, "attentions": attentions}, default_timeout=60).run()
    assert not app.exception
    grid, lines = (mounted.proto.SerializeToString() for mounted in app.get("bidi_component"))
    return grid, lines


def base64_of(values: NDArray[np.generic]) -> bytes:
    """Numbers as a component sends them."""
    return base64.b64encode(values.tobytes())


def packed(sent: bytes) -> int:
    return len(gzip.compress(sent, 6))


if __name__ == "__main__":
    main()
