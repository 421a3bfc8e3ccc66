"""All layers × heads as small pictures of their attention, to see the kinds of heads and to pick one."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ui.address.session import component_event
from ui.components.assets import register

_LEVELS = 255
_PIXELS = 131_072  # of all pictures together: 4 × 4 heads of 90 tokens, or 12 × 12 of 30, are shown cell by cell

_mount = register("head_grid", "elements", "scales", "keys", "board", "heads")


def head_grid(
    attentions: Sequence[NDArray[np.float32]],
    *,
    key: str,
    layer: int,
    head: int,
    labels: Mapping[str, str],
    on_head: Callable[[int, int], None],
) -> None:
    """Show every head as a picture and report which one is picked.

    The pictures are for the eye: 256 levels between 0 and 1, and in a long sentence each pixel is the largest of
    its neighbours. The heat map and the table carry the exact numbers.

    Args:
        attentions: per layer (head, query, key) probabilities.
        key: names the instance.
        layer: index of the selected layer; whoever calls remembers it.
        head: index of the selected head.
        labels: texts in the reader's language: `grid`, `note`, and `layer`, `head` with the field {number}.
        on_head: called before the script runs again, with the layer and the head picked.
    """
    layers, heads = len(attentions), attentions[0].shape[0]

    def report() -> None:
        picked = component_event(key, "head")
        if picked is not None and 0 <= picked["layer"] < layers and 0 <= picked["head"] < heads:
            on_head(picked["layer"], picked["head"])

    pictures = thumbnails(np.stack(attentions))
    _mount(
        key=key,
        data={
            "layers": layers,
            "heads": heads,
            "side": pictures.shape[-1],
            "pictures": base64.b64encode(pictures.tobytes()).decode("ascii"),
            "layer": layer,
            "head": head,
            "labels": dict(labels),
        },
        on_head_change=report,
    )


def thumbnails(attentions: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Attention as pictures of bounded size.

    Args:
        attentions: (layer, head, query, key) probabilities.

    Returns:
        (layer, head, side, side) levels 0 to 255 for probabilities 0 to 1. Where the sentence is too long for one
        pixel each, a pixel is the largest probability among its neighbours, so that no strong link is lost.
    """
    layers, heads, size, _ = attentions.shape
    step = math.ceil(size / max(1, math.isqrt(_PIXELS // (layers * heads))))
    side = math.ceil(size / step)
    padding = side * step - size
    padded = np.pad(attentions, ((0, 0), (0, 0), (0, padding), (0, padding)))
    pooled = padded.reshape(layers, heads, side, step, side, step).max(axis=(3, 5))
    levels: NDArray[np.uint8] = np.rint(pooled * _LEVELS).astype(np.uint8)
    return levels
