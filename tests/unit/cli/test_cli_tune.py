"""`desktop-agent models tune`, with an App whose measurements are made up."""

import argparse
import json

import pytest

from desktop_agent.cli import tune
from desktop_agent.llm.choices import Choice
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.trial import Trial
from desktop_agent.llm.tuning_words import Finding

CHOICE = Choice(
    EngineSettings(threads=4, threads_batch=8),
    (
        Trial(EngineSettings(threads=4, threads_batch=8), "measured", 57.2, 5.8, 5 * 10**9),
        Trial(EngineSettings(threads=4, threads_batch=8, repack=True), "crashed"),
    ),
    (Finding("threads", {"reading": 8, "writing": 4}), Finding("repack crashed", {})),
)


class FakeApp:
    known = True

    def __init__(self, _paths: object) -> None:
        pass

    def tune(self, name, tell):
        if name == "slow":
            raise KeyboardInterrupt
        tell("Trying numbers of threads.")
        return CHOICE

    def forget_choice(self, _name):
        return self.known


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setattr(tune, "App", FakeApp)
    parser = argparse.ArgumentParser()
    tune.register(parser.add_subparsers(required=True))

    def run(*arguments: str) -> int:
        parsed = parser.parse_args(["tune", *arguments])
        return parsed.run(parsed)

    return run


def test_trials_and_sentences_are_printed(run, capsys):
    assert run("starter") == 0
    told = capsys.readouterr()
    assert told.err == "Trying numbers of threads.\n"
    heading, measured, crashed, *sentences = told.out.splitlines()
    assert heading.split()[:2] == ["threads", "repacking"]
    assert " ".join(measured.split()) == "8 / 4 off 128 automatic f16 / f16 57.2/s 5.8/s 5.0 GB"
    assert crashed.split()[-1] == "crashed"
    assert sentences == ["Threads: 8 for reading, 4 for writing.", "Repacking crashes on this processor."]


def test_as_json(run, capsys):
    assert run("starter", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["model"] == "starter"
    assert said["settings"]["threads_batch"] == 8
    assert said["trials"][1]["outcome"] == "crashed"
    assert said["sentences"][1] == "Repacking crashes on this processor."


def test_a_stop_changes_nothing(run, capsys):
    assert run("slow") == tune.STOPPED
    assert capsys.readouterr().err == "Stopped. Nothing was changed.\n"


def test_a_choice_is_forgotten(run, capsys, monkeypatch):
    assert run("starter", "--forget") == 0
    monkeypatch.setattr(FakeApp, "known", False)
    assert run("starter", "--forget") == 0
    assert capsys.readouterr().out.splitlines() == [
        "starter is used with the usual settings again.",
        "Nothing was measured with starter.",
    ]
