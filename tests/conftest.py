"""What all tests share: properties are about results, not about the time that a busy machine takes."""

from __future__ import annotations

import os
import tempfile

# Before torch is imported: the tests' models are tiny, and on a busy machine threads wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# What tests keep does not come among what the reader of this machine keeps; the servers that they start inherit it.
os.environ["LM_GLASSBOX_HOME"] = tempfile.mkdtemp(prefix="lm-glassbox-tests-")

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
