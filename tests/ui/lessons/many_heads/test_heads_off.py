"""Which heads are off stands in the address, counted from 1, and is read back as it was written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui.lessons.many_heads.heads_off import as_address, heads_in

some_heads = st.frozensets(st.tuples(st.integers(0, 11), st.integers(0, 11)))


@given(some_heads)
def test_the_address_is_read_back_as_it_was_written(off: frozenset[tuple[int, int]]) -> None:
    assert heads_in(as_address(off) or "", 12, 12) == (off, [])


def test_heads_count_from_one_and_all_on_is_no_address() -> None:
    assert as_address(frozenset({(2, 3), (0, 1)})) == "1.2,3.4"
    assert as_address(frozenset()) is None


@given(st.text())
def test_whatever_the_address_says_a_part_of_it_is_a_head_or_is_named(text: str) -> None:
    off, unknown = heads_in(text, 3, 2)
    assert all(0 <= layer < 3 and 0 <= head < 2 for layer, head in off)
    named = [name.strip() for name in text.split(",") if name.strip()]
    assert len(unknown) + sum(name in {"1.1", "1.2", "2.1", "2.2", "3.1", "3.2"} for name in named) == len(named)
