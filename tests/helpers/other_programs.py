"""The folders of other programs, as they lay them out, in a home of the test's own."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from desktop_agent.models.places import Computer

LAYER = "application/vnd.ollama.image."


def computer(home: Path, system: str = "linux", **environment: str) -> Computer:
    """Return a computer whose account, and whose system folders, lie below `home`."""
    return Computer(home, environment, system, root=home / "root")


def ollama(
    home: Path, name: str, file: Path, *, folder: str = ".ollama/models", adapter: bool = False, **changes: Any
) -> Path:
    """Put a model into Ollama's store under NAMESPACE/MODEL:TAG; return the blob."""
    models = home / folder
    namespace, model, tag = name.replace(":", "/").split("/")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    blob = models / "blobs" / f"sha256-{digest}"
    blob.parent.mkdir(parents=True, exist_ok=True)
    blob.write_bytes(file.read_bytes())
    layers = [
        {"mediaType": f"{LAYER}template", "digest": "sha256:" + "b" * 64, "size": 5},
        {"mediaType": f"{LAYER}model", "digest": f"sha256:{digest}", "size": blob.stat().st_size},
    ]
    layers += [{"mediaType": f"{LAYER}adapter", "digest": "sha256:" + "c" * 64, "size": 9}] * adapter
    config = {"mediaType": "application/vnd.docker.container.image.v1+json", "digest": "sha256:" + "d" * 64, "size": 2}
    manifest = models / "manifests" / "registry.example" / namespace / model / tag
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text(json.dumps({"schemaVersion": 2, "config": config, "layers": layers} | changes))
    return blob


def hub_file(home: Path, repository: str, name: str, file: Path, *, cache: str = ".cache/huggingface/hub") -> Path:
    """Put a file into the hub's cache: a blob, and a link to it in a snapshot; return the link."""
    folder = home / cache / f"models--{repository.replace('/', '--')}"
    blob = folder / "blobs" / hashlib.sha256(file.read_bytes()).hexdigest()
    link = folder / "snapshots" / "0123abcd" / name
    for path in (blob, link):
        path.parent.mkdir(parents=True, exist_ok=True)
    blob.write_bytes(file.read_bytes())
    link.symlink_to(os.path.relpath(blob, link.parent))
    return link


def jan_model(data: Path, folder: str, model_path: Path | str, **fields: str | int) -> Path:
    """Write Jan's note about a model; return it."""
    note = data / "llamacpp" / "models" / folder / "model.yml"
    note.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"model_path: {model_path}", "size_bytes: 123", *(f"{key}: {value}" for key, value in fields.items())]
    note.write_text("\n".join(lines) + "\n")
    return note
