"""The affine map: PyTorch's own as the oracle, with and without gradients."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from lm_core.transformer.linear import Linear, linear


@torch.no_grad()
@settings(max_examples=40, deadline=None)
@given(
    leading=st.lists(st.integers(0, 5), max_size=3),
    sizes=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    has_bias=st.booleans(),
    transposed=st.booleans(),
)
def test_the_product_is_pytorchs_for_every_shape_and_layout(
    leading: list[int], sizes: tuple[int, int], has_bias: bool, transposed: bool
) -> None:
    hidden_states = torch.randn(*leading, sizes[0])
    if transposed and len(leading) > 1:
        hidden_states = hidden_states.transpose(0, 1)
    weight, bias = torch.randn(sizes[1], sizes[0]), torch.randn(sizes[1]) if has_bias else None
    expected = F.linear(hidden_states, weight, bias)
    torch.testing.assert_close(linear(hidden_states, weight, bias), expected, atol=1e-5, rtol=1e-5)


def test_gradients_are_those_of_pytorchs_product() -> None:
    ours, theirs = Linear(5, 3), torch.nn.Linear(5, 3)
    theirs.load_state_dict(ours.state_dict())
    hidden_states = torch.randn(2, 5)
    for layer in (ours, theirs):
        layer(hidden_states).square().sum().backward()
    torch.testing.assert_close(ours.weight.grad, theirs.weight.grad)
    torch.testing.assert_close(ours.bias.grad, theirs.bias.grad)


@torch.no_grad()
@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_other_types_are_computed_in_their_own(dtype: torch.dtype) -> None:
    layer = Linear(5, 3, dtype=dtype)
    assert layer(torch.randn(2, 5, dtype=dtype)).dtype == dtype


@torch.no_grad()
def test_autocast_is_obeyed_where_no_gradient_is_wanted() -> None:
    with torch.autocast("cpu", torch.bfloat16):
        assert Linear(5, 3)(torch.randn(2, 5)).dtype == torch.bfloat16
