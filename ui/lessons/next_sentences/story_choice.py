"""Which story is put in order: one of ours, or one that the reader types, a sentence a line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from string import ascii_uppercase
from typing import TYPE_CHECKING

import streamlit as st

from lm_core.errors import InputError
from ui.address.entries import lines_entry
from ui.address.hiding import offered
from ui.address.session import change, option, seed_widget, widget_value
from ui.i18n import _
from ui.lessons.next_sentences.stories import LEVELS, STORIES, shuffled

if TYPE_CHECKING:
    from lm_core import LanguageModel

OWN = "own"  # in the address, for the reader's story
FEWEST, MOST = 4, 6  # sentences: at most 720 orders
LONGEST = 240  # characters of a sentence: six of them have room in an address
_HEIGHT = 180  # pixels: six lines and a little
_OF_ONE_STORY = ("order", "done", "cell", "sum")  # what in the address means nothing to another story


@dataclass(frozen=True)
class DealtStory:
    """A story, and the cards that its sentences are dealt on."""

    sentences: tuple[str, ...]  # in the order in which they were told
    dealt: tuple[int, ...]  # the sentence, from 0, on each card

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """What each sentence is called: the letter of its card."""
        return tuple(ascii_uppercase[self.dealt.index(sentence)] for sentence in range(len(self.sentences)))

    def cards(self) -> tuple[int, ...]:
        """The card, from 0, at each place, as the address says it; as they were dealt where it says nothing else."""
        letters = ascii_uppercase[: len(self.dealt)]
        asked = (option("order") or "").upper()
        return tuple(letters.index(letter) for letter in (asked if sorted(asked) == list(letters) else letters))

    def place_cards(self, cards: tuple[int, ...]) -> None:
        """Write an order of the cards into the address."""
        change(order="".join(ascii_uppercase[card] for card in cards))


def story_picker() -> str:
    """The name of a story, or `OWN`."""
    names = [*(story.name for story in STORIES), OWN]
    asked = option("story")
    name = asked if asked in names else names[0]
    label = _("Story")
    if offered("story", label):
        shown = {
            story.name: _("{title} · {count} sentences, {level}").format(
                title=_(story.title), count=len(story.sentences), level=_(LEVELS[story.level])
            )
            for story in STORIES
        }
        seed_widget("story", name)
        st.selectbox(
            label,
            names,
            format_func=lambda each: shown.get(each) or _("A story of your own"),
            key="story",
            on_change=lambda: change(**dict.fromkeys(_OF_ONE_STORY), story=widget_value("story")),
            label_visibility="collapsed",
        )
    return str(name)


def story_told(name: str, model: LanguageModel) -> DealtStory | None:
    """The story with this name, dealt on cards; None as long as the reader has typed nothing.

    Raises:
        InputError: what the reader typed cannot be put in order.
    """
    if name != OWN:
        (story,) = (story for story in STORIES if story.name == name)
        return DealtStory(story.sentences, shuffled(name, len(story.sentences)))
    text = lines_entry(
        _("Your story in its right order, one sentence a line ({fewest} to {most}, in English)").format(
            fewest=FEWEST, most=MOST
        ),
        name=OWN,
        longest=MOST * (LONGEST + 1),
        height=_HEIGHT,
        clears=_OF_ONE_STORY,
    )
    if not text.strip():
        return None
    sentences = _sentences(text, model)
    return DealtStory(sentences, shuffled(text, len(sentences)))


def _sentences(text: str, model: LanguageModel) -> tuple[str, ...]:
    """The sentences of a story that was typed.

    Raises:
        InputError: they are too few, too many, too long or alike, or the model cannot read one of them.
    """
    sentences = tuple(line.strip() for line in text.splitlines() if line.strip())
    if not FEWEST <= len(sentences) <= MOST:
        raise InputError(
            "A story here has {fewest} to {most} sentences, one a line; yours has {count}.",
            fewest=FEWEST,
            most=MOST,
            count=len(sentences),
        )
    for number, sentence in enumerate(sentences, 1):
        if len(sentence) > LONGEST:
            raise InputError(
                "Sentence {number} has {count} characters; {limit} is the most.",
                number=number,
                count=len(sentence),
                limit=LONGEST,
            )
        try:
            encoding = model.encode(sentence)
        except InputError as error:
            raise InputError("There is nothing in sentence {number} that the model can read.", number=number) from error
        if encoding.masked_positions:
            raise InputError("Sentence {number} has a gap: put a word in place of [MASK].", number=number)
        if sentence in sentences[: number - 1]:
            raise InputError(
                "Sentences {first} and {number} are the same: nobody can tell which comes first.",
                first=sentences.index(sentence) + 1,
                number=number,
            )
    return sentences
