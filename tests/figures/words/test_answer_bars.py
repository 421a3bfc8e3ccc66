"""Two bars for each answer, of exactly the numbers given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.bars import percent
from figures.labels import coloured, plain
from figures.theme import LIGHT
from figures.words.answer_bars import PairedBarsText, paired_bars

TEXT = PairedBarsText(probability="probability", before="<b>all heads</b>", after="now")
prob = st.floats(0, 1, width=32)


@given(st.lists(st.tuples(st.text(max_size=30), prob, prob), min_size=1, max_size=9))
def test_the_bars_are_the_numbers_given_and_each_is_labelled_with_its_own(
    answers: list[tuple[str, float, float]],
) -> None:
    tokens, before, after = zip(*answers, strict=True)
    figure = paired_bars(tokens, before, after, theme=LIGHT, text=TEXT, original=0)
    for trace, probs, name in zip(figure.data, (before, after), (TEXT.before, TEXT.after), strict=True):
        assert tuple(trace.x) == probs
        assert len(set(trace.y)) == len(tokens), "equal tokens must not merge"
        assert trace.text[0] == f"{percent(probs[0])}  {plain(name)}"
        assert list(trace.text[1:]) == [percent(each) for each in probs[1:]]
    assert figure.layout.yaxis.ticktext[0] == coloured(tokens[0], LIGHT.masked)
    assert list(figure.layout.yaxis.ticktext[1:]) == [plain(token) for token in tokens[1:]]


def test_answers_and_numbers_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="2 tokens"):
        paired_bars(["a", "b"], [0.1, 0.2], [0.1], theme=LIGHT, text=TEXT)
