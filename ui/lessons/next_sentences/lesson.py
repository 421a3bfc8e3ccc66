"""Next sentences: whether the model believes that one sentence follows another, what it goes by, and who fools it."""

from __future__ import annotations

from ui.frame.lesson import Lesson
from ui.frame.views import View
from ui.i18n import N_

LESSON = Lesson(
    "next-sentences",
    N_("Does this sentence follow?"),
    N_("The model reads two sentences at once and says how probable it is that the second stood behind the first."),
    {
        "pair": View(
            N_("Two sentences"),
            N_(
                "**Read.** While it learned, the model also saw two pieces of text at a time. Half of the time B "
                "stood behind A in the same text, half of the time B was taken from another one; it had to say which. "
                "Its answer is P(IsNext), the probability that B follows A. It reads it off a single vector: that of "
                "[CLS] after the last layer."
            ),
            "ui.lessons.next_sentences.two_sentences",
        ),
        "cls": View(
            N_("Where [CLS] looks"),
            N_(
                "**Read.** Whether B follows is read off [CLS], a token that stands for no word. All that it knows of "
                "the two sentences it has gathered by attention, layer by layer. Each bar shares out 100 % of the "
                "attention of [CLS]: on the words of A, on those of B, on itself, and on the two [SEP]. Click a part "
                "of a bar to see its sum."
            ),
            "ui.lessons.next_sentences.cls",
        ),
        "words": View(
            N_("What each word adds"),
            N_(
                "**Read.** Take one word away and ask again: if the model believes less in the pair, the word spoke "
                "for it. This is done for every word of both sentences, one at a time. Left out, a word is simply not "
                "there, and the others move up; hidden, [MASK] stands in its place, and the model may guess it."
            ),
            "ui.lessons.next_sentences.each_word",
        ),
        "story": View(
            N_("Order a story"),
            N_(
                "**Read.** The model never learned to order a story, but it can be made to: ask it about each pair of "
                "sentences, and give an order the sum of log P(IsNext) over its neighbours. The order with the "
                "highest sum is the model's; all orders are tried. Order the cards yourself first, then see who comes "
                "nearer to the truth."
            ),
            "ui.lessons.next_sentences.story_view",
        ),
        "ten": View(
            N_("Ten pairs"),
            N_(
                "**Read.** Ten pairs of sentences, and you against the model: did the second follow the first? We "
                "wrote the texts they are from, so we know. Some pairs are neighbours, some are from two texts, and "
                "some are from one text but in the wrong order. For the model, “follows” is a P(IsNext) above 50 %."
            ),
            "ui.lessons.next_sentences.ten_pairs",
        ),
        "fooled": View(
            N_("Where it is fooled"),
            N_(
                "**Read.** Ask it about text that it never saw. Each A is followed once by what really stood there, "
                "and once by something else: a piece of another document, a piece of the same document, or A and B in "
                "the wrong order. Guessing is right in 50 % everywhere. A model that knows what follows from what "
                "does better in all three."
            ),
            "ui.lessons.next_sentences.fooled",
        ),
    },
)
