"""Language model: counting against understanding, the probability of a sentence, minimal pairs, and a game."""

from __future__ import annotations

from ui.frame.lesson import show_lesson
from ui.lessons.language_model.lesson import LESSON

show_lesson(LESSON)
