"""The index follows the turns: a real Chroma, turns in memory, and an embedder without a model."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import pytest

from desktop_agent.errors import DesktopAgentError
from desktop_agent.memory.centred import Centred
from desktop_agent.memory.dense import Dense
from desktop_agent.memory.local import LocalIndex, LocalPlace
from desktop_agent.memory.protocols import Embedder
from tests.helpers.indexed import SPEAKER, Scatter, Turns, leaks

LONG = 60.0


class Gated(Scatter):
    """Embeds passages only when it is let; `begun` says that one waits."""

    def __init__(self, id_: str = "scatter") -> None:
        super().__init__(id_)
        self.let = threading.Semaphore(0)
        self.begun = threading.Event()

    def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> list[list[float]]:
        if kind == "passage" and texts[0].startswith(SPEAKER):
            assert len(texts) == 1
            self.begun.set()
            assert self.let.acquire(timeout=20)
            self.begun.clear()
        return super().embed(texts, kind)


class World:
    """Turns, and what opens an index over them."""

    def __init__(self, folder: Path) -> None:
        self.place = LocalPlace(folder)
        self.turns = Turns()
        self.idle = threading.Event()
        self.idle.set()
        self.reports: list[str] = []
        self.opened: list[Dense] = []

    def open(self, embedder: Embedder | None = None, place: LocalPlace | None = None) -> Dense:
        dense = Dense.open(place or self.place, embedder or Scatter(), self.turns, self.idle, self.reports.append)
        self.opened.append(dense)
        return dense

    def ready(self, embedder: Embedder | None = None) -> Dense:
        dense = self.open(embedder)
        dense.reconcile()
        assert dense.drain(LONG)
        return dense

    def text(self, id_: str) -> str:
        (turn,) = self.turns.get([id_])
        return turn.text


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "index")
    yield made
    made.idle.set()
    for dense in made.opened:
        dense.close()


def best(dense: Dense, text: str) -> str:
    """Return the id whose text is this very one, '' when it is not found."""
    hits = [hit for found in dense.search(text, 5).values() for hit in found]
    return next((id_ for id_, cosine in hits if cosine > 0.99), "")


def test_follows_what_is_said(world: World) -> None:
    dense = world.ready()
    assert dense.search("My cat is called Ada.", 3) == {"han": [], "other": []}
    cat, dog = world.turns.say("My cat is called Ada."), world.turns.say("我的狗叫旺财，它很乖。")
    dense.queue([cat, dog, "unknown"])
    assert dense.drain(LONG)
    found = dense.search("My cat is called Ada.", 3)
    assert found["other"] == [(cat, pytest.approx(1, abs=1e-5))]
    assert [id_ for id_, _ in found["han"]] == [dog]
    assert dense.search("  ", 3) == {}
    world.turns.gone([cat])
    dense.remove([cat])
    assert dense.drain(LONG)
    assert best(dense, "My cat is called Ada.") == ""
    assert world.reports == []


def test_a_changed_text_is_indexed_anew(world: World) -> None:
    id_ = world.turns.say("The cabin is in Bergen.")
    dense = world.ready()
    world.idle.clear()
    world.turns.say("木屋在挪威的卑尔根。", id_)
    dense.queue([id_])
    wait_for(lambda: best(dense, "The cabin is in Bergen.") == "")  # also while the new one must wait
    assert dense.state().indexed == 0
    world.idle.set()
    assert dense.drain(LONG)
    assert best(dense, "木屋在挪威的卑尔根。") == id_
    assert dense.state().indexed == 1


def wait_for(true: Callable[[], bool]) -> None:
    ticks = threading.Event()
    for _ in range(600):
        if true():
            return
        ticks.wait(0.05)
    raise AssertionError("it never came true")


def test_no_passage_is_embedded_while_the_chat_model_works_but_questions_are(world: World) -> None:
    embedder = Scatter()
    dense = world.ready(embedder)
    world.idle.clear()
    asked = embedder.asked
    said = [world.turns.say(f"number {number}") for number in range(3)]
    dense.queue(said)
    assert not dense.drain(0.3)
    assert embedder.asked == asked
    assert dense.state().busy
    assert dense.search("number 1", 3) == {"han": [], "other": []}
    assert embedder.asked == asked + 1
    world.idle.set()
    assert dense.drain(LONG)
    assert best(dense, "number 1") == said[1]


def test_a_question_waits_for_one_passage_at_most(world: World) -> None:
    embedder = Gated()
    dense = world.ready(embedder)
    dense.queue([world.turns.say(f"number {number}") for number in range(40)])
    embedder.begun.wait(LONG)
    assert "other" in dense.search("number 1", 3), "answered while a passage is embedded"
    assert embedder.passages == 0
    embedder.let.release(40)
    assert dense.drain(LONG)


def test_reconcile_finds_what_is_missing_and_what_is_too_much(world: World) -> None:
    for number in range(20):
        world.turns.say(f"number {number}")
    dense = world.ready()
    dense.close()
    gone = world.turns.gone(list(world.turns.ids())[:3])
    added = [world.turns.say(f"later {number}") for number in range(3)]  # as many as went
    dense = world.ready()
    assert best(dense, "later 1") == added[1]
    state = dense.state()
    assert (state.indexed, state.total, state.busy, state.problem) == (20, 20, False, "")
    assert not {id_ for hits in dense.search("x", 50).values() for id_, _ in hits} & set(gone)


def test_nothing_is_embedded_again_after_a_clean_exit(world: World) -> None:
    world.turns.say("something")
    world.ready(Scatter()).close()
    again = Scatter()
    assert world.ready(again).state().indexed == 1
    assert again.passages == 0


def test_what_was_still_queued_at_the_end_is_found_later(world: World) -> None:
    embedder = Gated()
    dense = world.ready(embedder)
    said = [world.turns.say(f"number {number}") for number in range(30)]
    dense.queue(said)
    embedder.begun.wait(LONG)
    closing = threading.Thread(target=dense.close)
    closing.start()
    embedder.let.release(30)
    closing.join()
    assert embedder.passages <= 2, "only the current turn was finished"
    assert embedder.closed
    dense = world.ready()
    assert all(best(dense, f"number {number}") == said[number] for number in range(30))


def test_the_first_index_says_that_it_is_being_built(world: World) -> None:
    world.turns.say("something")
    world.ready()
    assert len(world.reports) == 1
    assert world.reports[0].startswith("The memory index is being built from your conversations.")


def test_says_what_it_is(world: World) -> None:
    state = world.ready(Scatter("e5 small")).state()
    assert (state.embedder, state.place, state.next) == ("e5 small", str(world.place.folder), "")


def test_a_text_that_the_embedder_fails_on_is_said_once_and_keeps_nothing_back(world: World) -> None:
    class Choosy(Scatter):
        def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> list[list[float]]:
            if any("bad" in text for text in texts):
                raise DesktopAgentError("llama_encode failed with code 1")
            return super().embed(texts, kind)

    dense = world.ready(Choosy())
    said = [world.turns.say(text) for text in ("good", "bad", "bad again", "better")]
    dense.queue(said)
    assert dense.drain(LONG)
    assert best(dense, "better") == said[3]
    assert world.reports == ["llama_encode failed with code 1"]
    assert dense.search("bad", 3) == {}
    dense.rebuild()
    assert dense.drain(LONG), "a rebuild does not try it for ever"
    assert dense.state().indexed == 2


def test_an_embedder_that_fails_at_once_is_closed(world: World) -> None:
    class Broken(Scatter):
        def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> list[list[float]]:
            raise DesktopAgentError("no")

    embedder = Broken()
    with pytest.raises(DesktopAgentError, match="no"):
        world.open(embedder)
    assert embedder.closed


def test_rebuild_computes_everything_again_while_the_old_serves(world: World) -> None:
    embedder = Gated()
    embedder.let.release(5)
    said = [world.turns.say(f"number {number}") for number in range(5)]
    dense = world.ready(embedder)
    old = set(world.place.folder.iterdir())
    dense.rebuild()
    embedder.begun.wait(LONG)
    assert best(dense, "number 3") == said[3]
    assert dense.state().busy
    embedder.let.release(5)
    assert dense.drain(LONG)
    assert best(dense, "number 3") == said[3]
    (new,) = world.place.folder.iterdir()
    assert new not in old
    assert embedder.passages == 10
    assert not embedder.closed


def test_another_embedder_takes_over_when_its_index_is_complete(world: World) -> None:
    first, second = Scatter("first"), Gated("second")
    said = [world.turns.say(f"number {number}") for number in range(40)]
    dense = world.ready(first)
    dense.switch(second)
    second.begun.wait(LONG)
    assert best(dense, "number 3") == said[3]
    assert (dense.state().embedder, dense.state().next, dense.state().busy) == ("first", "second", True)
    second.let.release(20)
    wait_for(lambda: 16 <= dense.state().indexed <= 20)
    later = world.turns.say("said meanwhile")
    dense.queue([later])
    world.turns.gone([said[0]])
    dense.remove([said[0]])
    second.let.release(1)  # the thread is in the middle of a passage
    wait_for(lambda: best(dense, "said meanwhile") == later)
    assert not first.closed
    second.let.release(40)
    assert dense.drain(LONG)
    assert first.closed
    assert (dense.state().embedder, dense.state().next, dense.state().indexed) == ("second", "", 40)
    assert best(dense, "number 3") == said[3]
    assert best(dense, "said meanwhile") == later
    assert best(dense, "number 0") == ""
    assert len(list(world.place.folder.iterdir())) == 1
    dense.close()
    assert world.ready(Scatter("second")).state().indexed == 40


def test_a_change_of_mind_ends_the_building(world: World) -> None:
    world.turns.say("something")
    first, second, third = Scatter("first"), Gated("second"), Scatter("first")
    dense = world.ready(first)
    dense.switch(second)
    second.begun.wait(LONG)
    dense.switch(third)
    second.let.release(1)
    assert dense.drain(LONG)
    assert second.closed
    assert third.closed
    assert not first.closed
    assert dense.state().embedder == "first"
    assert best(dense, "something")


def test_an_embedder_that_comes_when_all_is_over_is_closed(world: World) -> None:
    embedder = Gated()
    dense = world.ready(embedder)
    dense.queue([world.turns.say("something")])
    embedder.begun.wait(LONG)
    closing = threading.Thread(target=dense.close)
    late = Scatter("late")
    dense.switch(late)
    closing.start()
    embedder.let.release()
    closing.join()
    assert late.closed
    assert embedder.closed
    dense.close()


CRASH = """
import os, sys, threading
from pathlib import Path
from desktop_agent.memory.dense import Dense
from desktop_agent.memory.local import LocalPlace
from tests.helpers.indexed import Scatter, Turns

