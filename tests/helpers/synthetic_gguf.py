"""A model file of Qwen2.5-7B's exact shape and quantisation mix with random weights: its speed and memory are those of
the real one, its words are noise.

    python -m tests.helpers.synthetic_gguf VOCABULARY.gguf FILE.gguf

Tokenizer and chat template come from another model of the Qwen2.5 family. Only the rows of plain lower-case words have
weights in the output layer, so that each token is a word, and neither half a character nor the end of the answer.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

_BLOCK = 256
"""Weights in a block of Q4_K or Q6_K."""
_Q4_SCALE, _Q6_SCALE = 6e-5, 1.5e-5
"""Give weights of about 0.02 on average, as trained ones have."""
_SEED = 7
_WORD = re.compile("Ġ?[a-z]{2,}")
"""A word as byte-level vocabularies write it; Ġ is the space before."""


@dataclass(frozen=True)
class Shape:
    """What decides a Qwen2's size. Widths are multiples of 256."""

    layers: int = 28
    width: int = 3584
    inner: int = 18944
    heads: int = 28
    kv_heads: int = 4
    vocabulary: int = 152064
    context: int = 32768

    @property
    def kv_width(self) -> int:
        """Return how many numbers a token's keys have in one layer; its values have as many."""
        return self.kv_heads * self.width // self.heads


QWEN_7B = Shape()


@dataclass(frozen=True)
class Tensor:
    """A weight of the file: `rows` times `width`, or one row of float32 when `kind` is F32."""

    name: str
    kind: str
    width: int
    rows: int = 1


def write(path: Path, vocabulary: Path, shape: Shape = QWEN_7B) -> Path:
    """Write the file, unless it is there; `vocabulary` is the model that lends tokenizer and template."""
    if path.exists():
        return path
    import gguf

    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    writer = gguf.GGUFWriter(part, "qwen2")
    words = _describe(writer, gguf.GGUFReader(vocabulary), shape)
    wanted = list(tensors(shape))
    for tensor in wanted:
        _announce(writer, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    _fill(writer, wanted, words)
    writer.close()
    return part.replace(path)


def tensors(shape: Shape) -> Iterator[Tensor]:
    """Yield what llama.cpp's Q4_K_M makes of this shape."""
    width, inner, kv = shape.width, shape.inner, shape.kv_width
    yield Tensor("token_embd.weight", "Q4_K", width, shape.vocabulary)
    for layer in range(shape.layers):
        rich = "Q6_K" if gets_more_bits(layer, shape.layers) else "Q4_K"
        for name, kind, columns, rows in (
            ("attn_norm.weight", "F32", width, 1),
            ("attn_q.weight", "Q4_K", width, width),
            ("attn_q.bias", "F32", width, 1),
            ("attn_k.weight", "Q4_K", width, kv),
            ("attn_k.bias", "F32", kv, 1),
            ("attn_v.weight", rich, width, kv),
            ("attn_v.bias", "F32", kv, 1),
            ("attn_output.weight", "Q4_K", width, width),
            ("ffn_norm.weight", "F32", width, 1),
            ("ffn_gate.weight", "Q4_K", width, inner),
            ("ffn_up.weight", "Q4_K", width, inner),
            ("ffn_down.weight", rich, inner, width),
        ):
            yield Tensor(f"blk.{layer}.{name}", kind, columns, rows)
    yield Tensor("output_norm.weight", "F32", width)
    yield Tensor("output.weight", "Q6_K", width, shape.vocabulary)


def gets_more_bits(layer: int, layers: int) -> bool:
    """Tell whether Q4_K_M keeps this layer's values and down projection in Q6_K: first and last eighth, every third."""
    return layer < layers // 8 or layer >= 7 * layers // 8 or (layer - layers // 8) % 3 == 2


def _describe(writer: Any, source: Any, shape: Shape) -> list[int]:
    """Write all metadata; return the ids of the plain words."""
    import gguf

    writer.add_name("Qwen2.5 7B shape, random weights")
    writer.add_block_count(shape.layers)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_feed_forward_length(shape.inner)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_rope_freq_base(1000000.0)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q4_K_M)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    field = {name: source.fields[name].contents() for name in source.fields if name.startswith("tokenizer.")}
    pieces, kinds = field["tokenizer.ggml.tokens"][: shape.vocabulary], field["tokenizer.ggml.token_type"]
    unused = range(len(pieces), shape.vocabulary)
    writer.add_tokenizer_model(field["tokenizer.ggml.model"])
    writer.add_tokenizer_pre(field["tokenizer.ggml.pre"])
    writer.add_token_list([*pieces, *(f"[PAD{number}]" for number in unused)])
    writer.add_token_types([*kinds[: len(pieces)], *(gguf.TokenType.UNUSED for _ in unused)])
    writer.add_token_merges(field["tokenizer.ggml.merges"])
    writer.add_eos_token_id(field["tokenizer.ggml.eos_token_id"])
    writer.add_pad_token_id(field["tokenizer.ggml.padding_token_id"])
    writer.add_bos_token_id(field["tokenizer.ggml.bos_token_id"])
    writer.add_add_bos_token(False)
    writer.add_chat_template(field["tokenizer.chat_template"])
    return [number for number, piece in enumerate(pieces) if _WORD.fullmatch(piece)]


