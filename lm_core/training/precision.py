"""In which precision a machine trains fastest."""

from __future__ import annotations

import torch


def bfloat16_is_native() -> bool:
    """Whether matrix products in bfloat16 are done by the hardware; elsewhere they are slower than in float32."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    # Private to torch, but nothing public tells; a version without them trains in float32.
    features = ("_is_avx512_bf16_supported", "_is_amx_tile_supported", "_is_arm_bf16_supported")
    return any(bool(getattr(torch.cpu, feature, bool)()) for feature in features)
