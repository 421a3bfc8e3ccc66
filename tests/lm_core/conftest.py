"""Tiny models, tiny tokenizers and a small corpus that the tests of lm_core share."""

from __future__ import annotations

import lzma
import os
from pathlib import Path
from random import Random

os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"

import pytest
import torch
from transformers import BertConfig, BertForPreTraining

from lm_core import LanguageModel, Tokenizer, load_pretrained
from lm_core.checkpoints.folders import load_checkpoint
from lm_core.text.corpus import PackedCorpus, find_sources, open_corpus, read_sentences
from lm_core.transformer.model import PreTrainingModel

SENTENCES = [
    "The cat sat on the mat and looked at the dog.",
    "A dog ran through the wet street, barking at cars.",
    "It rained all day; the street was wet.",
    "She drank coffee in a café [no sugar] & read: 100 pages!",
    "Unbelievable playing, players played unhappily.",
]

ANIMALS = ["cat", "dog", "fox", "owl", "cow", "hen"]
VERBS = ["sees", "likes", "follows", "fears", "finds"]
PLACES = ["garden", "forest", "kitchen", "school", "market"]


def sentence(chance: Random) -> str:
    animal, other, verb, place = (chance.choice(words) for words in (ANIMALS, ANIMALS, VERBS, PLACES))
    return f"The {animal} {verb} the {other} in the {place}."


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    """A vocabulary learned from five sentences."""
    return Tokenizer.train(SENTENCES * 3, vocab_size=200)


@pytest.fixture(scope="session")
def hugging_face_model(tokenizer: Tokenizer) -> BertForPreTraining:
    """A small random BERT of Hugging Face's, with weights large enough for attention to have a shape."""
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=tokenizer.vocab_size,
        hidden_size=24,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=40,
        max_position_embeddings=32,
        initializer_range=0.2,
        attn_implementation="eager",
    )
    return with_random_biases(BertForPreTraining(config)).eval()


def with_random_biases(model: BertForPreTraining) -> BertForPreTraining:
    """Fresh biases are 0 and norms 1, which would hide a swapped pair: draw them, too."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() == 1:
                parameter.add_(0.3 * torch.randn_like(parameter))
    return model


@pytest.fixture(scope="session")
def checkpoint(
    hugging_face_model: BertForPreTraining, tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder that Hugging Face writes for that model, with the tokenizer beside it."""
    folder = tmp_path_factory.mktemp("checkpoint")
    hugging_face_model.save_pretrained(folder)
    tokenizer.save(folder, max_length=32)
    return folder


@pytest.fixture(scope="session")
def model(checkpoint: Path) -> PreTrainingModel:
    """The same model in our code."""
    return load_checkpoint(checkpoint)[0].eval().requires_grad_(False)


@pytest.fixture(scope="session")
def language_model(checkpoint: Path) -> LanguageModel:
    """The same model behind the public face."""
    return load_pretrained(checkpoint, device="cpu")


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
def corpus_tokenizer(text_folder: Path) -> Tokenizer:
    """A vocabulary learned from that folder."""
    return Tokenizer.train(read_sentences(find_sources(text_folder, {})), vocab_size=120)


@pytest.fixture(scope="session")
def corpus(text_folder: Path, corpus_tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> PackedCorpus:
    """That folder as pre-training reads it."""
    return open_corpus(find_sources(text_folder, {"stories": 3}), corpus_tokenizer, tmp_path_factory.mktemp("cache"))
