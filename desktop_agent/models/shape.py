"""What decides how much memory a model needs and how fast it is: its layers, widths and bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desktop_agent.models.gguf_file import GgufHead
from desktop_agent.models.gguf_reader import Tensor

_FLOAT = 4
_BLOCK = 32
"""Numbers that q8_0 stores together."""
_TABLE, _OUTPUT = "token_embd.weight", "output.weight"
_HYBRID_INTERVALS = {"qwen3next": 4, "qwen35": 4, "qwen35moe": 4, "qwen4exp": 4, "minimax-01": 8}
"""Architectures that read the whole text only in every so-many-th layer when the file does not say."""


@dataclass(frozen=True)
class Shape:
    """A model's sizes. Lengths are counts of numbers.

    `kv_heads` has one number for each layer, 0 where it keeps nothing of each token. `state` is the bytes that
    recurrent layers keep of a whole text. `weights` is the bytes of all tensors. For each token `active_weights`
    numbers are multiplied while a prompt is read, and `active_bytes` are read from memory while an answer is written:
    less than all in a mixture of experts.
    """

    embedding: int
    feed_forward: int
    vocabulary: int
    heads: int
    kv_heads: tuple[int, ...]
    key_length: int
    value_length: int
    weights: int
    active_weights: int
    active_bytes: int
    context: int = 0
    state: int = 0

    @property
    def packs(self) -> bool:
        """Whether the KV cache can be stored as q8_0, whose blocks are parts of one head."""
        return self.key_length % _BLOCK == self.value_length % _BLOCK == 0

    @classmethod
    def of(cls, head: GgufHead) -> "Shape":
        """Return the shape of a file of which the head was read."""
        tensors = head.tensors
        architecture = _Architecture(head, any(tensor.name == _OUTPUT for tensor in tensors))
        kv_heads = architecture.kv_heads()
        return cls(
            embedding=architecture.number("embedding_length"),
            feed_forward=architecture.inner_width(),
            vocabulary=head.counts.get("tokenizer.ggml.tokens", 0) or architecture.number("vocab_size"),
            heads=architecture.heads,
            kv_heads=kv_heads,
            key_length=architecture.key_length(),
            value_length=architecture.value_length(),
            weights=sum(tensor.size for tensor in tensors),
            active_weights=sum(map(architecture.multiplied, tensors)),
            active_bytes=sum(map(architecture.read, tensors)),
            context=head.context,
            state=architecture.state(kv_heads),
        )

    @classmethod
    def described(cls, table: Mapping[str, Any], file_bytes: int, context: int) -> "Shape":
        """Return the shape of a plain transformer from the catalogue's table about it."""
        embedding, inner, vocabulary = table["embedding"], table["feed_forward"], table["vocabulary"]
        keys, values = table["heads"] * table["key_length"], table["kv_heads"] * table["key_length"]
        layers: int = table["layers"] * embedding * (2 * keys + 2 * values + 3 * inner)
        words: int = vocabulary * embedding
        tied = table.get("tied", False)
        everything = layers + words * (1 if tied else 2)
        return cls(
            embedding=embedding,
            feed_forward=inner,
            vocabulary=vocabulary,
            heads=table["heads"],
            kv_heads=(table["kv_heads"],) * table["layers"],
            key_length=table["key_length"],
            value_length=table["key_length"],
            weights=file_bytes,
            active_weights=layers,
            active_bytes=file_bytes * (layers + words) // everything,
            context=context,
        )


