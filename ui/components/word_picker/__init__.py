"""The sentence as words to click: each click hides a word from the model or gives it back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from ui.address.session import component_event
from ui.components.assets import register

_LONGEST_WORD = 40  # characters shown of one word; a longer one would fill the row

_mount = register("word_picker", "elements", "keys")


def word_picker(
    words: Sequence[str],
    masked: Collection[int],
    *,
    key: str,
    label: str,
    on_masks: Callable[[tuple[int, ...]], None],
    mask_token: str = "[MASK]",
    fixed: bool = False,
) -> None:
    """Show the words of a sentence and report which are to be masked.

    Args:
        words: the words as the reader sees them, in the order of the sentence.
        masked: indices of the words that are masked now; whoever calls remembers them.
        key: names the instance.
        label: a sentence above the words that says what a click does.
        on_masks: called before the script runs again, with all indices masked after the click, ascending.
        mask_token: what the model reads in place of a masked word.
        fixed: whether the words are only to be read.
    """

    def report() -> None:
        masks = component_event(key, "masks")
        if isinstance(masks, list):
            on_masks(tuple(sorted({int(index) for index in masks if 0 <= int(index) < len(words)})))

    _mount(
        key=key,
        data={
            "words": [word if len(word) <= _LONGEST_WORD else word[:_LONGEST_WORD] + "…" for word in words],
            "masked": sorted(masked),
            "label": label,
            "mask_token": mask_token,
            "fixed": fixed,
        },
        on_masks_change=report,
    )
