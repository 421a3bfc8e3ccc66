"""How a model learns: objectives, a run that can be stopped and continued, fine-tuning, pre-training, its film.

Who trains when, and where it is kept, is `lm_core.runs`.
"""
