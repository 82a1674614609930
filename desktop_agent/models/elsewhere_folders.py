"""The programs that keep GGUF files in plain folders: LM Studio and GPT4All."""

import re
from collections.abc import Iterator
from pathlib import Path

from desktop_agent.models.places import Computer, Place, files_in, named_folder, read_json, read_text
from desktop_agent.models.splits import stem


def lm_studio(computer: Computer) -> Iterator[Place]:
    """Yield LM Studio's models: PUBLISHER/MODEL/FILE.gguf in its models folder, which its settings can move.

    Layout: lmstudio.ai/docs/basics/import-model. Its home is where the pointer file says: github.com/lmstudio-ai/
    lmstudio-bug-tracker, issue 553.
    """
    pointer = read_text(computer.home / ".lmstudio-home-pointer").strip()
    homes = [named_folder(pointer), computer.home / ".lmstudio", computer.home / ".cache" / "lm-studio"]
    known = [home for home in homes if home]
    settings = [*(home / "settings.json" for home in known), computer.settings / "LM Studio" / "settings.json"]
    moved = [named_folder(read_json(file).get("downloadsFolder")) for file in settings]
    yield from _in_folders([*moved, *(home / "models" for home in known)])


def gpt4all(computer: Computer) -> Iterator[Place]:
    """Yield GPT4All's models: the files in its data folder, or where `modelPath` of its settings says.

    Layout: gpt4all-chat/src/mysettings.cpp and modellist.cpp in github.com/nomic-ai/gpt4all.
    """
    ini = computer.settings if computer.system != "darwin" else computer.home / ".config"
    line = re.search(r'^modelPaths?="?([^"\r\n]+)', read_text(ini / "nomic.ai" / "GPT4All.ini"), re.MULTILINE)
    moved = named_folder(line[1].replace("\\\\", "\\")) if line else None
    yield from _in_folders([moved, computer.local_data / "nomic.ai" / "GPT4All"])


def _in_folders(folders: list[Path | None]) -> Iterator[Place]:
    for folder in dict.fromkeys(filter(None, folders)):
        for path in files_in(folder):
            yield Place(path, stem(path))