def _announce(writer: Any, tensor: Tensor) -> None:
    import gguf
    import numpy as np

    if tensor.kind == "F32":
        writer.add_tensor_info(tensor.name, (tensor.width,), np.dtype(np.float32), tensor.width * 4)
        return
    kind = gguf.GGMLQuantizationType[tensor.kind]
    row = tensor.width // _BLOCK * gguf.GGML_QUANT_SIZES[kind][1]
    writer.add_tensor_info(tensor.name, (tensor.rows, row), np.dtype(np.uint8), tensor.rows * row, kind)


def _fill(writer: Any, wanted: list[Tensor], words: list[int]) -> None:
    import numpy as np

    random = np.random.default_rng(_SEED)
    for tensor in wanted:
        if tensor.kind == "F32":
            one = 1.0 if tensor.name.endswith("norm.weight") else 0.0
            writer.write_tensor_data(np.full(tensor.width, one, dtype=np.float32))
        else:
            blocks = _random_blocks(random, tensor)
            if tensor.name == "output.weight":
                _silence(blocks, words)
            writer.write_tensor_data(blocks.reshape(tensor.rows, -1))


def _random_blocks(random: "np.random.Generator", tensor: Tensor) -> "np.ndarray[Any, Any]":
    """Return rows x blocks x bytes: random quants and scales under one small scale of the block."""
    import numpy as np

    count = tensor.width // _BLOCK
    if tensor.kind == "Q6_K":  # quants, scales, d
        blocks = random.integers(0, 256, (tensor.rows, count, 210), dtype=np.uint8)
        blocks[..., 208:] = _half(_Q6_SCALE)
    else:  # d, dmin, scales and minima, quants; minima that centre the weights about 0
        blocks = random.integers(0, 256, (tensor.rows, count, 144), dtype=np.uint8)
        blocks[..., 0:2], blocks[..., 2:4] = _half(_Q4_SCALE), _half(7.5 * _Q4_SCALE)
    return blocks


def _silence(blocks: "np.ndarray[Any, Any]", words: list[int]) -> None:
    """Take the weights of all tokens that are no words: their logits are 0, and greedy sampling passes them by."""
    import numpy as np

    others = np.ones(len(blocks), dtype=bool)
    others[words] = False
    blocks[others, :, 208:] = 0


def _half(value: float) -> "np.ndarray[Any, Any]":
    import numpy as np

    return np.frombuffer(np.float16(value).tobytes(), dtype=np.uint8)


if __name__ == "__main__":
    print(write(Path(sys.argv[2]), Path(sys.argv[1])))
