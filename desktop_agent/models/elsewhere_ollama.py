"""Ollama's models: blobs named by their SHA-256, and manifests that say which blob is which model.

Layout: docs/faq.mdx and manifest/ in github.com/ollama/ollama. A manifest lies in manifests/HOST/NAMESPACE/MODEL/TAG.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desktop_agent.models.places import Computer, Place, files_in, is_file, read_json

DIGEST = re.compile(r"sha256[:-]([0-9a-f]{64})")
MODEL, ADAPTER = "application/vnd.ollama.image.model", "application/vnd.ollama.image.adapter"
PARTS_OF_A_NAME = 4
OFFICIAL = "library"
"""The namespace that Ollama leaves out when it names a model."""


def places(computer: Computer) -> Iterator[Place]:
    """Yield the models of this account's Ollama and of the service that its installer makes on Linux."""
    folders = [
        computer.folder("OLLAMA_MODELS"),
        computer.home / ".ollama" / "models",
        computer.root / "usr" / "share" / "ollama" / ".ollama" / "models",
    ]
    for folder in dict.fromkeys(filter(None, folders)):
        for manifest in files_in(folder / "manifests", ending=""):
            yield from _models(folder, manifest)


def _models(folder: Path, manifest: Path) -> Iterator[Place]:
    """Yield the model of a manifest: one place at most, none when it is damaged or names no GGUF file."""
    name = manifest.relative_to(folder / "manifests").parts
    layers = _layers(manifest)
    models = [layer for layer in layers if _kind(layer) == MODEL]
    if len(name) != PARTS_OF_A_NAME or not models:
        return
    title = f"{name[2]}:{name[3]}" if name[1] == OFFICIAL else f"{name[1]}/{name[2]}:{name[3]}"
    digest = DIGEST.fullmatch(str(models[0].get("digest")))
    if digest:
        yield _place(folder, title, digest[1], _problem(models, layers))


def _place(folder: Path, title: str, sha256: str, problem: str) -> Place:
    blobs = folder / "blobs"
    path = next(filter(is_file, (blobs / f"sha256-{sha256}", blobs / f"sha256:{sha256}")), None)
    if path is None:
        message = "Its file is not in Ollama's folder, or this account may not read it."
        return Place(blobs / f"sha256-{sha256}", title, problem=message)
    own = path.resolve().is_relative_to(blobs.resolve())  # a link may lead to something else than its name says
    return Place(path, title, sha256 if own else "", problem)


def _problem(models: list[dict[str, Any]], layers: list[dict[str, Any]]) -> str:
    if len(models) > 1:
        return "It is made of several files, which only Ollama can put together."
    if any(_kind(layer) == ADAPTER for layer in layers):
        return "It needs an adapter, which only Ollama can add to it."
    return ""


def _layers(manifest: Path) -> list[dict[str, Any]]:
    layers = read_json(manifest).get("layers")
    return [layer for layer in layers if isinstance(layer, dict)] if isinstance(layers, list) else []


def _kind(layer: dict[str, Any]) -> str:
    return str(layer.get("mediaType")).split(";")[0].strip()
