"""The bodies and their heads: BERT, with what it was pre-trained for and what it can be fine-tuned for."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lm_core.transformer.attention import additive_mask
from lm_core.transformer.config import TransformerConfig
from lm_core.transformer.dropout import Dropout
from lm_core.transformer.encoder import ACTIVATIONS, Embeddings, EmbeddingTrace, Encoder, LayerTrace
from lm_core.transformer.linear import Linear, linear


@dataclass(frozen=True)
class BodyTrace:
    """What the body computed, before any head."""

    embeddings: EmbeddingTrace
    layers: tuple[LayerTrace, ...]  # empty without a trace
    output: Tensor  # (batch, position, hidden) last hidden states; of [CLS] alone where no other was asked for
    pooled: Tensor  # (batch, hidden) tanh of a linear map of [CLS], between -1 and 1


@dataclass(frozen=True)
class PreTrainingTrace:
    """The answers to both pre-training questions, with the body's record that led to them."""

    body: BodyTrace
    prediction_logits: Tensor  # (batch, position, vocab), or (scored position, vocab) where positions were chosen
    seq_relationship_logits: Tensor  # (batch, 2) index 0: B follows A; 1: B is random


@dataclass(frozen=True)
class ClassificationTrace:
    """One label per sequence, with the body's record that led to it."""

    body: BodyTrace
    logits: Tensor  # (batch, label)


class TransformerModel(nn.Module):
    """BERT without a head: embeddings, encoder, pooler (Devlin et al. 2019, §3).

    Raises:
        ValueError: the config names a body or a norm position that is not built.
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        if config.body != "encoder" or config.norm_position != "post":
            raise ValueError(
                "TransformerModel is built for body='encoder', norm_position='post', "
                f"not body={config.body!r}, norm_position={config.norm_position!r}"
            )
        self.config = config
        self.embeddings = Embeddings(config)
        self.encoder = Encoder(config)
        self.pooler = Linear(config.hidden_size, config.hidden_size)

    def forward(
        self,
        input_ids: Tensor,
        token_type_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        *,
        head_mask: Tensor | None = None,
        only_first: bool = False,
        trace: bool = False,
    ) -> BodyTrace:
        """Read a batch of token sequences.

        Args:
            input_ids: (batch, position) token ids.
            token_type_ids: (batch, position) 0 for segment A, 1 for B; None means all A.
            attention_mask: (batch, position) 1 for a token, 0 for padding; None means no padding.
            head_mask: (layer, head) a factor for each head's context.
            only_first: True to compute the last layer at [CLS] alone, which is all that a head on the pooled [CLS]
                needs: the output is then (batch, 1, hidden).
            trace: True to keep every layer's record, attention maps included.
        """
        if token_type_ids is None:
            token_type_ids = torch.zeros_like(input_ids)
        embeddings = self.embeddings(input_ids, token_type_ids)
        mask = None if attention_mask is None else additive_mask(attention_mask, embeddings.output.dtype)
        encoded = self.encoder(embeddings.output, mask, head_mask=head_mask, only_first=only_first, trace=trace)
        pooled = torch.tanh(self.pooler(encoded.output[:, 0]))
        return BodyTrace(embeddings, encoded.layers, encoded.output, pooled)


class MaskedLMHead(nn.Module):
    """Which word stands here? A score for every piece of the vocabulary (Devlin et al. 2019, §3.1, task 1).

    The decoder's matrix is the word embedding itself, passed in, so that the two can never drift apart.
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.transform = Linear(config.hidden_size, config.hidden_size)
        self.activation = ACTIVATIONS[config.hidden_act]
        self.norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.bias = nn.Parameter(torch.zeros(config.vocab_size))

    def forward(self, hidden_states: Tensor, word_embedding: Tensor) -> Tensor:
        """(..., hidden) and (vocab, hidden) → logits (..., vocab)"""
        return linear(self.transformed(hidden_states), word_embedding, self.bias)

    def transformed(self, hidden_states: Tensor) -> Tensor:
        """The vectors that are held against every piece's embedding, shaped as the hidden states."""
        output: Tensor = self.norm(self.activation(self.transform(hidden_states)))
        return output


