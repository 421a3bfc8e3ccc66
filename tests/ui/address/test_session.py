"""The address is the memory: any address means a view, and a view's address means the same view."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from ui.address.examples import DEFAULT, EXAMPLES, LONGEST_SENTENCE
from ui.address.session import SHIPPED_MODEL, Session, View, read_address

NAMES = st.sampled_from(["sentence", "mask", "layer", "head", "model", "lang", "check", "other"])
VALUES = st.text() | st.sampled_from(
    ["", "0", "1", "2", "-1", "1,2,2", "foo", "٣", "²", "9" * 5000, "1e3", " 1 ", "nan"]
)


def visit(address: dict[str, str]) -> AppTest:
    def page() -> None:
        import streamlit as st

        from ui.address.session import address as whole_address
        from ui.address.session import view

        st.session_state["seen"] = view()
        st.session_state["address"] = whole_address()

    app = AppTest.from_function(page)
    app.query_params.update(address)
    return app.run()


@given(st.dictionaries(NAMES, VALUES))
def test_any_address_means_a_view(address: dict[str, str]) -> None:
    view = read_address(address)
    assert len(view.sentence) <= LONGEST_SENTENCE
    assert list(view.masked_words) == sorted(set(view.masked_words))
    assert min((*view.masked_words, view.layer, view.head)) >= 0
    assert view.model
    for problem in view.problems:
        assert str(problem)


def test_the_plain_address_means_the_first_example_read_by_the_shipped_model() -> None:
    assert read_address({}) == View(DEFAULT.sentence, DEFAULT.masked_words, 0, 0, SHIPPED_MODEL)


def test_numbers_in_the_address_count_from_one() -> None:
    view = read_address({"sentence": "A b c d", "mask": "4,2", "layer": "3", "head": "2"})
    assert (view.masked_words, view.layer, view.head, view.problems) == ((1, 3), 2, 1, ())


def test_a_sentence_without_masks_hides_nothing_and_so_does_an_empty_mask() -> None:
    assert read_address({"sentence": "A cat"}).masked_words == ()
    assert read_address({"mask": ""}).masked_words == ()


def test_what_cannot_be_read_is_named() -> None:
    view = read_address({"mask": "2,foo", "layer": "0", "head": "x", "sentence": "a" * (LONGEST_SENTENCE + 1)})
    told = " ".join(map(str, view.problems))
    assert (view.masked_words, view.layer, view.head) == ((1,), 0, 0)
    assert all(wrong in told for wrong in ("foo", "layer 0", "head x", str(LONGEST_SENTENCE)))


def test_the_whole_address_of_a_view_means_the_same_view_elsewhere() -> None:
    address = {"sentence": "A & b = c? #ü 词", "mask": "1,3", "layer": "2", "head": "4", "model": "x/y", "lang": "zh"}
    there = visit({**address, "table": "on"})
    assert there.session_state["address"] == {**address, "table": "on"}
    plain = visit({})
    again = visit(plain.session_state["address"])
    assert again.session_state["seen"] == plain.session_state["seen"]


def test_the_examples_mask_words_that_they_have() -> None:
    for example in EXAMPLES:
        assert all(0 <= word < len(example.sentence.split()) + 1 for word in example.masked_words)


def test_the_counterpart_of_an_example_has_as_many_words_and_differs_in_a_few() -> None:
    for example in EXAMPLES:
        words = list(zip(example.sentence.split(), example.counterpart.split(), strict=True))
        assert 1 <= sum(one != other for one, other in words) <= 5


def test_what_a_room_keeps_is_made_once_and_is_one_readers_alone() -> None:
    @dataclass
    class Seen:
        words: list[str] = field(default_factory=list)

    @dataclass
    class Heard(Seen):
        pass

    one, other = Session(), Session()
    one.kept(Seen).words.append("cat")
    assert one.kept(Seen).words == ["cat"]
    assert not one.kept(Heard).words, "another room's, however alike"
    assert not other.kept(Seen).words
