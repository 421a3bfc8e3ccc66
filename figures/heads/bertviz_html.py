"""BertViz's head, model and neuron view (Vig 2019) of one pass, as a document that asks the network for nothing.

BertViz writes for notebooks: its views fetch require.js, jQuery and d3 from elsewhere, and the tokens stand in a script
as they are, where `</script>` would end it. Here d3 comes from the mpld3 package, a few lines stand in for the other
two, and the data are written anew: once, with three decimals, and with no character that HTML could take for markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lm_core.text.tokenization import CLS, SEP

if TYPE_CHECKING:
    from torch import Tensor

BertVizView = Literal["head", "model", "neuron"]

LONGEST: dict[BertVizView, int] = {"head": 64, "model": 32, "neuron": 32}
"""How many tokens each view draws; with more of them a browser is busy for seconds."""

_WIDTHS: dict[BertVizView, int] = {"head": 340, "model": 972, "neuron": 1030}  # pixels that BertViz draws
_DECIMALS = 3
_CDN = '<script src="https://cdnjs.cloudflare.com/ajax/libs/require.js/2.3.6/require.min.js"></script>'
_ROOT = "bertviz"  # BertViz draws a new name each time, and a browser would load an equal view anew
_DATA = re.compile(r"(?:const params|window\.bertviz_params) = ")
_UNSAFE = {character: f"\\u{ord(character):04x}" for character in "<>&"}  # beyond ASCII, JSON escapes by itself

# White in the dark theme, too: part of what BertViz draws is black in its own dark mode.
_STYLE = """
html { color-scheme: light; background: #fff; }
body { margin: 0; padding: 8px; color: #111; }
select { font: inherit; margin: 0 0.5em 0.5em 0; }
"""


@dataclass(frozen=True)
class BertVizText:
    """What a screen reader hears of a view, in the reader's language."""

    language: str  # a tag such as `en` or `zh-Hans`
    title: str
    layer: str  # name of the menu of layers
    head: str  # name of the menu of heads


@dataclass(frozen=True, eq=False)
class BertVizInput:
    """The numbers of one pass that the views draw."""

    tokens: Sequence[str]  # what the model read, one per position
    attentions: Sequence[Tensor]  # per layer (1, head, query, key) probabilities
    queries: Sequence[Tensor]  # per layer (1, head, position, head_dim)
    keys: Sequence[Tensor]  # per layer (1, head, position, head_dim)

    def first(self, size: int) -> BertVizInput:
        """The first positions, in as many decimals as are sent; what rests on later ones is left out."""
        return BertVizInput(
            tokens=list(self.tokens[:size]),
            attentions=[_rounded(probs[:, :, :size, :size]) for probs in self.attentions],
            queries=[_rounded(query[:, :, :size]) for query in self.queries],
            keys=[_rounded(key[:, :, :size]) for key in self.keys],
        )


def bertviz_html(view: BertVizView, drawn: BertVizInput, *, layer: int, head: int, text: BertVizText) -> str:
    """Let BertViz draw the first `LONGEST[view]` tokens.

    Args:
        view: which of the three.
        drawn: the pass.
        layer, head: what the head and the neuron view show first, from 0.
        text: in the reader's language.

    Returns:
        An HTML document; the same arguments give the same document, so that a browser need not load it again.
    """
    shown = drawn.first(LONGEST[view])
    if view == "head":
        html = _head_view(shown, layer, head)
    elif view == "model":
        html = _model_view(shown)
    else:
        html = _neuron_view(shown, layer, head)
    return _document(_with_safe_data(html, shown), view, text)


def _head_view(shown: BertVizInput, layer: int, head: int) -> str:
    from bertviz.head_view import head_view

    tokens, attentions = list(shown.tokens), list(shown.attentions)
    made = head_view(attentions, tokens, prettify_tokens=False, layer=layer, heads=[head], html_action="return")
    return str(made.data)


def _model_view(shown: BertVizInput) -> str:
    from bertviz.model_view import model_view

    tokens, attentions = list(shown.tokens), list(shown.attentions)
    made = model_view(attentions, tokens, prettify_tokens=False, display_mode="light", html_action="return")
    return str(made.data)


def _neuron_view(shown: BertVizInput, layer: int, head: int) -> str:
    from bertviz.neuron_view import show

    made = show(
        _Answered(shown),
        "bert",
        _Read(shown),
        "read",
        display_mode="light",
        layer=layer,
        head=head,
        html_action="return",
    )
    return str(made.data)


class _Read:
    """A tokenizer that has read: what the neuron view asks of one."""

    cls_token = CLS
    sep_token = SEP

    def __init__(self, shown: BertVizInput) -> None:
        self._tokens = list(shown.tokens)

    def tokenize(self, _sentence: str) -> list[str]:
        """What stands between the first token and the last one."""
        return self._tokens[1:-1]

    def convert_tokens_to_ids(self, tokens: Sequence[str]) -> list[int]:
        """Any numbers, which the answered model does not read."""
        return list(range(len(tokens)))


class _Answered:
    """A model whose pass is over: what the neuron view asks of one."""

    def __init__(self, shown: BertVizInput) -> None:
        self._layers = [
            {"attn": probs, "queries": query, "keys": key}
            for probs, query, key in zip(shown.attentions, shown.queries, shown.keys, strict=True)
        ]

    def eval(self) -> None:
        """It is."""

    def __call__(self, _input_ids: Tensor) -> tuple[list[dict[str, Tensor]]]:
        """The record of each layer, where BertViz looks for it."""
        return (self._layers,)


def _rounded(values: Tensor) -> Tensor:
    """In double precision, where a rounded number is also short when it is written."""
    return values.double().round(decimals=_DECIMALS)


def _with_safe_data(html: str, shown: BertVizInput) -> str:
    """What BertViz wrote, without the address elsewhere, and with the data written anew.

    BertViz writes the head and the model view's data twice, the second time in a comment on the same line.
    """
    found = _DATA.search(html)
    if found is None or html.count(_CDN) != 1:
        raise ValueError("html: this is not what BertViz 1.4.1 writes")
    data, end = json.JSONDecoder().raw_decode(html, found.end())
    before = html[: found.end()].replace(_CDN, "").replace(data["root_div_id"], _ROOT)
    return before + _safe_json(_as_read(data, shown)) + ";" + html[html.index("\n", end) :]


def _as_read(data: dict[str, Any], shown: BertVizInput) -> dict[str, Any]:
    """A view's data with the tokens as the model read them, and with layers and heads counted from 1."""
    attention = data["attention"]
    for part in attention.values() if isinstance(attention, dict) else attention:
        part["left_text"] = part["right_text"] = list(shown.tokens)  # BertViz replaces letters such as Ġ
    titles = {
        name: [number + 1 for number in data[name]]
        for name in ("include_layers", "include_heads")
        if "include_heads" in data  # the model view; the menus of the other two are counted by our script
    }
    return {**data, **titles, "root_div_id": _ROOT}


def _safe_json(data: dict[str, Any]) -> str:
    """JSON that can stand in a script: a tokens' `</script>` or `<!--` is written as `\\u003c` and so on."""
    text = json.dumps(data, separators=(",", ":"))
    for character, escaped in _UNSAFE.items():
        text = text.replace(character, escaped)
    return text


def _document(body: str, view: BertVizView, text: BertVizText) -> str:
    """A view's HTML as a document of its own, with what its scripts need."""
    for menu, name in (("layer", text.layer), ("att_head", text.head)):
        body = body.replace(f'<select id="{menu}">', f'<select id="{menu}" aria-label="{escape(name)}">')
    script = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
    return (
        f'<!doctype html><html lang="{escape(text.language)}"><head><meta charset="utf-8">'
        f"<title>{escape(text.title)}</title><style>{_STYLE}</style>"
        f"<script>{_d3()}</script><script>{script}</script></head>"
        f'<body><main data-width="{_WIDTHS[view]}">{body}</main></body></html>'
    )


@cache
def _d3() -> str:
    """d3 5.7.0, which BertViz draws with: the mpld3 package carries it. The package itself is not imported."""
    found = find_spec("mpld3")
    assert found is not None
    assert found.submodule_search_locations is not None
    (folder,) = found.submodule_search_locations
    return (Path(folder) / "js" / "d3.v5.min.js").read_text(encoding="utf-8")