@dataclass(frozen=True)
class _Architecture:
    """Reads one file's numbers about its architecture; those that are missing are 0, as most are in most files."""

    head: GgufHead
    has_output: bool
    """Whether a table of its own writes words, besides the one that reads them."""

    def number(self, key: str, default: int = 0) -> int:
        """Return a number, the largest one where there is one for each layer."""
        name = f"{self.head.architecture}.{key}"
        numbers = self.head.numbers.get(name)
        return max(map(int, numbers), default=0) if numbers else self.head.number(name) or default

    def each(self, key: str, default: int = 0) -> tuple[int, ...]:
        """Return a number for each layer."""
        numbers = self.head.numbers.get(f"{self.head.architecture}.{key}")
        return tuple(map(int, numbers)) if numbers else (self.number(key, default),) * self.number("block_count")

    @property
    def heads(self) -> int:
        return self.number("attention.head_count")

    def kv_heads(self) -> tuple[int, ...]:
        """Return for each layer how many heads keep keys and values, none for recurrent layers and shared ones."""
        if self.is_recurrent:
            return (0,) * self.number("block_count")
        every = self.number("full_attention_interval") or _HYBRID_INTERVALS.get(self.head.architecture, 1)
        own = self.number("block_count") - self.number("attention.shared_kv_layers")
        heads = self.each("attention.head_count_kv", self.heads)
        return tuple(count if (layer + 1) % every == 0 and layer < own else 0 for layer, count in enumerate(heads))

    @property
    def is_recurrent(self) -> bool:
        """Whether no layer looks back at each token."""
        return self.head.architecture in {"mamba", "mamba2", "rwkv6", "rwkv6qwen2", "rwkv7", "arwkv7"}

    def key_length(self) -> int:
        usual = self.number("embedding_length") // max(1, self.heads)
        return max(self.number("attention.key_length", usual), self.number("attention.key_length_swa"))

    def value_length(self) -> int:
        """Return 0 where values are a part of the keys (multi-head latent attention)."""
        if self.number("attention.key_length_mla"):
            return 0
        usual = self.number("embedding_length") // max(1, self.heads)
        return max(self.number("attention.value_length", usual), self.number("attention.value_length_swa"))

    def inner_width(self) -> int:
        """Return how wide the widest layer is inside, over the experts that work on one token."""
        experts = self.number("expert_feed_forward_length") or self.number("feed_forward_length")
        mixed = experts * self.number("expert_used_count") + self.number("expert_shared_feed_forward_length")
        return max(self.number("feed_forward_length"), mixed, 2 * self.number("ssm.inner_size"))

    def state(self, kv_heads: tuple[int, ...]) -> int:
        """Return the bytes of a sequence's recurrent state: llama_hparams::n_embd_r and n_embd_s, in float32."""
        layers = len(kv_heads) if self.head.architecture == "falcon-h1" else kv_heads.count(0)
        return (self._shifted() + self._summed()) * _FLOAT * layers if self._has_state() else 0

    def _has_state(self) -> bool:
        return any(map(self.number, ("wkv.head_size", "shortconv.l_cache", "kda.head_dim", "ssm.inner_size")))

    def _shifted(self) -> int:
        """Return how many numbers of the last few tokens a layer keeps."""
        if self.number("wkv.head_size"):
            return self.number("token_shift_count", 2) * self.number("embedding_length")
        if cells := self.number("shortconv.l_cache"):
            return self.number("embedding_length") * (cells - 1)
        kernel = max(0, self.number("ssm.conv_kernel") - 1)
        if width := self.number("kda.head_dim"):
            return 3 * (kernel or 3) * self.heads * width
        return kernel * (
            self.number("ssm.inner_size") + 2 * self.number("ssm.group_count") * self.number("ssm.state_size")
        )

    def _summed(self) -> int:
        """Return how many numbers a layer keeps of everything before."""
        if size := self.number("wkv.head_size"):
            return self.number("embedding_length") * size
        if width := self.number("kda.head_dim"):
            return width * width * self.heads
        return self.number("ssm.state_size") * self.number("ssm.inner_size")

    def multiplied(self, tensor: Tensor) -> int:
        """Return how many of the tensor's numbers each token of a prompt is multiplied with."""
        if tensor.name in {_TABLE, _OUTPUT}:
            return 0
        return self._share(tensor, tensor.elements)

    def read(self, tensor: Tensor) -> int:
        """Return how many of the tensor's bytes are read to write one token."""
        if tensor.name == _TABLE and self.has_output:
            return 0
        return self._share(tensor, tensor.size)

    def _share(self, tensor: Tensor, whole: int) -> int:
        experts = self.number("expert_count")
        return whole * self.number("expert_used_count", 1) // experts if experts and "_exps" in tensor.name else whole
