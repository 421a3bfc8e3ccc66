"""Tokens and positions: pieces and ids, the three embeddings, what positions are for, and the map of words."""

from __future__ import annotations

from ui.frame.lesson import show_lesson
from ui.lessons.tokens.lesson import LESSON

show_lesson(LESSON)
