"""A film of a training to drag along: its loss, its heads and its answers, all of one moment."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from ui.address.session import component_event
from ui.components.assets import FOLDER, register
from ui.components.attention_view import TokenKind

MOST = 1_100_000  # bytes of attention that are sent, a third less than what they are as text
_FINE, _COARSE = 65535, 255  # levels from 0 to 1
_POINTS = 500  # of one line; of more, the lowest and the highest among neighbours are drawn

_PARTS = ("elements", "scales", "keys", "pointed", "board", "heads", "attention_lines")
_mount = register("film", *_PARTS, "film_curve", "film_said", "film_words")
_mount_reel = st.components.v2.component(
    "glassbox_film_reel", js=(FOLDER / "film" / "film_reel.js").read_text(encoding="utf-8")
)

HeadPicture = Literal["lines", "words"]


@dataclass(frozen=True, eq=False)
class Reel:
    """What a film shows of one text, frame by frame."""

    steps: tuple[int, ...]
    read: tuple[int, ...]  # tokens read so far
    tokens: tuple[str, ...]  # of the text
    kinds: tuple[TokenKind, ...]  # of each token
    attentions: NDArray[np.float32]  # (frame, layer, head, query, key) probabilities
    answers: tuple[tuple[tuple[tuple[str, float], ...], ...], ...]  # per frame and gap, pieces and probabilities
    shares: tuple[tuple[float, ...], ...]  # per frame, the probability of each label; empty ones where there is none


@dataclass(frozen=True)
class Line:
    """A loss along the steps."""

    kind: Literal["training", "held-out"]
    name: str  # in the reader's language
    points: tuple[tuple[int, float], ...]  # step and loss; only finite ones are drawn


@dataclass(frozen=True)
class Looked:
    """Where the reader is in a film."""

    step: int | None  # None follows the end
    layer: int
    head: int
    query: int | None
    key: int | None


def film_player(
    reel: Reel,
    lines: Sequence[Line],
    *,
    key: str,
    total: int,
    at: Looked,
    view: HeadPicture,
    is_active: bool,
    names: Sequence[str],
    labels: Mapping[str, Any],
    on_look: Callable[[Looked], None],
) -> int:
    """Show a film; dragging redraws in the browser, and Python hears of it when the handle is let go.

    The pictures are for the eye: the attention is sent in 65,536 levels, a large film's in 256, and of a still larger
    one only so many frames as fit into MOST bytes.

    Args:
        reel: what is shown; sent anew only when it has changed.
        lines: the losses over it.
        key: names the instance.
        total: steps of the whole run, the right end of the axis.
        at: where the reader is; whoever calls remembers it.
        view: how one head is drawn.
        is_active: whether more frames may come.
        names: of the labels.
        labels: texts in the reader's language.
        on_look: called before the script runs again, with where the reader has gone.

    Returns:
        How many frames were sent.
    """
    frames = sent_frames(reel.attentions.shape)
    size = len(reel.tokens)
    payload = _payload(reel, frames)
    stamp = blake2b(repr(sorted(payload.items())).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    def report() -> None:
        look = component_event(key, "look")
        if look is not None:
            on_look(_checked(look, reel))

    _mount_reel(key=f"{key}_reel", data={"name": key, "stamp": stamp, **payload})
    drawn = [{"kind": line.kind, "name": line.name, "points": few(line.points)} for line in lines]
    _mount(
        key=key,
        data={
            "reel": key,
            "stamp": stamp,
            "curve": {
                "lines": drawn,
                "total": max(total, reel.steps[-1]),
                "highest": max((loss for line in drawn for _, loss in line["points"]), default=0.0) or 1.0,
                "labels": {"loss": labels["loss"], "handle": labels["handle"]},
            },
            "step": at.step,
            "layer": at.layer,
            "head": at.head,
            "query": at.query if at.query is not None and at.query < size else None,
            "key": at.key if at.key is not None and at.key < size else None,
            "view": view,
            "isActive": is_active,
            "names": list(names),
            "labels": dict(labels),
        },
        on_look_change=report,
    )
    return len(frames)


def sent_frames(shape: Sequence[int]) -> list[int]:
    """Which frames are sent, by their places: all where there is room in MOST bytes, else some evenly spread.

    Args:
        shape: (frame, layer, head, query, key).
    """
    count, cells = shape[0], int(np.prod(shape[1:]))
    fitting = max(2, min(count, MOST // max(1, cells)))
    places: list[int] = np.unique(np.linspace(0, count - 1, fitting).round().astype(int)).tolist()
    return places


def levels(attentions: NDArray[np.float32]) -> NDArray[np.uint16] | NDArray[np.uint8]:
    """Probabilities as whole numbers, as fine as there is room for: 65,536 levels, or 256."""
    if 2 * attentions.size <= MOST:
        return np.rint(attentions * _FINE).astype("<u2")
    return np.rint(attentions * _COARSE).astype(np.uint8)


def few(points: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """The finite points of a line, at most about _POINTS: of neighbours the lowest and the highest, none made up."""
    finite = [(step, round(loss, 5)) for step, loss in points if np.isfinite(loss)]
    if len(finite) <= _POINTS:
        return finite
    kept: set[tuple[int, float]] = {finite[0], finite[-1]}
    # Neighbours on the axis, where equal factors have equal distances.
    places = np.log1p([step for step, _ in finite])
    bins = (places * (_POINTS // 2 - 1) / places[-1]).astype(int)
    for each in np.unique(bins):
        together = [finite[index] for index in np.flatnonzero(bins == each)]
        kept |= {min(together, key=lambda point: point[1]), max(together, key=lambda point: point[1])}
    return sorted(kept)


def _payload(reel: Reel, frames: Sequence[int]) -> dict[str, Any]:
    """The reel as it is sent."""
    sent = levels(reel.attentions[frames])
    return {
        "steps": [reel.steps[frame] for frame in frames],
        "read": [reel.read[frame] for frame in frames],
        "tokens": list(reel.tokens),
        "kinds": list(reel.kinds),
        "size": len(reel.tokens),
        "layers": sent.shape[1],
        "heads": sent.shape[2],
        "bytes": sent.dtype.itemsize,
        "attentions": base64.b64encode(sent.tobytes()).decode("ascii"),
        "answers": [
            [[[piece, round(share, 5)] for piece, share in gap] for gap in reel.answers[frame]] for frame in frames
        ],
        "shares": [[round(share, 5) for share in reel.shares[frame]] for frame in frames],
    }


def _checked(look: Mapping[str, Any], reel: Reel) -> Looked:
    """What the browser sent, as far as there is such a moment, such a head and such a word."""
    layers, heads, size = reel.attentions.shape[1:4]

    def within(value: Any, count: int) -> int | None:  # noqa: ANN401 (whatever the browser sent)
        return int(value) if isinstance(value, (int, float)) and 0 <= value < count else None

    step = look.get("step")
    return Looked(
        step=int(step) if step in reel.steps else None,
        layer=within(look.get("layer"), layers) or 0,
        head=within(look.get("head"), heads) or 0,
        query=within(look.get("query"), size),
        key=within(look.get("key"), size),
    )
