"""Pre-training from nothing: a small text, its pieces, a model that learns them, and what became of it."""

from __future__ import annotations

from ui.frame.lesson import show_lesson
from ui.lessons.pretraining.lesson import LESSON

show_lesson(LESSON)
