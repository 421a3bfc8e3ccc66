"""Tokens and positions: pieces and ids, the three embeddings, what positions are for, and the map of words."""

from __future__ import annotations

from ui.frame.lesson import Lesson
from ui.frame.views import View
from ui.i18n import N_

LESSON = Lesson(
    "tokens",
    N_("What does the model read?"),
    N_(
        "Not words: numbered pieces, and for each a vector that says what it is, where it stands and in which sentence."
    ),
    {
        "pieces": View(
            N_("Pieces"),
            N_(
                "**Read.** A vocabulary of a few thousand pieces has to spell every word. WordPiece looks for the "
                "longest beginning of the word that the vocabulary has, then goes on with the rest; a piece that "
                "continues a word is written with ## in front. Of each piece the model gets a number, its id. [CLS] "
                "and [SEP] mark where the input begins and where a sentence ends."
            ),
            "ui.lessons.tokens.pieces",
        ),
        "embeddings": View(
            N_("Embeddings"),
            N_(
                "**Read.** Three tables turn a token into a vector: one has a row for every piece, one for every "
                "position, one for each segment. The three rows are added up, and a norm brings the sum to a common "
                "scale. This is all that the first layer sees. Move along the dimensions, and check any number of "
                "them."
            ),
            "ui.lessons.tokens.embeddings",
        ),
        "positions": View(
            N_("Positions"),
            N_(
                "**Read.** Attention does not know the order of words; it has to be told. BERT learned a vector for "
                "every position from text. The first Transformer took sines and cosines instead: fast waves at the "
                "left, slow ones at the right. In both, positions that are near each other should look alike."
            ),
            "ui.lessons.tokens.positions",
        ),
        "swap": View(
            N_("Swap words"),
            N_(
                "**Read.** “The dog bit the man” and “the man bit the dog” have the same pieces. Only the position "
                "embedding tells them apart. Swap two words and see which vectors change, from the embedding to the "
                "last layer; then leave the position embedding out."
            ),
            "ui.lessons.tokens.swap",
        ),
        "map": View(
            N_("Map"),
            N_(
                "**Read.** Words that occur in like places got like vectors. Nobody can see so many dimensions, so "
                "the map shows the two directions in which these words differ most. It is only a shadow: words that "
                "lie together on it may be far apart. The list of neighbours comes from the full space."
            ),
            "ui.lessons.tokens.map",
        ),
    },
)
