"""Questions about a reader's own sentence, in an order that the sentence fixes, with the truth that a trace holds."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from hashlib import blake2b

from lm_core.checkpoints.pretrained import Trace
from lm_core.text.tokenization import CLS, SEP, Encoding, Tokenizer

OPTIONS = 4  # positions to choose from
MOST = 64  # things that are put into an order; nobody answers more questions about one sentence


@dataclass(frozen=True)
class LookQuestion:
    """Where one position looks most in one head, with other positions to choose from."""

    layer: int  # from 0
    head: int
    query: int  # the position that looks
    keys: tuple[int, ...]  # the positions to choose from, ascending; their tokens are all different
    shares: tuple[float, ...]  # of the query's attention on each of them, 0 to 1
    truth: int  # the one of them with the largest share; no other position has a larger one


def shuffled(count: int, text: str) -> list[int]:
    """The numbers below count (at most `MOST` of them), scattered in an order that the text fixes."""
    seed = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return random.Random(int.from_bytes(seed, "big")).sample(range(count), min(count, MOST))


def words_to_ask_about(encoding: Encoding, tokenizer: Tokenizer) -> list[int]:
    """Words that the model could put back with one piece, by their number, in an order that the text fixes."""
    return [
        number
        for number in shuffled(len(encoding.words), encoding.text)
        if (word := encoding.words[number]).text.isalpha()
        and len(word.positions) == 1
        and encoding.original_ids[word.positions[0]] not in (tokenizer.unk_id, tokenizer.mask_id)
    ]


def queries_to_ask_about(encoding: Encoding) -> list[int]:
    """Positions inside the sentence whose token stands there once, so that a question can name it."""
    times = Counter(encoding.tokens)
    return [
        position
        for position, token in enumerate(encoding.tokens)
        if times[token] == 1 and token not in (CLS, SEP) and position not in encoding.masked_positions
    ]


def look_question(trace: Trace, layer: int, head: int, query: int) -> LookQuestion:
    """Ask where a position looks most; which positions stand beside the true one, the text fixes.

    Args:
        trace: of any text.
        layer, head, query: which row of attention, from 0.
    """
    tokens = trace.encoding.tokens
    row = trace.attentions[layer][0, head, query]
    truth = int(row.argmax())
    keys = {tokens[truth]: truth}
    for position in shuffled(len(tokens), f"{layer} {head} {query} {trace.encoding.text}"):
        if len(keys) < OPTIONS:
            keys.setdefault(tokens[position], position)
    chosen = tuple(sorted(keys.values()))
    return LookQuestion(layer, head, query, chosen, tuple(row[list(chosen)].tolist()), truth)
