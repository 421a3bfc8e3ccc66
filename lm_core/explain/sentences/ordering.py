"""Which order of sentences a model finds most natural: every pair asked, every order scored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

import torch
from torch import Tensor

from lm_core.checkpoints.pretrained import LanguageModel
from lm_core.explain.sentences.next_sentence import require_next_sentence
from lm_core.explain.together import Variant, answer_together
from lm_core.text.tokenization import Encoding

MOST_SENTENCES = 7  # 5,040 orders; each sentence more multiplies them


@dataclass(frozen=True, eq=False)
class PairScores:
    """What the model says to each ordered pair of some sentences."""

    logits: Tensor  # (first, then, 2) of the next-sentence head, index 0: it follows; NaN for a sentence with itself
    cut: tuple[int, ...]  # sentences, from 0, of which the model did not read all in one of their pairs

    @cached_property
    def log_probs(self) -> Tensor:
        """(first, then) log P(then follows first), in nats, 0 or less; NaN for a sentence with itself."""
        return self.logits.log_softmax(dim=-1)[..., 0]


@dataclass(frozen=True, eq=False)
class RankedOrders:
    """All orders of n sentences, the best first."""

    orders: Tensor  # (n!, n) the sentence at each place, from 0
    scores: Tensor  # (n!,) falling; the sum of the scores of an order's neighbours

    @property
    def best(self) -> tuple[int, ...]:
        """The order with the highest score; of several the one that comes first as numbers."""
        return tuple(self.orders[0].tolist())

    def score(self, order: Sequence[int]) -> float:
        """The score of one order."""
        return float(self.scores[self._place(order)])

    def rank(self, order: Sequence[int]) -> int:
        """1 + how many orders have a higher score; orders of equal score share their rank."""
        return 1 + int((self.scores > self.scores[self._place(order)]).sum())

    def _place(self, order: Sequence[int]) -> int:
        """Where an order stands among all of them.

        Raises:
            ValueError: it is no order of these sentences.
        """
        count = self.orders.size(1)
        if sorted(order) != list(range(count)):
            raise ValueError(f"order: {tuple(order)} is no order of {count} sentences")
        return int((self.orders == torch.tensor(order)).all(dim=-1).nonzero()[0])


def pair_logits(
    lm: LanguageModel, pairs: Sequence[tuple[str, str]], on_progress: Callable[[int, int], None] | None = None
) -> Tensor:
    """Ask of many pairs whether the second text follows the first (Devlin et al. 2019, §3.1, task 2).

    Args:
        lm: who answers.
        pairs: what is asked, many at once.
        on_progress: as of `answer_together`.

    Returns:
        (pair, 2) logits in double precision; index 0: it follows, 1: it does not.

    Raises:
        InputError: a text is blank, or the checkpoint has no next-sentence head.
    """
    return _ask(lm, [lm.encode(first, then) for first, then in pairs], on_progress)


def pair_scores(
    lm: LanguageModel, sentences: Sequence[str], on_progress: Callable[[int, int], None] | None = None
) -> PairScores:
    """Ask of each ordered pair of some sentences whether the one follows the other: n(n - 1) pairs.

    Args:
        lm: who answers.
        sentences: two or more.
        on_progress: as of `answer_together`.

    Raises:
        InputError: as of `pair_logits`.
    """
    pairs = list(permutations(range(len(sentences)), 2))
    encodings = [lm.encode(sentences[first], sentences[then]) for first, then in pairs]
    logits = torch.full((len(sentences), len(sentences), 2), torch.nan, dtype=torch.float64)
    firsts, thens = torch.tensor(pairs).T
    logits[firsts, thens] = _ask(lm, encodings, on_progress)
    cut = {
        number
        for pair, encoding in zip(pairs, encodings, strict=True)
        for number, place in zip(pair, (encoding.truncated_at, encoding.pair_truncated_at), strict=True)
        if place is not None
    }
    return PairScores(logits, tuple(sorted(cut)))


def rank_orders(scores: Tensor) -> RankedOrders:
    """Score every order by the sum over its neighbours, and sort: an exact search, no order is left out.

    Args:
        scores: (first, then) of each ordered pair; the diagonal is not read.

    Raises:
        ValueError: scores is not square, or has fewer than 2 or more than `MOST_SENTENCES` sentences.
    """
    count = len(scores)
    if scores.shape != (count, count) or not 2 <= count <= MOST_SENTENCES:
        raise ValueError(f"scores of shape {tuple(scores.shape)} are not of 2 to {MOST_SENTENCES} sentences")
    orders = torch.tensor(list(permutations(range(count))))
    totals = scores.double()[orders[:, :-1], orders[:, 1:]].sum(dim=-1)
    totals, places = totals.sort(descending=True, stable=True)
    return RankedOrders(orders[places], totals)


def agreement(order: Sequence[int], truth: Sequence[int]) -> float:
    """How far two orders agree: Kendall's tau, the share of pairs in the same order less that of the others.

    Args:
        order, truth: the same numbers in two orders.

    Returns:
        Between -1 (one is the other backwards) and 1 (the same); 0 where half of the pairs are turned round.
    """
    from scipy.stats import kendalltau

    return float(kendalltau([order.index(number) for number in truth], range(len(truth))).statistic)


def _ask(lm: LanguageModel, encodings: Sequence[Encoding], on_progress: Callable[[int, int], None] | None) -> Tensor:
    """(pair, 2) logits of the next-sentence head for inputs of two texts each.

    Raises:
        InputError: the checkpoint has no next-sentence head.
    """
    require_next_sentence(lm)
    variants = [Variant(encoding.input_ids, encoding.token_type_ids, ()) for encoding in encodings]
    answers = answer_together(lm, variants, on_progress)
    return torch.stack([answer.seq_relationship_logits for answer in answers]).double()
