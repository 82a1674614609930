"""Code that gets files reads them: that is asked for every time, whatever was allowed for code."""

import threading
from pathlib import Path

from desktop_agent.messages import ToolCall
from desktop_agent.sandbox.python import PythonSandbox
from desktop_agent.tools.protocols import Approval
from tests.helpers.world import World


def test_code_may_be_allowed_for_a_chat_but_not_the_files_that_it_gets(tmp_path: Path) -> None:
    world = World(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.csv").write_text("1,2")
    world.folders.grant(tmp_path / "docs")
    toolbox = world.toolbox(services={PythonSandbox: PythonSandbox(tmp_path)})
    plain = ToolCall("1", "run_python", {"code": "print(1)"})
    reading = ToolCall("2", "run_python", {"code": "print(1)", "files": ["a.csv"]})
    asked = toolbox.judge(plain, world.chat, threading.Event()).request
    assert asked
    assert asked.scopes == ("chat",)
    toolbox.keep(Approval(asked, "chat"), world.chat)
    assert toolbox.judge(plain, world.chat).verdict == "allow"
    judged = toolbox.judge(reading, world.chat)
    assert judged.verdict == "ask"
    assert judged.request
    assert judged.request.scopes == ()
    world.database.close()