class PreTrainingModel(nn.Module):
    """BERT as it is pre-trained: masked words and next sentences (Devlin et al. 2019, §3.1)."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        self.body = TransformerModel(config)
        self.masked_lm = MaskedLMHead(config)
        self.next_sentence = Linear(config.hidden_size, 2)
        initialize(self, config.initializer_range)

    @classmethod
    def joined(cls, body: TransformerModel, masked_lm: MaskedLMHead, next_sentence: Linear) -> PreTrainingModel:
        """A body and heads that exist already, shared and not copied."""
        model = cls.__new__(cls)
        nn.Module.__init__(model)
        model.config = body.config
        model.body, model.masked_lm, model.next_sentence = body, masked_lm, next_sentence
        return model

    def forward(
        self,
        input_ids: Tensor,
        token_type_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        *,
        scored_positions: Tensor | None = None,
        head_mask: Tensor | None = None,
        trace: bool = False,
    ) -> PreTrainingTrace:
        """Answer both questions; arguments as in TransformerModel.forward, and:

        Args:
            scored_positions: (scored position,) indices into the flattened (batch · position) axis. Only these
                go through the masked-word head, which otherwise is most of the work; None means all.
        """
        body = self.body(input_ids, token_type_ids, attention_mask, head_mask=head_mask, trace=trace)
        hidden_states = body.output
        if scored_positions is not None:
            hidden_states = hidden_states.flatten(0, 1).index_select(0, scored_positions)
        return PreTrainingTrace(
            body=body,
            prediction_logits=self.masked_lm(hidden_states, self.body.embeddings.word.weight),
            seq_relationship_logits=self.next_sentence(body.pooled),
        )


class ClassificationModel(nn.Module):
    """BERT with one label per sequence, read off the pooled [CLS] (Devlin et al. 2019, §4.1).

    Raises:
        ValueError: fewer than one label.
    """

    def __init__(self, config: TransformerConfig, num_labels: int) -> None:
        super().__init__()
        if num_labels < 1:
            raise ValueError(f"num_labels must be at least 1, not {num_labels}")
        self.config = config
        self.body = TransformerModel(config)
        self.dropout = Dropout(config.hidden_dropout_prob)
        self.classifier = Linear(config.hidden_size, num_labels)
        initialize(self, config.initializer_range)

    def forward(
        self,
        input_ids: Tensor,
        token_type_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        *,
        head_mask: Tensor | None = None,
        trace: bool = False,
    ) -> ClassificationTrace:
        """Score the labels; arguments as in TransformerModel.forward.

        Without a trace the last layer is computed at [CLS] alone, where the label is read off.
        """
        body = self.body(
            input_ids, token_type_ids, attention_mask, head_mask=head_mask, only_first=not trace, trace=trace
        )
        return ClassificationTrace(body, self.classifier(self.dropout(body.pooled)))


def initialize(model: nn.Module, std: float, generator: torch.Generator | None = None) -> None:
    """Draw fresh weights: normal with the given standard deviation, biases 0, norms 1 (Devlin et al. 2019, A.2).

    Args:
        model: its weights are overwritten.
        std: standard deviation of the matrices.
        generator: the source of chance; None means the process's own.
    """
    for module in model.modules():
        if isinstance(module, nn.Linear | nn.Embedding):
            nn.init.normal_(module.weight, std=std, generator=generator)
        if isinstance(module, nn.Linear):
            nn.init.zeros_(module.bias)
        if isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
            nn.init.zeros_(module.bias)
        if isinstance(module, nn.Embedding) and module.padding_idx is not None:
            with torch.no_grad():
                module.weight[module.padding_idx].zero_()


def count_parameters(model: nn.Module) -> int:
    """How many numbers were learned; shared tensors count once."""
    return sum(parameter.numel() for parameter in model.parameters())
