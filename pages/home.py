"""The first page: what this is, the model at work on one sentence, and the map of the course."""

from __future__ import annotations

from ui.frame.lesson import show_views
from ui.lessons.home.course_map import show_course
from ui.lessons.home.lesson import LESSON

show_views(LESSON)
show_course()