class Dying(Scatter):
    def embed(self, texts, kind):
        if self.passages > 30:
            os._exit(9)
        return super().embed(texts, kind)

idle = threading.Event()
idle.set()
place = LocalPlace(Path(sys.argv[1]))
dense = Dense.open(place, Scatter("first"), Turns(60), idle, print)
dense.reconcile()
assert dense.drain(60)
dense.switch(Dying("second"))
dense.drain(60)
"""


def run(program: str, *args: object) -> int:
    root = Path(__file__).parents[3]
    return subprocess.run([sys.executable, "-c", program, *map(str, args)], cwd=root, check=False).returncode


@pytest.mark.parametrize("embedder", ["first", "second"])
def test_after_a_crash_in_between_both_embedders_work(world: World, embedder: str) -> None:
    assert run(CRASH, world.place.folder) == 9
    assert len(list(world.place.folder.iterdir())) == 2
    world.turns = Turns(60)
    again = Scatter(embedder)
    dense = world.ready(again)
    assert dense.state().indexed == 60
    some = next(iter(world.turns.ids()))
    assert best(dense, world.text(some)) == some
    assert len(list(world.place.folder.iterdir())) == 1
    assert again.passages <= (0 if embedder == "first" else 60 - 16), "what there is was used"


def vector_of(text: str) -> list[float]:
    (vector,) = Centred(Scatter()).embed([text], "passage")
    return vector


def stored(dense: Dense, id_: str) -> list[float]:
    """Return the vector as Chroma has it: stretched to length 1 once more, so that its last bits differ."""
    index = dense._serving.index
    assert index is not None
    return next([float(x) for x in row.vector] for page in index.rows() for row in page if row.id == id_)


@pytest.mark.parametrize("count", [3, 1200])
def test_of_what_is_forgotten_no_byte_stays(world: World, count: int) -> None:
    world.turns = Turns(count)
    dense = world.ready()
    ids = sorted(world.turns.ids())
    forgotten, kept = ids[count // 2], ids[0]
    text, other = world.text(forgotten), world.text(kept)
    traces = [vector_of(text), stored(dense, forgotten)]
    assert any(leaks(world.place.folder, trace) for trace in traces), "the search itself finds them"
    world.turns.gone([forgotten])
    dense.remove([forgotten])
    assert dense.drain(LONG)
    for _ in range(2):
        assert not [path for trace in traces for path in leaks(world.place.folder, trace)]
        assert best(dense, text) == ""
        assert best(dense, other) == kept
        dense.close()
        dense = world.ready()
    assert dense.state().indexed == count - 1


def test_an_ordinary_removal_does_not_write_everything_anew(world: World) -> None:
    world.turns = Turns(20)
    dense = world.ready()
    before = set(world.place.folder.iterdir())
    dense.remove(world.turns.gone(list(world.turns.ids())[:1]), thoroughly=False)
    assert dense.drain(LONG)
    assert dense.state().indexed == 19
    assert set(world.place.folder.iterdir()) == before


FORGETFUL = """
import os, sys, threading
from pathlib import Path
from desktop_agent.memory.dense import Dense
from desktop_agent.memory.local import LocalPlace
from tests.helpers.indexed import Scatter, Turns

