"""A granted folder and the built-in tools over a real database."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop_agent.approvals import Decision, Question
from desktop_agent.messages import Json, ToolCall, ToolResult
from desktop_agent.tools.protocols import Approval, Judgement
from tests.helpers.world import World


class Unasked:
    """Implements Asker where no tool has a question."""

    def ask(self, question: Question) -> str:
        raise AssertionError(question)


@dataclass
class Bench:
    """The tools, and the folder `docs` that they may read."""

    world: World
    docs: Path

    def __post_init__(self) -> None:
        self.toolbox = self.world.toolbox()

    def judge(self, name: str, **arguments: Json) -> Judgement:
        return self.toolbox.judge(ToolCall("1", name, arguments), self.world.chat)

    def use(self, name: str, decision: Decision = "once", **arguments: Json) -> ToolResult:
        """Run a call as the agent does, with a user who answers `decision` when they are asked."""
        call = ToolCall("1", name, arguments)
        request = self.toolbox.judge(call, self.world.chat).request
        approval = Approval(request, decision) if request else None
        if approval:
            self.toolbox.keep(approval, self.world.chat)
        return self.toolbox.run(call, self.world.chat, threading.Event(), Unasked(), approval)

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
