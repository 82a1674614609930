"""From a name to a model that answers: what is checked, measured, kept and told on the way."""

import os
import threading
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import pytest

from desktop_agent import model_desk, model_fit
from desktop_agent.app import App
from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.llm import tuning
from desktop_agent.llm.choices import Choice, Choices
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.loading_mark import LoadingMark
from desktop_agent.models.known import Known
from desktop_agent.paths import Paths
from tests.helpers import corrupted_gguf, random_gguf


@pytest.fixture
def app(home: Paths) -> Iterator[App]:
    with closing(App(home)) as app:
        app.settings = app.settings.model_copy(update={"model": "tiny", "context_tokens": 1024})
        yield app.open(lambda: "a passphrase")


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    return random_gguf.write(tmp_path / "mine.gguf", "llama")


def told_by(app: App, name: str, **options: object) -> list[str]:
    told: list[str] = []
    app.load_model(name, tell=told.append, **options)
    return told


def test_a_file_from_elsewhere_is_tried_once_in_a_process_of_its_own(app, foreign):
    assert told_by(app, str(foreign)) == ["Trying mine.gguf in a process of its own."]
    assert app.model.name == "random llama"
    assert told_by(app, str(foreign)) == []
    foreign.write_bytes(foreign.read_bytes())
    os.utime(foreign, (1, 1))
    assert told_by(app, str(foreign)) == ["Trying mine.gguf in a process of its own."]


def test_a_catalogue_file_is_not_tried(app):
    assert told_by(app, "tiny") == []


def test_what_does_not_fit_is_refused_and_the_old_model_stays(app, monkeypatch):
    app.load_model("tiny")
    loaded = app.model
    monkeypatch.setattr(model_fit, "free_memory", lambda: 800 << 20)
    with pytest.raises(UserFacingError, match=r"starter does not fit into memory: it needs 1\.\d GB") as refused:
        app.load_model("starter")
    assert "Choose small" in refused.value.hint
    assert app.model is loaded


def test_a_model_is_measured_at_its_first_load_and_what_was_found_is_used(app):
    told = told_by(app, "tiny", tune=True)
    assert told[0] == "Preparing the measurement."
    choice = app.choice()
    assert choice
    assert choice.sentences
    assert app.model.settings == choice.settings
    assert told_by(app, "tiny", tune=True) == []
    assert app.forget_choice("tiny")
    assert app.choice() is None


def test_guesses_are_wanted_at_any_cost(app):
    wanted = {"guess_ahead": True, "model": "small", "context_tokens": 4096}
    app.settings = app.settings.model_copy(update=wanted)
    told_by(app, "", tune=True)
    assert app.choice().settings == app.model.settings
    app.settings = app.settings.model_copy(update={"guess_ahead": False})
    assert app.choice() is None


def test_a_model_is_not_measured_where_that_is_not_wanted(app):
    app.settings = app.settings.model_copy(update={"tune_models": False})
    assert told_by(app, "tiny", tune=True) == []


def test_what_the_user_wants_goes_before_what_was_measured(app):
    app.settings = app.settings.model_copy(update={"threads": 1, "gpu": False, "small_cache": True})
    app.load_model()
    settings = app.model.settings
    assert (settings.threads, settings.gpu_layers, settings.value_type) == (1, 0, "q8_0")


def test_a_load_that_is_given_up(app):
    cancel = threading.Event()
    with pytest.raises(Cancelled):
        app.load_model("tiny", tune=True, tell=lambda _what: cancel.set(), cancel=cancel)
    with pytest.raises(Cancelled):
        app.load_model("tiny", lambda _part: False)
    assert app.model is None
    assert app.crashed_model == ""


def test_a_start_after_a_crash_while_loading_knows_the_model(app, home):
    LoadingMark(home.engine / "loading").set("tiny")  # as a process leaves it that dies
    again = App(home)
    assert again.crashed_model == "tiny"
    again.load_model("tiny")
    with closing(again.model):
        assert again.crashed_model == ""
        assert App(home).crashed_model == ""


def test_an_unloaded_model_gives_its_memory_back(app):
    app.load_model("small")
    before = resident()
    app.unload_model()
    assert app.model is None
    assert before - resident() > 300 << 20
    assert app._models._fit._held == 0


def resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_the_head_of_a_new_chat_is_read_once_in_a_lifetime(app, home):
    app.settings = app.settings.model_copy(update={"context_tokens": 2048})
    app.load_model("tiny")
    ready = app.read_ahead("", "", threading.Event())
    assert ready > 300
    app.unload_model()
    assert len(list((home.engine / "heads").iterdir())) == 1
    app.load_model("tiny")
    began = app.read_ahead(app.conversations.create().id, "", threading.Event())
    assert began >= ready


def test_a_draft_model_that_is_gone_is_told(app):
    app.settings = app.settings.model_copy(update={"draft_model": "small.gguf"})
    app.load_model("tiny")
    assert any("Nothing is guessed ahead" in notice for notice in app.notices)


def test_a_draft_model_that_does_not_suit_is_told_and_done_without(app, tiny_path):
    measured(app, tiny_path, draft_most=4)
    app.settings = app.settings.model_copy(update={"draft_model": "small"})
    app.load_model("tiny")
    assert app.model.settings.draft_most == 4
    assert any("Nothing is guessed ahead" in notice and "their vocabularies differ" in notice for notice in app.notices)


def measured(app: App, path: Path, **settings: object) -> None:
    Choices(app.paths.engine).put(app.library.identity(path), "1024", Choice(EngineSettings(**settings)))


def test_a_draft_model_from_elsewhere_is_tried_too_and_a_broken_one_done_without(app, tiny_path, tmp_path):
    measured(app, tiny_path, draft_most=4)
    sound, broken = random_gguf.write(tmp_path / "sound.gguf", "llama"), tmp_path / "broken.gguf"
    broken.write_bytes(dict(corrupted_gguf.corrupted(sound))["epsilon-nan"])
    for file in (sound, broken):
        app.settings = app.settings.model_copy(update={"draft_model": str(file)})
        assert told_by(app, "tiny") == [f"Trying {file.name} in a process of its own."]
    assert any("broken.gguf" in notice and "Nothing is guessed ahead" in notice for notice in app.notices)


def test_a_card_that_is_wanted_again_is_used_although_the_measurement_was_without(app, tiny_path):
    measured(app, tiny_path, gpu_layers=0)
    app.load_model("tiny")
    assert app.model.settings.gpu_layers == -1


def test_a_cache_that_a_model_cannot_have_is_told_and_done_without(app, foreign):
    app.settings = app.settings.model_copy(update={"small_cache": True})
    app.load_model("tiny")
    assert app.model.settings.value_type == "q8_0"
    app.load_model(str(foreign))  # whose heads are not a multiple of 32 wide
    assert app.model.settings.value_type == "f16"
    assert any("mine.gguf cannot store the KV cache as q8_0" in notice for notice in app.notices)


def test_what_the_loaded_model_holds_counts_as_free_when_a_model_is_measured(app, monkeypatch):
    told: dict[str, int] = {}
    monkeypatch.setattr(
        tuning, "tune", lambda _path, *, free_bytes, **_rest: told.update(free=free_bytes) or Choice(EngineSettings())
    )
    for module in (model_fit, model_desk):
        monkeypatch.setattr(module, "free_memory", lambda: 2 << 30, raising=False)
    app.load_model("tiny")
    app.tune("tiny")
    assert told["free"] == (2 << 30) + app._models._fit._held > 2 << 30


def test_a_file_that_was_tried_but_never_hashed_gets_its_name(app, foreign):
    Known(app.paths.engine, version("llama-cpp-python")).mark_passed(foreign)
    given_up = threading.Event()
    given_up.set()
    with pytest.raises(Cancelled):
        app.load_model(str(foreign), cancel=given_up)
    app.load_model(str(foreign))
    assert app._models._origin.identity(foreign) == sha256(foreign.read_bytes()).hexdigest()


def test_what_to_expect_of_models_that_are_not_here(app):
    forecasts = app.forecasts()
    assert forecasts["qwen2.5-7b"].memory > 4_600_000_000
    assert forecasts["starter"].write_rate > forecasts["qwen2.5-7b"].write_rate > 0
    assert (app.paths.engine / "probe.json").exists()
    app.tune()
    assert not (app.paths.engine / "probe.json").exists()  # whoever measures again wants these anew, too
