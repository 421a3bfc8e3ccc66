"""The affine map that most of a Transformer is made of, by the faster of PyTorch's two libraries."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_HAS_ONEDNN = bool(torch.backends.mkldnn.is_available())  # type: ignore[no-untyped-call]


def linear(hidden_states: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Multiply by a matrix and add a vector: x Wᵀ + b.

    PyTorch gives float32 products to MKL, which on AMD's processors takes twice oneDNN's time (measured at 16 to
    1,024 positions). So where no gradient is wanted oneDNN is asked; it agrees to float32's rounding.

    Args:
        hidden_states: (..., in) any leading axes.
        weight: (out, in).
        bias: (out,).

    Returns:
        (..., out)
    """
    if _is_for_onednn(hidden_states, weight):
        product: Tensor = torch.ops.mkldnn._linear_pointwise(hidden_states, weight, bias, "none", [], "")
        return product
    return F.linear(hidden_states, weight, bias)


def _is_for_onednn(hidden_states: Tensor, weight: Tensor) -> bool:
    """oneDNN's operator knows no gradients and no autocast, and no device but the processor."""
    return (
        not torch.is_grad_enabled()
        and hidden_states.dtype == weight.dtype == torch.float32
        and hidden_states.device.type == "cpu"
        and _HAS_ONEDNN
        and not torch.is_autocast_enabled("cpu")
    )


class Linear(nn.Linear):
    """`linear` with parameters of its own."""

    def forward(self, hidden_states: Tensor) -> Tensor:
        """(..., in) → (..., out)"""
        return linear(hidden_states, self.weight, self.bias)
