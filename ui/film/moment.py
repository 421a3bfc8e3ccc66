"""One moment of a film, as the address names it: which frame, which head, which of its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ui.address.entries import index_option
from ui.address.session import change, option, view
from ui.components.attention_view import TokenKind
from ui.components.film import Looked, Reel

if TYPE_CHECKING:
    from torch import Tensor

    from lm_core.training.film import Film, Frame, Look, Probe


@dataclass(frozen=True, eq=False)
class Moment:
    """What of a film is looked at; all numbers are the film's."""

    film: Film
    place: int  # of the probe
    frame: int  # its place in the film
    layer: int
    head: int
    query: int | None  # the position that is pinned, if one is
    key: int | None
    is_followed: bool  # more frames may come, and the last one is shown, whichever it is

    @property
    def probe(self) -> Probe:
        """The sentence that is looked at."""
        return self.film.probes[self.place]

    @property
    def now(self) -> Frame:
        """The frame."""
        return self.film.frames[self.frame]

    @property
    def looks(self) -> list[Look]:
        """What the model made of the sentence in every frame."""
        return [frame.looks[self.place] for frame in self.film.frames]

    @property
    def look(self) -> Look:
        """What the model makes of it now."""
        return self.now.looks[self.place]

    @property
    def steps(self) -> list[int]:
        """Of the frames."""
        return [frame.step for frame in self.film.frames]

    @cached_property
    def attentions(self) -> Tensor:
        """(frame, layer, head, query, key) probabilities."""
        import torch

        return torch.stack([look.attentions.float() for look in self.looks])

    @property
    def cell(self) -> tuple[int, int]:
        """The query and the key that are pinned; what is not pinned is where the attention is strongest now."""
        probs = self.look.attentions[self.layer, self.head]
        if self.key is not None:
            return int(probs[:, self.key].argmax()) if self.query is None else self.query, self.key
        query = int(probs.flatten().argmax()) // probs.shape[-1] if self.query is None else self.query
        return query, int(probs[query].argmax())

    @property
    def kinds(self) -> tuple[TokenKind, ...]:
        """What kind of token stands at each position; the first and the last are [CLS] and [SEP]."""
        special = {0, len(self.probe.tokens) - 1}
        return tuple(
            "masked" if position in self.probe.masked_positions else "special" if position in special else "word"
            for position in range(len(self.probe.tokens))
        )

    @property
    def looked(self) -> Looked:
        """Where the reader is, as the player wants it."""
        return Looked(None if self.is_followed else self.now.step, self.layer, self.head, self.query, self.key)

    @property
    def reel(self) -> Reel:
        """All frames of this sentence, as the player wants them."""
        return Reel(
            steps=tuple(self.steps),
            read=tuple(frame.tokens for frame in self.film.frames),
            tokens=self.probe.tokens,
            kinds=self.kinds,
            attentions=self.attentions.numpy(),
            answers=tuple(
                tuple(tuple((answer.token, answer.probability) for answer in gap) for gap in look.answers)
                for look in self.looks
            ),
            shares=tuple(look.label_probs for look in self.looks),
        )


def asked_moment(film: Film, place: int, *, is_active: bool) -> Moment:
    """The moment that the address names: of a run that goes on the last, of any other film the first, if it names none.

    Args:
        film: with at least one frame.
        place: of the probe.
        is_active: whether more frames may come.
    """
    asked = option("step") or ""
    is_step = asked.isascii() and asked.isdigit() and len(asked) <= 9
    frames = film.frames
    frame = frames.index(film.nearest(int(asked))) if is_step else len(frames) - 1 if is_active else 0
    layers, heads, size = frames[0].looks[place].attentions.shape[:3]
    return Moment(
        film=film,
        place=place,
        frame=frame,
        layer=min(view().layer, layers - 1),
        head=min(view().head, heads - 1),
        query=index_option("query", size),
        key=index_option("key", size),
        is_followed=is_active and not is_step,
    )


def go_to(looked: Looked) -> None:
    """Write where the reader has gone into the address."""
    change(
        step=looked.step,
        layer=looked.layer,
        head=looked.head,
        query=None if looked.query is None else looked.query + 1,
        key=None if looked.key is None else looked.key + 1,
    )
