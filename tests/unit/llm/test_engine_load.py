"""Loading a model, and saying in words why it cannot be loaded."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.llm.engine import Engine
from desktop_agent.llm.protocol import ChatModel
from desktop_agent.llm.weights import default_threads
from tests.helpers.asking import ask, chat


def test_progress_is_told_and_everything_is_freed_twice(tiny_path, capfd):
    parts = []
    engine = Engine.load(tiny_path, context_tokens=512, progress=lambda part: parts.append(part) or True)
    model: ChatModel = engine
    assert model.name == "Smollm2 135M 8k Lc100K Mix1 Ep2"
    assert model.context_size == 512
    assert parts[-1] == 1
    assert parts == sorted(parts)
    engine.close()
    engine.close()
    assert capfd.readouterr() == ("", "")


def test_the_context_is_not_longer_than_the_model_was_trained_for(tiny_path):
    engine = Engine.load(tiny_path, context_tokens=1_000_000)
    assert engine.context_size == 8192
    engine.close()


def test_loading_can_be_given_up(tiny_path):
    with pytest.raises(Cancelled):
        Engine.load(tiny_path, progress=lambda _part: False)


def test_an_error_in_the_progress_display_gives_up_instead_of_being_lost(tiny_path):
    def broken(_part: float) -> bool:
        raise RuntimeError("no display")

    with pytest.raises(RuntimeError, match="no display"):
        Engine.load(tiny_path, progress=broken)


def test_a_file_that_is_no_model(tmp_path):
    path = tmp_path / "letter.gguf"
    path.write_text("Dear Sir or Madam, this is a letter.")
    with pytest.raises(UserFacingError, match=r"letter\.gguf is not a model file"):
        Engine.load(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(UserFacingError, match=r"nothing\.gguf cannot be read: No such file"):
        Engine.load(tmp_path / "nothing.gguf")


@pytest.mark.parametrize("size", [4, 24, 5_000, 1_000_000, 50_000_000, 98_362_000])
def test_a_file_that_was_cut_off(tiny_path, tmp_path, size):
    path = tmp_path / "half.gguf"
    with tiny_path.open("rb") as whole:
        path.write_bytes(whole.read(size))
    with pytest.raises(UserFacingError, match=r"half\.gguf is damaged or incomplete") as caught:
        Engine.load(path)
    assert caught.value.hint == "Fetch it again."


def test_a_file_of_an_unknown_kind(tiny_path, tmp_path):
    path = tmp_path / "new.gguf"
    length = (5).to_bytes(8, "little")
    path.write_bytes(tiny_path.read_bytes().replace(length + b"llama", length + b"llamo", 1))
    with pytest.raises(UserFacingError, match="a kind of model that this version does not know"):
        Engine.load(path)


def test_a_model_that_cannot_chat(embedder_path):
    with pytest.raises(UserFacingError, match="no model that can chat"):
        Engine.load(embedder_path)


def test_a_name_in_any_script_and_a_folder_with_spaces(tiny_path, tmp_path):
    path = tmp_path / "模型 ü" / "klein 🐈.gguf"
    path.parent.mkdir()
    path.symlink_to(tiny_path)
    engine = Engine.load(path, context_tokens=512)
    assert ask(engine, chat("Hi", max_tokens=2)).stats.answer_tokens == 2
    engine.close()


def test_closing_ends_what_is_running(tiny_path):
    engine = Engine.load(tiny_path, context_tokens=2048)
    events = engine.generate(chat("Write a long story about a cat.", max_tokens=0), threading.Event())
    next(events)
    engine.close()
    assert [*events][-1].reason == "cancelled"


def test_two_engines_load_at_the_same_time(tiny_path):
    with ThreadPoolExecutor(2) as pool:
        engines = list(pool.map(lambda _number: Engine.load(tiny_path, context_tokens=512), range(2)))
    texts = {ask(engine, chat("What is the capital of France?")).message.text for engine in engines}
    for engine in engines:
        engine.close()
    assert texts == {"The capital of France is Paris."}


def test_threads_are_at_most_the_processors():
    assert 1 <= default_threads() <= len(list(Path("/sys/devices/system/cpu").glob("cpu[0-9]*")))


def test_what_is_asked_while_the_model_is_closed_never_meets_freed_memory(tiny_path, monkeypatch):
    engine = Engine.load(tiny_path, context_tokens=512)
    free, freed = engine._model.free, threading.Event()

    def slowly() -> None:
        free()
        freed.set()
        time.sleep(0.3)  # others ask while the closing thread waits for this one

    monkeypatch.setattr(engine._model, "free", slowly)
    closing_thread = threading.Thread(target=engine.close)
    closing_thread.start()
    freed.wait()
    engine.forget("a chat")
    for ask_it in (
        lambda: engine.count_tokens(chat("Hi.")),
        lambda: engine.prepare(chat("Hi."), threading.Event()),
        lambda: list(engine.generate(chat("Hi."), threading.Event())),
        lambda: engine.candidates(chat("Hi."), 2, threading.Event()),
    ):
        with pytest.raises(Cancelled, match="unloaded"):
            ask_it()
    closing_thread.join()
    engine.forget("a chat")
