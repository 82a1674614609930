"""Memory in the program as people start it, with the real embedder and the real Chroma."""

import json
import os
import random
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_agent.app import App
from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.messages import Message
from desktop_agent.paths import Paths
from tests.helpers import embedders
from tests.helpers.plain_dump import occurrences
from tests.helpers.program import Ran, Run
from tests.helpers.scripted_app import ScriptedApp
from tests.helpers.world import FixedApprover

SAID = (
    ("My bicycle is green and has eight gears.", "A fine bicycle."),
    ("We spent August in Lisbon with the children.", "That sounds warm."),
    ("我女儿九月开始上小学。", "祝她一切顺利。"),
    ("The plumber comes on Thursdays only.", "Noted."),
    ("I am allergic to hazelnuts.", "I will keep that in mind."),
)


def tell(paths: Paths, *pairs: tuple[str, str]) -> None:
    """Put exchanges on disk, each in a chat of its own."""
    app = App(paths).open()
    for question, answer in pairs:
        chat = app.conversations.create().id
        app.transcript.append(chat, Message("user", question))
        app.transcript.append(chat, Message("assistant", answer))
    app.close()


def found(ran: Ran) -> list[str]:
    """Return the texts that a search printed."""
    assert ran.code == 0, ran.err
    return [each["text"] for each in json.loads(ran.out)]


def search(run: Run, words: str) -> Ran:
    """Search as people do in the terminal."""
    return run("memory", "search", words, "--json")


def test_what_was_said_is_found_by_its_meaning_in_another_language(run: Run, home: Paths) -> None:
    tell(home, *SAID)
    assert found(search(run, "孩子什么时候开学？"))[0] == "User: 我女儿九月开始上小学。"
    assert "Lisbon" in found(search(run, "Where did we go on holiday?"))[0]
    assert "hazelnuts" in found(search(run, "Which nuts must I not eat?"))[0]


def test_memory_goes_by_words_without_an_embedder(run: Run, home: Paths, tmp_path: Path) -> None:
    tell(home, *SAID)
    ran = run("memory", "search", "plumber Thursdays", "--json", DESKTOP_AGENT_MODELS=str(tmp_path / "none"))
    assert "plumber" in found(ran)[0]
    assert "by its words only" in ran.err


def test_a_memory_is_added_listed_and_forgotten(run: Run) -> None:
    saved = json.loads(run("memory", "add", "The alarm code is on the fridge", "--pin", "--json").out)
    assert saved["pinned"]
    assert saved["origin"] == "written"
    assert [each["id"] for each in json.loads(run("memory", "list", "--json").out)] == [saved["id"]]
    assert run("memory", "forget", "alarm code").code == 5  # nobody can be asked, so nothing is forgotten
    report = json.loads(run("memory", "forget", "alarm code", "--yes", "--json").out)
    assert report == {"messages": 0, "memories": 1, "others": 0}
    assert json.loads(run("memory", "list", "--json").out) == []


def test_nothing_is_left_of_what_was_forgotten(run: Run, home: Paths, tmp_path: Path) -> None:
    """Said, saved, recalled into the notes of another chat, repeated in answers, in a title, an index and a backup."""
    converse(home, "Remember that my cat is called Quixotl", "What is my cat called?", answer="It is Quixotl.")
    assert run("backup", "now").code == 0
    assert any("Quixotl" in text for text in found(search(run, "cat")))
    assert occurrences(home, "Quixotl", tmp_path), "the test itself would find it"
    assert run("memory", "forget", "quixotl", "--yes").code == 0
    assert occurrences(home, "Quixotl", tmp_path) == {}
    assert not any("Quixotl" in text for text in found(search(run, "cat")))


def test_a_chat_without_consent_neither_uses_memory_nor_is_remembered(run: Run, home: Paths) -> None:
    tell(home, *SAID)
    app = ScriptedApp(home, ScriptedModel(["Noted.", "I do not know."])).open()
    app.load_model()
    chat = app.conversations.create().id
    app.desk.set_chat(chat, uses=False, saves=False)
    for text in ("Remember that my safe is behind the mirror", "Which nuts must I not eat?"):
        kinds = [event.kind for event in app.answer(app.keep(chat, text), FixedApprover(), threading.Event())]
        assert "recalled" not in kinds
        assert "memory_saved" not in kinds
    app.close()
    assert not any("mirror" in text for text in found(search(run, "Where is my safe?")))


def test_a_temporary_chat_leaves_nothing_on_disk(home: Paths, tmp_path: Path) -> None:
    app = ScriptedApp(home, ScriptedModel(["Zyzzyva is a beetle."])).open()
    app.load_model()
    chat = app.start_temporary()
    events = list(app.answer(app.keep(chat, "Remember that I like Zyzzyva"), FixedApprover(), threading.Event()))
    assert events[-1].kind == "turn_finished"
    assert [stored.message.role for stored in app.transcript_of(chat).history(chat)] == ["user", "assistant"]
    assert app.desk.saved() == []
    app.close()
    assert occurrences(home, "Zyzzyva", tmp_path) == {}


