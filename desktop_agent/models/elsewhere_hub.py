"""The hub's cache, which many programs share: snapshots with readable names link into blobs named by their SHA-256.

Layout: the page "Hub Local Cache" of the hub's documentation, and docs/source/en/guides/manage-cache.md in
github.com/huggingface/huggingface_hub.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from desktop_agent.models.places import Computer, Place, files_in
from desktop_agent.models.splits import stem

SHA256 = re.compile(r"[0-9a-f]{64}")


def places(computer: Computer) -> Iterator[Place]:
    """Yield the GGUF files of all snapshots in the cache."""
    caches = computer.folder("XDG_CACHE_HOME") or computer.home / ".cache"
    homes = [computer.folder("HF_HOME"), caches / "huggingface", computer.home / ".cache" / "huggingface"]
    moved = [computer.folder("HF_HUB_CACHE"), computer.folder("HUGGINGFACE_HUB_CACHE")]
    for cache in dict.fromkeys(filter(None, [*moved, *(home / "hub" for home in homes if home)])):
        for path in files_in(cache):
            repository = _repository(path, cache)
            if repository:
                yield Place(path, stem(path), _sha256(path, repository / "blobs"))


def _repository(path: Path, cache: Path) -> Path | None:
    """Return the folder of the model that a file in a snapshot belongs to."""
    first, second, *_ = (*path.relative_to(cache).parts, "")
    return cache / first if first.startswith("models--") and second == "snapshots" else None


def _sha256(path: Path, blobs: Path) -> str:
    """Return the SHA-256 that the file is stored under; large files have it for a name, small ones another sum."""
    folder, name = os.path.split(os.path.realpath(path))  # unlike Path.resolve, it bears links that go round
    return name if folder == os.path.realpath(blobs) and SHA256.fullmatch(name) else ""
