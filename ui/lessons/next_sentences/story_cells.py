"""The cells of an ordered story: the score of each pair, every order, and how far they agree with the truth."""

from __future__ import annotations

from lm_core.explain.sentences.ordering import agreement, pair_scores, rank_orders
from ui.frame.notebook import Cell, imports, model_cells
from ui.i18n import _
from ui.lessons.next_sentences.story_answer import StoryAnswer


def story_cells(answer: StoryAnswer) -> list[Cell]:
    """The page as cells."""
    return [
        *model_cells(answer.model_name),
        Cell(_("The sentences in their true order, and log P(IsNext) of each ordered pair of them."), "markdown"),
        Cell(
            f"{imports(agreement, pair_scores, rank_orders)}"
            f"sentences = {list(answer.story.sentences)!r}\n"
            "scores = pair_scores(lm, sentences)\n"
            "scores.log_probs"
        ),
        Cell(_("Every order with its score, and the model's, the true one and the reader's among them."), "markdown"),
        Cell(
            "ranked = rank_orders(scores.log_probs)\n"
            f"truth, reader = {answer.truth!r}, {answer.reader!r}  # sentences, counted from 0\n"
            "for order in (ranked.best, truth, reader):\n"
            "    tau = agreement(order, truth)\n"
            '    print(f"{order}: score {ranked.score(order):.4f}, rank {ranked.rank(order)}, tau {tau:.2f}")'
        ),
    ]
