"""A granted folder and the built-in tools over a real database."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop_agent.messages import Json, ToolCall, ToolResult
from desktop_agent.tools.protocols import Judgement
from tests.helpers.world import World


@dataclass
class Bench:
    """The tools, and the folder `docs` that they may read."""

    world: World
    docs: Path

    def __post_init__(self) -> None:
        self.toolbox = self.world.toolbox()

    def judge(self, name: str, **arguments: Json) -> Judgement:
        return self.toolbox.judge(ToolCall("1", name, arguments), self.world.chat)

    def use(self, name: str, **arguments: Json) -> ToolResult:
        return self.toolbox.run(ToolCall("1", name, arguments), self.world.chat, threading.Event(), self.world.approver)

    def read(self, path: str) -> str:
        return self.use("read_file", path=path).text

    def list(self, folder: str = ".") -> str:
        return self.use("list_files", folder=folder).text


@pytest.fixture
def ungranted(tmp_path: Path) -> Iterator[Bench]:
    world = World(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "secret.txt").write_text("CANARY")
    yield Bench(world, tmp_path / "docs")
    world.database.close()


@pytest.fixture
def bench(ungranted: Bench) -> Bench:
    (ungranted.docs / "invoice.txt").write_text("Total: 4711.50 EUR")
    ungranted.world.folders.grant(ungranted.docs)
    return ungranted
