"""How much memory a model takes: compared with real loads, and with what a system leaves."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.models.catalogue import Catalogue
from desktop_agent.models.gguf_file import read_head
from desktop_agent.models.needs import RESERVE, Layout, longest_context, needs, refuse_too_big
from desktop_agent.models.shape import Shape

GB, MIB = 10**9, 1 << 20
BIG = Shape(4096, 12288, 151936, 32, (8,) * 36, 128, 128, 5 * GB, 7 * GB, 4 * GB, context=32768)
SMALL = Shape(896, 4864, 151936, 14, (2,) * 24, 64, 64, GB // 2, GB // 3, GB // 3, context=32768)
LINUX = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads Linux's account of this process")


def run(path: Path, context: int, settings: dict[str, object], *group: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-P", "-m", "tests.helpers.resident", str(path), str(context), json.dumps(settings)]
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    return subprocess.run([*command, *group], capture_output=True, text=True, check=False, env=environment)


@LINUX
@pytest.mark.parametrize(
    ("model", "context", "settings"),
    [
        ("tiny", 2048, {}),
        ("tiny", 8192, {"key_type": "q8_0", "value_type": "q8_0"}),
        ("tiny", 99999, {"ubatch": 512}),
        ("small", 4096, {}),
        ("small", 8192, {"ubatch": 512, "value_type": "q8_0"}),
    ],
)
def test_the_figures_are_those_of_a_real_load(
    model: str, context: int, settings: dict[str, object], tiny_path: Path, small_path: Path
) -> None:
    path = tiny_path if model == "tiny" else small_path
    done = run(path, context, settings)
    assert done.returncode == 0, done.stderr[-2000:]
    taken = int(done.stdout)
    expected = needs(Shape.of(read_head(path)), Layout(context, **settings)).total
    assert expected >= taken * 0.95, f"{expected / MIB:.0f} MiB foretold, {taken / MIB:.0f} MiB taken"
    assert expected <= taken * 1.10 + 60 * MIB, f"{expected / MIB:.0f} MiB foretold, {taken / MIB:.0f} MiB taken"


@contextlib.contextmanager
def limited(most: int) -> Iterator[Path]:
    """Make a control group with so many bytes, or skip the test."""
    for group, limit in (("memory/fit-test", "memory.limit_in_bytes"), ("fit-test", "memory.max")):
        folder = Path("/sys/fs/cgroup", f"{group}-{os.getpid()}")
        try:
            folder.mkdir()
            (folder / limit).write_text(str(most), "ascii")
        except OSError:
            with contextlib.suppress(OSError):
                folder.rmdir()
            continue
        try:
            yield folder
        finally:
            folder.rmdir()
        return
    pytest.skip("control groups cannot be made here")


CHECKS = """
import os, sys
from pathlib import Path
from desktop_agent.models.free_memory import free_memory
from desktop_agent.models.gguf_file import read_head
from desktop_agent.models.needs import Layout, refuse_too_big
from desktop_agent.models.shape import Shape
Path(sys.argv[1], "cgroup.procs").write_text(str(os.getpid()), "ascii")
try:
    refuse_too_big("tiny", Shape.of(read_head(Path(sys.argv[2]))), Layout(8192), free_memory())
except Exception as error:
    print(error)
"""


@LINUX
def test_a_sentence_comes_before_the_system_kills_the_program(tiny_path: Path) -> None:
    with limited(160 * MIB) as group:
        killed = run(tiny_path, 8192, {}, str(group))
        assert killed.returncode == -signal.SIGKILL, "the load fits, so this test says nothing"
        checked = subprocess.run(
            [sys.executable, "-P", "-c", CHECKS, str(group), str(tiny_path)], capture_output=True, text=True, check=True
        )
    assert checked.stdout.startswith("tiny does not fit into memory: it needs 3"), checked.stdout
    assert "8,192 tokens of context" in checked.stdout


def test_what_fits_is_not_refused() -> None:
    wanted = needs(BIG, Layout()).total
    refuse_too_big("big", BIG, Layout(), wanted + RESERVE)
    with pytest.raises(UserFacingError):
        refuse_too_big("big", BIG, Layout(), wanted + RESERVE - 1)


def advice(layout: Layout, free: float, others: list[tuple[str, Shape]] | None = None) -> str:
    with pytest.raises(UserFacingError) as caught:
        refuse_too_big("big", BIG, layout, int(free * GB), others or [])
    return caught.value.hint


def test_the_numbers_are_told() -> None:
    with pytest.raises(UserFacingError) as caught:
        refuse_too_big("big", BIG, Layout(8192), 4 * GB)
    assert caught.value.message == (
        "big does not fit into memory: it needs 6.3 GB (5.0 GB for its weights, 1.2 GB "
        "for 8,192 tokens of context, 104 MB to compute), and 3.9 GB are free."
    )


def test_a_smaller_context_is_proposed() -> None:
    hint = advice(Layout(32768), 6.5)
    assert hint.startswith("Set a context of at most 8,192 tokens"), hint
    assert needs(BIG, Layout(8192)).total + RESERVE <= 6.5 * GB < needs(BIG, Layout(8704)).total + RESERVE


def test_a_smaller_cache_is_proposed() -> None:
    assert advice(Layout(8192), 6.2).startswith("Store the KV cache as q8_0, or set a context of at most 6,144 tokens")
    packed = Layout(8192, key_type="q8_0", value_type="q8_0")
    assert "q8_0" not in advice(packed, 5.5)


def test_another_model_is_proposed() -> None:
    hint = advice(Layout(), 2, [("big", SMALL), ("other", BIG), ("small", SMALL)])
    assert hint == "Choose small (632 MB); or close other programs."
    assert advice(Layout(), 0.1) == "Close other programs, or choose a smaller model."


def test_no_context_is_proposed_that_is_too_short_to_use() -> None:
    plain = needs(BIG, Layout(1024)).total + RESERVE
    assert longest_context(BIG, Layout(), plain) == 1024
    assert longest_context(BIG, Layout(), plain - 1) == 0


def test_a_context_is_not_longer_than_the_model_was_trained_for() -> None:
    assert needs(SMALL, Layout(10**9)) == needs(SMALL, Layout(32768))


def test_layers_on_a_graphics_card_take_no_memory_here() -> None:
    whole, half = needs(BIG, Layout()), needs(BIG, Layout(offloaded=18))
    assert half.weights == whole.weights // 2
    assert needs(BIG, Layout(offloaded=99)).cache == 0


def test_scores_of_every_token_for_every_other_one() -> None:
    plain = Layout(8192)
    more = needs(BIG, replace(plain, flash_attention=False)).compute - needs(BIG, plain).compute
    assert more == 8192 * 128 * 32 * 4


def test_the_catalogue_foretells_what_the_file_says(tiny_path: Path, small_path: Path, starter_path: Path) -> None:
    catalogue = Catalogue.load()
    for name, path in (("tiny", tiny_path), ("small", small_path), ("starter", starter_path)):
        told, real = catalogue.get(name).shape, Shape.of(read_head(path))
        assert told is not None
        assert needs(told, Layout()).total == pytest.approx(needs(real, Layout()).total, rel=0.02)
        assert told.active_weights == pytest.approx(real.active_weights, rel=0.01)
        assert told.active_bytes == pytest.approx(real.active_bytes, rel=0.03)
        assert (told.kv_heads, told.key_length, told.heads) == (real.kv_heads, real.key_length, real.heads)
