"""Weights that are laid out anew take the place of those in the file, they do not come on top of them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CHILD = """
import json, sys
from pathlib import Path
from desktop_agent.llm.engine import Engine
from desktop_agent.llm.loaded import Plan
from desktop_agent.llm.settings import EngineSettings
from tests.helpers.engine_bench.chatting import resident_mb
import os
before = resident_mb(os.getpid())
engine = Engine.load(Path(sys.argv[1]), plan=Plan(512, EngineSettings(repack=sys.argv[2] == "True")))
print(json.dumps(resident_mb(os.getpid()) - before))
engine.close()
"""


@pytest.mark.parametrize("repack", [False, True])
def test_no_second_copy_stays_in_memory(small_path: Path, repack: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(small_path), str(repack)],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) < small_path.stat().st_size / 1e6 + 200
