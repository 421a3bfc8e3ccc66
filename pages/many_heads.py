"""Many heads: every layer and head of the model on the reader's sentence, and what each of them looks at."""

from __future__ import annotations

from ui.frame.lesson import show_lesson
from ui.lessons.many_heads.lesson import LESSON

show_lesson(LESSON)