def test_everything_goes_from_one_home_to_another(run: Run, home: Paths, tmp_path: Path) -> None:
    tell(home, *SAID)
    run("memory", "add", "I live in Bern")
    (words := tmp_path / "words").write_text("correct horse battery\n", encoding="utf-8")
    archive = tmp_path / "everything.age"
    assert run("memory", "export", str(archive), "--passphrase-file", str(words)).code == 0
    assert b"Bern" not in archive.read_bytes()
    other = str(tmp_path / "other")
    ran = run("memory", "import", str(archive), "--passphrase-file", str(words), DESKTOP_AGENT_HOME=other)
    assert ran.code == 0, ran.err
    assert found(run("memory", "search", "Bern", "--json", DESKTOP_AGENT_HOME=other))[0] == "I live in Bern"
    assert "Lisbon" in found(run("memory", "search", "holiday", "--json", DESKTOP_AGENT_HOME=other))[0]


def test_the_index_is_rebuilt_on_demand(run: Run, home: Paths) -> None:
    tell(home, *SAID)
    stats = json.loads(run("memory", "rebuild", "--json").out)
    assert (stats["indexed"], stats["total"], stats["problem"]) == (10, 10, "")


def test_another_embedder_is_chosen_once_its_index_is_complete(home: Paths, tmp_path: Path) -> None:
    tell(home, *SAID)
    app = App(home).open()
    app.open_memory()
    assert app.desk.settled(30)
    before = app.desk.stats().embedder
    app.choose_embedder(toy := str(embedders.bert(tmp_path / "toy.gguf")))
    until = time.monotonic() + 60
    while app.settings.embedder != toy and time.monotonic() < until:
        time.sleep(0.05)
    stats = app.desk.stats()
    assert stats.embedder != before
    assert stats.indexed == stats.total == 10
    app.close()
    assert App(home).settings.embedder == toy


def test_an_embedder_that_is_chosen_where_none_was_is_used_at_once(
    home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(home, *SAID)
    monkeypatch.setenv("DESKTOP_AGENT_MODELS", str(tmp_path / "none"))
    app = App(Paths.from_environment()).open()
    app.open_memory()
    assert app.desk.stats().embedder == ""
    app.choose_embedder(str(embedders.bert(tmp_path / "toy.gguf")))
    assert app.desk.settled(30)
    assert app.desk.stats().indexed == 10
    app.close()


def test_an_embedder_that_is_taken_back_is_not_chosen_later(home: Paths, tmp_path: Path) -> None:
    tell(home, *SAID)
    app = IndexedApp(home, ScriptedModel(["Hello."])).open()
    app.load_model()
    app.open_memory()
    assert app.desk.settled(30)
    turn = app.answer(app.keep(app.conversations.create().id, "Hi"), FixedApprover(), threading.Event())
    next(turn)  # while a model answers, nothing is built
    for name in (toy := str(embedders.bert(tmp_path / "toy.gguf")), "embedder"):
        app.choose_embedder(name)
        time.sleep(0.1)
    chosen: list[str] = []
    least, most = time.monotonic() + 5, time.monotonic() + 60  # on a machine that is busy it comes later
    while time.monotonic() < (most if "embedder" not in chosen else least):
        chosen.append(app.settings.embedder)
        time.sleep(0.01)
    turn.close()  # type: ignore[attr-defined]
    assert chosen[-1] == "embedder"
    assert toy not in chosen
    app.close()


def deleted(index: Path) -> None:
    """Delete the folder."""
    shutil.rmtree(index)


def truncated(index: Path) -> None:
    """Cut the largest file in half."""
    largest = max(files(index), key=lambda path: path.stat().st_size)
    os.truncate(largest, largest.stat().st_size // 2)


def scrambled(index: Path) -> None:
    """Write random bytes over a tenth of every file."""
    chance = random.Random(4)  # noqa: S311 -- the same damage every time
    for path in files(index):
        data = bytearray(path.read_bytes())
        for at in chance.sample(range(len(data)), len(data) // 10):
            data[at] = chance.randrange(256)
        path.write_bytes(data)


def files(index: Path) -> list[Path]:
    """Return all files of an index."""
    return [path for path in index.rglob("*") if path.is_file()]


@pytest.mark.parametrize("damage", [deleted, truncated, scrambled])
def test_a_damaged_index_costs_nothing(run: Run, home: Paths, damage: Callable[[Path], None]) -> None:
    tell(home, *SAID)
    before = found(search(run, "Which nuts must I not eat?"))
    damage(home.index)
    after = search(run, "Which nuts must I not eat?")
    assert found(after) == before
    assert "index" in after.err, "it says what it does"


def converse(paths: Paths, *questions: str, answer: str) -> None:
    """Ask a scripted model, each question in a chat of its own, with the real memory and index."""
    app = IndexedApp(paths, ScriptedModel([answer] * len(questions))).open()
    app.load_model()
    app.open_memory()
    for question in questions:
        kept = app.keep(app.conversations.create().id, question)
        list(app.answer(kept, FixedApprover(), threading.Event()))
    assert app.desk.settled(30)
    app.close()


class IndexedApp(ScriptedApp):
    """With the embedder."""

    def open_memory(self) -> None:
        """Open the real index."""
        App.open_memory(self)
