"""Splits a GGUF file into pieces as llama.cpp's llama-gguf-split does."""

from pathlib import Path
from typing import Any


def split(whole: Path, stem: Path, count: int, *, empty_first: bool = False) -> list[Path]:
    """Write `count` pieces named STEM-00001-of-0000N.gguf and so on, the metadata in the first; return them."""
    import gguf

    reader = gguf.GGUFReader(whole)
    architecture = reader.fields["general.architecture"].contents()
    holding = count - 1 if empty_first else count
    size = -(-len(reader.tensors) // holding)
    groups = [reader.tensors[start : start + size] for start in range(0, len(reader.tensors), size)]
    groups = [[], *groups] if empty_first else groups
    assert len(groups) == count
    made = []
    for number, tensors in enumerate(groups):
        path = stem.with_name(f"{stem.name}-{number + 1:05}-of-{count:05}.gguf")
        writer = gguf.GGUFWriter(path, architecture)
        if number == 0:
            _copy_fields(writer, reader)
        else:
            writer.kv_data[0].clear()
        writer.add_uint16("split.no", number)
        writer.add_uint16("split.count", count)
        writer.add_int32("split.tensors.count", len(reader.tensors))
        for tensor in tensors:
            writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        made.append(path)
    return made


def _copy_fields(writer: Any, reader: Any) -> None:
    import gguf

    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name == "general.architecture":
            continue
        kind = field.types[0]
        inner = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(name, field.contents(), kind, sub_type=inner)
