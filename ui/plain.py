"""The one place where text from outside (a sentence, a token, a name) becomes Markdown: as it is, never as markup."""

from __future__ import annotations

import re

_LONGEST = 120  # characters; more of one name would bury the sentence it stands in


def code_span(text: object) -> str:
    """Text from outside as a Markdown code span.

    A backslash is not enough: Streamlit replaces `:material/x:`, `:smile:` and `->` after Markdown's own escapes are
    gone. In a code span nothing is replaced. The fence is longer than any run of backticks in the text, and a line
    break, which could end the paragraph and so the span, becomes a space.
    """
    flat = re.sub(r"[\s\x00-\x1f\x7f\u2028\u2029]+", " ", str(text)).strip()
    if len(flat) > _LONGEST:
        flat = flat[:_LONGEST] + "…"
    if not flat:
        return "` `"
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", flat)), default=0))
    return f"{fence} {flat} {fence}" if "`" in flat else f"{fence}{flat}{fence}"
