"""Jan's models: a folder each, with a model.yml that says where the file is.

Layout: extensions/llamacpp-extension and src-tauri/src/core/app in github.com/janhq/jan; versions up to 0.5 kept a
model.json beside each file.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from desktop_agent.models.places import Computer, Place, files_in, is_file, named_folder, read_json, read_text
from desktop_agent.models.splits import PIECE

SHA256 = re.compile(r"[0-9a-f]{64}")
FIELD = re.compile(r"""^(?P<name>\w+)[ \t]*:[ \t]*(?P<quote>["']?)(?P<value>.*?)(?P=quote)[ \t]*\r?$""", re.MULTILINE)
"""A line of flat YAML, which is all that these files need."""


def places(computer: Computer) -> Iterator[Place]:
    """Yield the models in Jan's data folders: those that its notes name, then those that just lie there."""
    for data in dict.fromkeys(_data_folders(computer)):
        for models in (data / "llamacpp" / "models", data / "models"):
            for note in files_in(models, ending="model.yml"):
                yield from _noted(data, models, note)
            for path in files_in(models):
                yield Place(path, _title(path, models))


def _data_folders(computer: Computer) -> Iterator[Path]:
    if own := computer.folder("JAN_DATA_FOLDER"):
        yield own
    for folder in (computer.data / "Jan", computer.data / "jan.ai.app", computer.settings / "Jan"):
        if moved := named_folder(read_json(folder / "settings.json").get("data_folder")):
            yield moved
    yield computer.data / "Jan" / "data"
    yield computer.home / "jan"


def _noted(data: Path, models: Path, note: Path) -> Iterator[Place]:
    fields = {line["name"]: line["value"].strip() for line in FIELD.finditer(read_text(note))}
    path = data / fields.get("model_path", "").replace("\0", "")
    if not is_file(path):
        return
    sha256 = fields.get("model_sha256", fields.get("sha256", "")).lower()
    whole = fields.get("model_size_bytes", "").strip() in ("", str(path.stat().st_size))
    if whole:
        yield Place(path, fields.get("name") or _title(note, models), sha256 if SHA256.fullmatch(sha256) else "")


def _title(path: Path, models: Path) -> str:
    """Return the folder's name, since the file is often called model.gguf; a file that lies alone has its own."""
    folder = path.parent.relative_to(models)
    piece = PIECE.fullmatch(path.name)
    return folder.as_posix() if folder.parts else piece["stem"] if piece else path.stem
