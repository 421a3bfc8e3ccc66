"""Text from outside never becomes markup."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ui.plain import code_span

HOSTILE = st.text(alphabet=st.sampled_from("`\\*_[]()<>$:!#|~&;/-\n\r\t\x00\u2028\u202e aé词"), max_size=300)


@given(HOSTILE | st.text())
def test_a_code_span_is_one_line_that_only_its_own_fence_ends(text: str) -> None:
    span = code_span(text)
    fence = re.match("`+", span)
    assert fence is not None
    inside = span[fence.end() : -fence.end()]
    assert span.endswith(fence.group())
    assert not inside.startswith("`")
    assert not inside.endswith("`")
    assert fence.group() not in [run.group() for run in re.finditer("`+", inside)]
    assert not re.search(r"[\n\r\x00\u2028\u2029]", span)
    assert inside.strip() or not text.strip("\x00 \t\n\r\u2028\u2029") or not re.sub(r"[\s\x00-\x1f\x7f]", "", text)


def test_plain_text_stands_in_the_span_as_it_is() -> None:
    assert code_span("[x](javascript:alert(1)) $a$ :material/home:") == "`[x](javascript:alert(1)) $a$ :material/home:`"
    assert code_span("a`b") == "`` a`b ``"
    assert len(code_span("a" * 10_000)) < 200
