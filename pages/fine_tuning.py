"""Training live: fine-tune a pre-trained model on labelled texts, from the data to what it predicts."""

from __future__ import annotations

from ui.frame.lesson import show_lesson
from ui.lessons.fine_tuning.lesson import LESSON

show_lesson(LESSON)
