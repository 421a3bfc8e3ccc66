"""What is said beside the counts: measured statements, a challenge, and guesses about what follows."""

from __future__ import annotations

from collections.abc import Sequence

from figures.bars import percent
from lm_core.explain.questions import shuffled
from lm_core.explain.sentences.ngram import Context, followers, frequent_contexts
from lm_core.explain.sentences.smoothing import NextWords
from lm_core.explain.words.prediction import MaskAnswer
from ui.frame.prediction import Question, predict_in_turn
from ui.i18n import _
from ui.lessons.language_model.ngrams import Counting, context_shown, word_shown
from ui.plain import code_span

_SURE = 0.3  # of the model's first answer, for the challenge


def notice(counting: Counting, expected: NextWords, answer: MaskAnswer) -> list[str]:
    """How little of what is possible a text has, and what the model does about it."""
    model = counting.model
    size, order = len(model.vocabulary), model.order
    kinds = sum(len(followers(model, context)) for context in frequent_contexts(model))
    zero = sum(not probability for probability in expected.probabilities)
    return [
        _("The text has {words} words, {size} different ones with the end of a sentence and <UNK>.")
        .replace("<", "\\<")
        .format(words=f"{model.running_words:,}", size=f"{size:,}"),
        _("Of {possible} possible n-grams of {order} it has {kinds}; all others have the count 0.").format(
            possible=f"{size**order:,}", order=order, kinds=f"{kinds:,}"
        ),
        _("{zero} of the {size} words have the probability 0 here.").format(zero=f"{zero:,}", size=f"{size:,}"),
        _(
            "The model has an answer to every beginning: here {word} with {probability}. It is no fair match: it reads "
            "on both sides of a gap and was asked for one word before a full stop."
        ).format(word=code_span(answer.predictions[0].token), probability=percent(answer.predictions[0].probability)),
    ]


def challenge(expected: NextWords, answer: MaskAnswer) -> str:
    """A context that the text lacks, with a model that is rather sure."""
    best = answer.predictions[0]
    if expected.context and not expected.times and best.probability >= _SURE:
        return _("**Challenge.** ✓ The text never goes on here, and the model says {word} with {probability}.").format(
            word=code_span(best.token), probability=percent(best.probability)
        )
    return _(
        "**Challenge.** Find a beginning that the text never goes on after, where the model gives its first answer "
        "more than {share}."
    ).format(share=percent(_SURE))


def guess(counting: Counting, on_page: Sequence[Context]) -> None:
    """Which of two words follows more often, about contexts that the table does not show."""
    model = counting.model
    contexts = [
        each
        for each in frequent_contexts(model)
        if each and len(counts := followers(model, each).most_common(2)) > 1 and counts[0][1] > counts[1][1]
    ]
    predict_in_turn(
        [contexts[number] for number in shuffled(len(contexts), counting.text)],
        lambda context: _about(counting, context),
        series=f"counting {model.order} {counting.text}",
        is_on_page=lambda context: context in on_page,
    )


def _about(counting: Counting, context: Context) -> Question:
    """A question about one context."""
    (first, more), (second, less) = followers(counting.model, context).most_common(2)
    names = {word: code_span(word_shown(word)) for word in sorted((first, second))}
    return Question(
        text=_("Which word follows {context} more often in the text?").format(context=context_shown(context)),
        options=tuple(names.values()),
        truth=names[first],
        why=_("{first} follows {more} times, {second} {less} times.").format(
            first=names[first], more=more, second=names[second], less=less
        ),
    )
