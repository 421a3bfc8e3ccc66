"""Next sentences: whether the model believes that one sentence follows another, what it goes by, and who fools it."""

from __future__ import annotations

from ui.frame.lesson import show_lesson
from ui.lessons.next_sentences.lesson import LESSON

show_lesson(LESSON)
