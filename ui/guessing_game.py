"""The guessing game: the next word, or a gap, against the model and against the n-grams of a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.bars import percent
from figures.bits import in_bits
from lm_core.errors import InputError
from lm_core.explain.ngram import context_of, known_as, last_words, next_words, split
from lm_core.explain.prediction import answer_mask
from lm_core.explain.softmax import softmax_of
from lm_core.tokenization import MASK
from ui.answers import Row
from ui.controls import choice
from ui.game_text import ROUNDS, Round
from ui.i18n import _
from ui.ngrams import Counting, pick_counting, word_shown
from ui.numbers import numbers
from ui.plain import code_span
from ui.prediction import predict_text, text_answer
from ui.resources import Reading, trace_beside
from ui.session import change
from ui.tokens import Findings
from ui.entries import index_option
