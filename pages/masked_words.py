"""Masked words: hide words from the model, see what it expects there and how sure it is, and why."""

from __future__ import annotations

from ui.frame.lesson import show_lesson
from ui.lessons.masked_words.lesson import LESSON

show_lesson(LESSON)
