"""What an answer costs, from counters in a folder like the kernel's."""

import os
import time
from pathlib import Path

import pytest

from desktop_agent.llm import energy
from desktop_agent.llm.energy import EnergyMeter

TURN = 262_143_328_850
"""Microjoules after which a real counter begins again."""


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the clock's time as a list of one, to be set."""
    now = [1000.0]
    monkeypatch.setattr(energy.time, "monotonic", lambda: now[0])
    return now


def domain(root: Path, number: str, name: str, microjoules: int) -> Path:
    folder = root / f"intel-rapl:{number}"
    folder.mkdir(parents=True)
    (folder / "name").write_text(f"{name}\n")
    (folder / "max_energy_range_uj").write_text(f"{TURN}\n")
    (folder / "energy_uj").write_text(f"{microjoules}\n")
    return folder / "energy_uj"


def test_packages_are_summed_and_nothing_is_counted_twice(tmp_path: Path, seconds: list[float]) -> None:
    counters = [
        domain(tmp_path, "0", "package-0", 5_000_000),
        domain(tmp_path, "1", "package-1", 7_000_000),
        domain(tmp_path, "0:0", "core", 1_000_000),
        domain(tmp_path, "2", "psys", 1_000_000),
    ]
    meter = EnergyMeter(tmp_path)
    before = meter.read()
    for counter in counters:
        counter.write_text(str(int(counter.read_text()) + 30_500_000))
    seconds[0] += 2
    assert meter.since(before).joules == 61.0


def test_a_counter_that_goes_round(tmp_path: Path, seconds: list[float]) -> None:
    counter = domain(tmp_path, "0", "package-0", TURN - 1_500_000)
    meter = EnergyMeter(tmp_path)
    before = meter.read()
    counter.write_text("500000")
    seconds[0] += 1
    assert meter.since(before).joules == pytest.approx(2.0)


def test_a_counter_that_was_set_back_while_the_computer_slept_is_no_energy(
    tmp_path: Path, seconds: list[float]
) -> None:
    counter = domain(tmp_path, "0", "package-0", 80_000_000_000)
    meter = EnergyMeter(tmp_path)
    before = meter.read()
    counter.write_text("1000")
    seconds[0] += 10
    assert meter.since(before).joules is None


def test_an_answer_so_long_that_the_counter_may_have_gone_round_twice(tmp_path: Path, seconds: list[float]) -> None:
    counter = domain(tmp_path, "0", "package-0", 0)
    meter = EnergyMeter(tmp_path)
    before = meter.read()
    counter.write_text("90000000000")
    seconds[0] += 600
    assert meter.since(before).joules is None


def test_a_machine_without_counters_has_processor_time_only(tmp_path: Path) -> None:
    meter = EnergyMeter(tmp_path / "none")
    before = meter.read()
    while time.process_time() - before.cpu_seconds < 0.05:
        pass
    used = meter.since(before)
    assert used.joules is None
    assert used.cpu_seconds >= 0.05


@pytest.mark.parametrize("gone", ["energy_uj", "name", "max_energy_range_uj"])
def test_a_file_that_is_missing(tmp_path: Path, gone: str) -> None:
    (domain(tmp_path, "0", "package-0", 1).parent / gone).unlink()
    meter = EnergyMeter(tmp_path)
    assert meter.since(meter.read()).joules is None


def test_one_counter_of_two_that_vanishes_leaves_no_half_sum(tmp_path: Path, seconds: list[float]) -> None:
    domain(tmp_path, "0", "package-0", 1)
    second = domain(tmp_path, "1", "package-1", 1)
    meter = EnergyMeter(tmp_path)
    before = meter.read()
    seconds[0] += 1
    assert meter.since(before).joules == 0.0
    second.unlink()
    assert meter.since(before).joules is None


@pytest.mark.parametrize("content", ["", "many", "0x10"])
def test_a_counter_that_is_no_number(tmp_path: Path, content: str) -> None:
    domain(tmp_path, "0", "package-0", 1).write_text(content)
    meter = EnergyMeter(tmp_path)
    assert meter.since(meter.read()).joules is None


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may read everything")
def test_a_counter_that_only_the_administrator_may_read(tmp_path: Path) -> None:
    domain(tmp_path, "0", "package-0", 1).chmod(0)
    meter = EnergyMeter(tmp_path)
    assert meter.since(meter.read()).joules is None


def test_a_counter_that_is_a_folder_is_not_read(tmp_path: Path) -> None:
    counter = domain(tmp_path, "0", "package-0", 1)
    counter.unlink()
    counter.mkdir()
    meter = EnergyMeter(tmp_path)
    assert meter.since(meter.read()).joules is None
