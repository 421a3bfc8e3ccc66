"""How a WordPiece vocabulary is learned: which two pieces became one, step by step, and how often they met."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from lm_core.text.tokenization import Tokenizer

_WORDS = 5  # that are kept of each step
_INSIDE = "##"  # before a piece that does not begin a word

Pair = tuple[int, int]  # ids of two pieces


@dataclass(frozen=True)
class Merge:
    """One step: the pair that met most often became a piece of its own."""

    left: str
    right: str
    piece: str  # the two as one
    count: int  # how often the two stood side by side in the text, cut as it was before this step
    words: tuple[
        tuple[str, int], ...
    ]  # some words in which they did, the most frequent first, and how often each stands


def merges(sentences: Iterable[str], tokenizer: Tokenizer) -> tuple[Merge, ...]:
    """The steps by which `Tokenizer.train` came from characters to the pieces of this one, in order.

    The trainer of the `tokenizers` library does not tell them, so its rule is followed here once more: join the pair
    that is most frequent now, of equal ones that with the smaller ids (Sennrich et al. 2016, algorithm 1). The first
    WordPiece chose the pair that makes the text most probable instead (Schuster and Nakajima 2012, §3).

    Args:
        sentences: the text that the tokenizer was trained on.
        tokenizer: what `Tokenizer.train` made of it.
    """
    texts = word_counts(sentences, tokenizer)
    names, counts = list(texts), list(texts.values())
    words = [_characters(name, tokenizer) for name in names]
    pieces = {id_: piece for piece, id_ in tokenizer.vocabulary.items()}
    pair_counts: Counter[Pair] = Counter()
    places: defaultdict[Pair, set[int]] = defaultdict(set)
    for number, word in enumerate(words):
        for pair in pairwise(word):
            pair_counts[pair] += counts[number]
            places[pair].add(number)
    queue = [(-pair_counts[pair], pair, tuple(found)) for pair, found in places.items()]
    heapq.heapify(queue)
    steps: list[Merge] = []
    known = {piece for word in words for piece in word}
    while queue:
        count, pair, found = heapq.heappop(queue)
        if -count != pair_counts[pair]:  # it has become rarer since it was put there
            heapq.heappush(queue, (-pair_counts[pair], pair, found))
            continue
        joined = pieces[pair[0]] + pieces[pair[1]].removeprefix(_INSIDE)
        new = tokenizer.vocabulary.get(joined)
        if new is None or count == 0:  # the vocabulary was full before this step
            break
        if new not in known:
            most = heapq.nsmallest(_WORDS, found, key=lambda number: (-counts[number], names[number]))
            seen_in = tuple((names[number], counts[number]) for number in most)
            steps.append(Merge(pieces[pair[0]], pieces[pair[1]], joined, -count, seen_in))
            known.add(new)
        grown: defaultdict[Pair, set[int]] = defaultdict(set)
        for number in found:
            words[number], changes = _joined(words[number], pair, new)
            for changed, change in changes:
                pair_counts[changed] += change * counts[number]
                if change > 0:
                    grown[changed].add(number)
        for changed, numbers in grown.items():
            heapq.heappush(queue, (-pair_counts[changed], changed, tuple(numbers)))
    return tuple(steps)


def word_counts(sentences: Iterable[str], tokenizer: Tokenizer) -> Counter[str]:
    """How often each word stands in a text, as the tokenizer sees words: in lower case, punctuation apart."""
    return Counter(word for sentence in sentences for word in tokenizer.split(sentence))


def whole_word_share(counts: Mapping[str, int], tokenizer: Tokenizer) -> float:
    """The share of the words of a text, each as often as it stands there, that are one piece of the vocabulary."""
    whole = sum(count for word, count in counts.items() if word in tokenizer.vocabulary)
    return whole / max(1, sum(counts.values()))


def piece_counts(counts: Mapping[str, int], tokenizer: Tokenizer) -> Counter[str]:
    """How often each piece stands in a text whose words are counted."""
    words = list(counts)
    found: Counter[str] = Counter()
    for word, ids in zip(words, tokenizer.encode_batch_ids(words), strict=True):
        for id_ in ids:
            found[tokenizer.token(id_)] += counts[word]
    return found


def _characters(word: str, tokenizer: Tokenizer) -> list[int]:
    """The ids of a word's characters; those too rare to be in the vocabulary are left out."""
    characters = [_INSIDE * (place > 0) + character for place, character in enumerate(word)]
    return [tokenizer.vocabulary[each] for each in characters if each in tokenizer.vocabulary]


def _joined(word: list[int], pair: Pair, new: int) -> tuple[list[int], list[tuple[Pair, int]]]:
    """The word with the pair as one piece wherever it stands, and which pairs that made rarer and more frequent."""
    joined: list[int] = []
    changes: list[tuple[Pair, int]] = []
    place = 0
    while place < len(word):
        if tuple(word[place : place + 2]) != pair:
            joined.append(word[place])
            place += 1
            continue
        if joined:
            changes += [((joined[-1], pair[0]), -1), ((joined[-1], new), 1)]
        if place + 2 < len(word):
            after = word[place + 2]
            changes += [((pair[1], after), -1), ((new, after), 1)]
        joined.append(new)
        place += 2
    return joined, changes
