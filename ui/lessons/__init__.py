"""The lessons, a folder each: `lesson.py` names its question, answer and views; `state.py` what it keeps.

No lesson imports another: what two need lies in the room that names it.
"""
