"""One head by hand: from X to the output in seven steps, on numbers small enough to check, or on the model's own."""

from __future__ import annotations

from ui.frame.lesson import show_lesson
from ui.lessons.attention.lesson import LESSON

show_lesson(LESSON)
