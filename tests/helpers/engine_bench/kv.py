"""How much a model needs at least: its file and its KV cache, by the file's own header."""

from pathlib import Path
from typing import Any

_BYTES = {"f16": 2.0, "q8_0": 34 / 32}


def file_plus_kv_mb(path: Path, tokens: int, keys: str, values: str) -> float:
    """Return both in MB (10**6 bytes), for a model with attention in every layer."""
    import gguf

    fields = gguf.GGUFReader(path).fields
    architecture = fields["general.architecture"].contents()

    def number(name: str, otherwise: int = 0) -> Any:
        field = fields.get(f"{architecture}.{name}")
        return otherwise if field is None else field.contents()

    heads = number("attention.head_count")
    width = number("embedding_length") // heads
    per_token = number("attention.key_length", width) * _BYTES[keys]
    per_token += number("attention.value_length", width) * _BYTES[values]
    per_token *= number("attention.head_count_kv", heads) * number("block_count")
    return float((path.stat().st_size + tokens * per_token) / 1e6)
