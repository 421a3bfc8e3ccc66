"""What all tests share: properties are about results, not about the time that a busy machine takes."""

from __future__ import annotations

import os

# Before torch is imported: the tests' models are tiny, and on a busy machine threads wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
