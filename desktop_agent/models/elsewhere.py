"""Finds the models that other programs on this computer keep, so that they can be used where they lie."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop_agent.errors import UserFacingError
from desktop_agent.models import elsewhere_folders, elsewhere_hub, elsewhere_jan, elsewhere_ollama, splits
from desktop_agent.models.catalogue import Role
from desktop_agent.models.gguf_file import read_head
from desktop_agent.models.places import Computer, Place
from desktop_agent.visible import visible

LONGEST_TITLE = 80
PROGRAMS: tuple[tuple[str, Callable[[Computer], Iterator[Place]]], ...] = (
    ("LM Studio", elsewhere_folders.lm_studio),
    ("Ollama", elsewhere_ollama.places),
    ("GPT4All", elsewhere_folders.gpt4all),
    ("Jan", elsewhere_jan.places),
    ("Hugging Face", elsewhere_hub.places),
)


@dataclass(frozen=True)
class Found:
    """A model that another program keeps: its files in order, and their size together.

    `sha256` is what that program recorded, if anything. `problem` is a sentence that says why it cannot be used.
    """

    program: str
    title: str
    paths: tuple[Path, ...]
    bytes: int
    sha256: str = ""
    role: Role = "chat"
    problem: str = ""


def found_elsewhere(computer: Computer | None = None) -> tuple[Found, ...]:
    """Return the models of LM Studio, Ollama, GPT4All, Jan and the hub's cache, by program; read only their heads.

    A file that several programs share is found once. Files that are no whole language models are left out.
    """
    computer = computer or Computer.this()
    seen: set[tuple[int, int]] = set()
    found = []
    for program, places in PROGRAMS:
        new = (_look(program, place) for place in places(computer) if _is_new(place, seen))
        found += sorted(filter(None, new), key=lambda each: each.title.casefold())
    return tuple(found)


def _is_new(place: Place, seen: set[tuple[int, int]]) -> bool:
    """Return whether no piece of this model was met so far, under whatever name, and remember all of them.

    What cannot be used is always new: the same file may well be usable under another name.
    """
    if place.problem:
        return True
    known = {(status.st_dev, status.st_ino) for status in _stats(splits.named(place.path))}
    if known & seen:
        return False
    seen |= known
    return True


def _stats(paths: Iterable[Path]) -> Iterator[os.stat_result]:
    for path in paths:
        try:
            yield path.stat()
        except OSError:
            continue


def _look(program: str, place: Place) -> Found | None:
    """Return what there is; None for what is no whole language model, such as what is still being downloaded."""
    title = visible(place.title, kept="")[:LONGEST_TITLE]
    size = sum(status.st_size for status in _stats(splits.named(place.path)))
    try:
        paths = splits.pieces(place.path)
    except UserFacingError as error:
        return Found(program, title, (place.path,), size, problem=error.message)
    if place.problem:
        return Found(program, title, paths, size, problem=place.problem)
    try:
        head = read_head(place.path)
    except UserFacingError:
        return None
    sha256 = place.sha256 if len(paths) == 1 else ""  # of a split model only those of the pieces are recorded
    return Found(program, title, paths, size, sha256, "embedding" if head.pools else "chat")
