"""llama-bench as a peer: what llama.cpp itself needs for the very numbers of tokens that our turns had."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.helpers.engine_bench.chatting import Found, read_plan, tell

_KINDS = {"key_type": "-ctk", "value_type": "-ctv"}


def main(folder: str) -> None:
    """Carry out the plan on standard input."""
    plan = read_plan()
    program, model, counts = Path(folder) / "llama-bench", plan["model"], plan["counts"]
    ours = _flags(plan["settings"])
    reading, writing = _threads(plan["settings"], "threads_batch"), _threads(plan["settings"], "threads")

    def run(*flags: str) -> float:
        return tokens_per_second(program, model, flags)

    def read(tokens: int, depth: int) -> tuple[str, ...]:
        return ("-n", "0", "-p", str(tokens), "-d", str(depth))

    found: Found = {}
    if plan["task"] == "speed":
        prompt = read(counts["read"], counts["reused"])
        found["prefill"] = run(*prompt, *ours, *reading)
        found |= _by_default(lambda: run(*prompt))
        depth = counts["read"] + counts["reused"]
        found["decode"] = run("-p", "0", "-n", str(counts["written"]), "-d", str(depth), *ours, *writing)
    else:
        rate = run(*read(counts["turn2_read"], counts["turn2_reused"]), *ours, *reading)
        found["turn2_new_tokens_only"] = counts["turn2_read"] / rate
    tell(found)


def _by_default(run: Callable[[], float]) -> Found:
    """Return the row, or why there is none: the defaults use parts of the processor that ours may leave alone."""
    try:
        return {"prefill_default": run()}
    except subprocess.CalledProcessError as error:
        return {"notes": [f"llama.cpp's defaults ended with status {error.returncode}"]}


def _flags(settings: dict[str, Any]) -> list[str]:
    """Return our engine's settings as llama-bench takes them."""
    attention = {None: "auto", True: "on", False: "off"}[settings["flash_attention"]]
    flags = ["-ub", str(settings["ubatch"]), "-fa", attention, "--repack", str(int(settings["repack"]))]
    flags += ["-ngl", str(settings["gpu_layers"])]
    return flags + [part for name, flag in _KINDS.items() for part in (flag, settings[name])]


def _threads(settings: dict[str, Any], name: str) -> list[str]:
    return ["-t", str(settings[name])] if settings[name] else []


def tokens_per_second(program: Path, model: str, flags: tuple[str, ...]) -> float:
    """Run one test once, after llama-bench's own warm-up."""
    command = [str(program), "-m", model, "-r", "1", "-o", "json", *flags]
    environment = {"GOMP_SPINCOUNT": "1000", **os.environ}  # a setting of our engine
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    (result,) = json.loads(done.stdout)
    return float(result["avg_ts"])


if __name__ == "__main__":
    main(sys.argv[1])
