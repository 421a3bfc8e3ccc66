"""A small corpus of our own, in files as pre-training reads them."""

from __future__ import annotations

import lzma
from pathlib import Path
from random import Random

import pytest

from lm_core.corpus import PackedCorpus, find_sources, open_corpus, read_sentences
from lm_core.tokenization import Tokenizer

ANIMALS = ["cat", "dog", "fox", "owl", "cow", "hen"]
VERBS = ["sees", "likes", "follows", "fears", "finds"]
PLACES = ["garden", "forest", "kitchen", "school", "market"]


def sentence(chance: Random) -> str:
    animal, other, verb, place = (chance.choice(words) for words in (ANIMALS, ANIMALS, VERBS, PLACES))
    return f"The {animal} {verb} the {other} in the {place}."


@pytest.fixture(scope="session")
def text_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sources with documents, one of them compressed, and one of lone sentences."""
    folder = tmp_path_factory.mktemp("text")
    chance = Random(0)
    stories = ["\n".join(sentence(chance) for _ in range(2 + number % 7)) for number in range(150)]
    letters = ["\n".join(sentence(chance) for _ in range(4)) for _ in range(120)]
    folder.joinpath("stories.txt").write_text("\n\n".join(stories) + "\n", encoding="utf-8")
    with lzma.open(folder / "letters.txt.xz", "wt", encoding="utf-8") as file:
        file.write("\n\n".join(letters))
    folder.joinpath("phrases.txt").write_text("".join(sentence(chance) + "\n" for _ in range(150)), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def tokenizer(text_folder: Path) -> Tokenizer:
    return Tokenizer.train(read_sentences(find_sources(text_folder, {})), vocab_size=120)


@pytest.fixture(scope="session")
def corpus(text_folder: Path, tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> PackedCorpus:
    return open_corpus(find_sources(text_folder, {"stories": 3}), tokenizer, tmp_path_factory.mktemp("cache"))
