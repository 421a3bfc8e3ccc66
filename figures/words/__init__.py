"""Answers to a gap: held against those of another pass, of another sentence, of another occupation."""
