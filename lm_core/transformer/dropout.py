"""Dropout whose chance comes from a generator of its own, so that runs side by side do not draw from one another."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Dropout(nn.Module):
    """Set some numbers to zero and enlarge the others, in training only (Srivastava et al. 2014).

    PyTorch's own dropout draws from the one generator of the process: of two runs in two threads each would then
    depend on what the other happens to do.
    """

    def __init__(self, rate: float) -> None:
        """Drop a share `rate` of all numbers, in [0, 1)."""
        super().__init__()
        self.rate = rate
        self.generator: torch.Generator | None = None  # None draws from the process's own

    def forward(self, hidden_states: Tensor) -> Tensor:
        """The same shape; each number zero by chance, or else divided by the share that is kept."""
        if not self.training or self.rate == 0.0:
            return hidden_states
        kept = torch.empty_like(hidden_states).bernoulli_(1.0 - self.rate, generator=self.generator)
        return hidden_states * kept.div_(1.0 - self.rate)


def set_dropout(model: nn.Module, *, generator: torch.Generator | None, rate: float | None = None) -> None:
    """Give every dropout of a model its source of chance, and another rate where one is given."""
    for module in model.modules():
        if isinstance(module, Dropout):
            module.generator = generator
            module.rate = module.rate if rate is None else rate