class Dying(LocalPlace):
    def begin(self, embedder_id):
        os._exit(9)

idle = threading.Event()
idle.set()
turns = Turns(5)
dense = Dense.open(Dying(Path(sys.argv[1])), Scatter(), turns, idle, print)
dense.reconcile()
assert dense.drain(60)
dense.remove(turns.gone(sorted(turns.ids())[:1]))
dense.drain(60)
"""


def test_a_crash_while_forgetting_is_made_up_for(world: World) -> None:
    assert run(FORGETFUL, world.place.folder) == 9
    world.turns = Turns(5)
    forgotten = sorted(world.turns.ids())[0]
    text = world.text(forgotten)
    assert leaks(world.place.folder, vector_of(text))
    world.turns.gone([forgotten])
    dense = world.ready()
    assert not leaks(world.place.folder, vector_of(text))
    assert dense.state().indexed == 4


def test_forgetting_that_was_missed_is_thorough_too(world: World) -> None:
    world.turns = Turns(5)
    world.ready().close()
    forgotten = sorted(world.turns.ids())[0]
    text = world.text(forgotten)
    world.turns.gone([forgotten])
    world.ready()
    assert not leaks(world.place.folder, vector_of(text))


def test_forgetting_reaches_the_index_that_is_being_built(world: World) -> None:
    world.turns = Turns(20)
    second = Gated("second")
    dense = world.ready()
    dense.switch(second)
    second.let.release(19)
    wait_for(lambda: second.passages == 19)
    ids = sorted(world.turns.ids())
    text = world.text(ids[0])
    trace = Centred(Scatter("second")).embed([text], "passage")[0]
    wait_for(lambda: bool(leaks(world.place.folder, trace)))
    world.turns.gone([ids[0]])
    dense.remove([ids[0]])
    second.let.release(9)
    assert dense.drain(LONG)
    assert not leaks(world.place.folder, trace)
    assert dense.state().indexed == 19
    assert dense.state().embedder == "second"


def test_an_index_that_fails_in_use_is_mended(world: World) -> None:
    world.turns = Turns(30)
    dense = world.ready()
    index = dense._serving.index
    assert isinstance(index, LocalIndex)
    index.client.collection(f"{index.folder.name}.other", {})
    index._chroma._client.delete_collection(f"{index.folder.name}.other")  # type: ignore[union-attr]
    some = next(iter(world.turns.ids()))
    assert dense.search(world.text(some), 3) == {}
    wait_for(lambda: best(dense, world.text(some)) == some)
    assert dense.drain(LONG)
    assert dense.state().problem == ""
    assert dense.state().indexed == 30
