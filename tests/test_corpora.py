"""The texts of our own writing have the form that pre-training reads, and do not give away what lessons ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from lm_core.text.corpus import read_documents

TEXTS = sorted((Path(__file__).parent.parent / "corpora").glob("*.txt"))

# What the lessons ask about everyday life: a model that had read these very sentences would only remember them.
ASKED = (
    "we sat around the",
    "plays the violin in an",
    "the farmer milks the",
)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_a_text_has_documents_of_several_different_sentences(text: Path) -> None:
    documents = list(read_documents(text))
    sentences = [sentence for document in documents for sentence in document]
    assert min(map(len, documents)) >= 4
    assert len(set(sentences)) == len(sentences)
    assert max(len(sentence.split()) for sentence in sentences) <= 20


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_what_lessons_ask_does_not_stand_in_what_the_model_reads(text: Path) -> None:
    for sentence in text.read_text(encoding="utf-8").lower().splitlines():
        assert not [start for start in ASKED if start in sentence]
