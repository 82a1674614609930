"""The same index on a real Chroma server of this computer, bare and behind TLS with a token."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.memory.dense import Dense
from desktop_agent.memory.index import IndexUnusable
from desktop_agent.memory.server import ServerChroma, ServerPlace
from tests.helpers.chroma_server import ChromaServer
from tests.helpers.indexed import Scatter, Turns
from tests.helpers.tls_proxy import tls_proxy

TOKEN = "s3cret-of-the-server"


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    made = ChromaServer(tmp_path_factory.mktemp("server"))
    yield made
    made.stop()


class World:
    """Turns, and indexes over them on servers."""

    def __init__(self) -> None:
        self.turns = Turns(40)
        self.reports: list[str] = []
        self.opened: list[Dense] = []
        self.idle = threading.Event()
        self.idle.set()

    def open(self, place: ServerPlace, embedder: Scatter | None = None) -> Dense:
        self.reports.clear()
        dense = Dense.open(place, embedder or Scatter(), self.turns, self.idle, self.reports.append)
        self.opened.append(dense)
        dense.reconcile()
        return dense

    def ready(self, place: ServerPlace) -> Dense:
        dense = self.open(place)
        assert dense.drain(60), self.reports
        return dense

    def finds(self, dense: Dense, number: int = 3) -> bool:
        (turn,) = self.turns.get(sorted(self.turns.ids())[number : number + 1])
        hits = [hit for part in dense.search(turn.text, 3).values() for hit in part]
        return bool(hits) and max(hits, key=lambda hit: hit[1]) == (turn.id, pytest.approx(1, abs=1e-4))


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    for dense in made.opened:
        dense.close()


@pytest.fixture
def place(running: ChromaServer, request: pytest.FixtureRequest) -> ServerPlace:
    """A profile of its own for each test."""
    return ServerPlace(running.url, profile=f"p{abs(hash(request.node.name)):x}")


def collections(place: ServerPlace) -> list[str]:
    chroma = ServerChroma(place)
    names = [name for name in chroma.marks() if name.startswith(f"{place.profile}-")]
    chroma.close()
    return sorted(names)


def test_follows_the_turns_and_keeps_them(world: World, place: ServerPlace) -> None:
    dense = world.ready(place)
    assert world.finds(dense)
    assert dense.state().indexed == 40
    assert dense.state().place == place.url
    dense.queue([world.turns.say("我的猫叫薛定谔。")])
    assert dense.drain(60)
    assert len(dense.search("我的猫叫薛定谔。", 3)["han"]) == 1
    dense.close()
    again = Scatter()
    dense = world.open(place, again)
    assert dense.drain(60)
    assert again.passages == 0
    assert world.finds(dense)
    assert world.reports == []


def test_two_profiles_do_not_see_each_other(world: World, place: ServerPlace) -> None:
    dense = world.ready(place)
    other = World()
    other.turns = Turns(3)
    dense_of_other = other.ready(ServerPlace(place.url, profile=f"{place.profile}x"))
    assert dense_of_other.state().indexed == 3
    dense.reconcile()
    assert dense.drain(60)
    assert dense.state().indexed == 40
    dense_of_other.close()


def test_forgetting_makes_new_collections(world: World, place: ServerPlace) -> None:
    dense = world.ready(place)
    before = collections(place)
    assert len(before) == 2
    dense.remove(world.turns.gone(sorted(world.turns.ids())[:1]))
    assert dense.drain(60)
    after = collections(place)
    assert len(after) == 2
    assert not set(before) & set(after)
    assert dense.state().indexed == 39
    assert world.finds(dense)


def test_another_embedder(world: World, place: ServerPlace) -> None:
    dense = world.ready(place)
    before = collections(place)
    dense.switch(Scatter("another"))
    assert dense.drain(60)
    assert dense.state().embedder == "another"
    assert world.finds(dense)
    assert not set(before) & set(collections(place))
    assert len(collections(place)) == 2


def test_what_is_half_built_is_not_used(world: World, place: ServerPlace) -> None:
    world.ready(place).close()
    begun = place.begin("scatter-centred2")
    begun.close()
    dense = world.ready(place)
    assert dense.state().indexed == 40
    assert len(collections(place)) == 2


def test_a_server_that_dies_and_comes_back(tmp_path: Path, world: World) -> None:
    server = ChromaServer(tmp_path)
    try:
        place = ServerPlace(server.url)
        dense = world.ready(place)
        server.stop()
        assert dense.search("Turn number 3", 3) == {}
        added = world.turns.say("said meanwhile")
        dense.queue([added])
        assert not dense.drain(60), "nothing is waited for"
        assert dense.state().problem.startswith(f"The memory server at {server.url} cannot be reached: ")
        assert world.reports[-1] == dense.state().problem
        server.start()
        dense.reconcile()
        assert dense.drain(60)
        assert dense.state().problem == ""
        assert dense.search("said meanwhile", 1)["other"][0][0] == added
        server.stop()
        dense.queue([world.turns.say("once more")])
        assert not dense.drain(60)
        assert len([report for report in world.reports if "cannot be reached" in report]) == 2
        dense.close()
    finally:
        server.stop()


def test_a_server_that_is_not_there_yet(tmp_path: Path, world: World) -> None:
    server = ChromaServer(tmp_path)
    server.stop()
    try:
        dense = world.open(ServerPlace(server.url))
        assert not dense.drain(60)
        assert dense.search("Turn number 3", 3) == {}
        assert "cannot be reached" in world.reports[0]
        assert "goes by words" in world.reports[0]
        server.start()
        dense.reconcile()
        assert dense.drain(60)
        assert world.finds(dense)
    finally:
        server.stop()


def test_a_server_that_is_silent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_agent.memory.server._ANSWER_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        dense = world.open(ServerPlace(f"http://127.0.0.1:{silent.getsockname()[1]}"))
        assert "cannot be reached: timed out" in world.reports[0]
        dense.close()


def test_tls_and_a_token(running: ChromaServer, place: ServerPlace, world: World, tmp_path: Path) -> None:
    with tls_proxy(running.port, TOKEN, tmp_path) as (proxy, certificate):
        dense = world.ready(ServerPlace(proxy.url, TOKEN, certificate, place.profile))
        assert world.finds(dense)
        assert {token for _, token in proxy.seen} == {f"Bearer {TOKEN}"}
        dense.close()


@pytest.mark.parametrize("refusal", [401, 403])
def test_a_wrong_token(running: ChromaServer, place: ServerPlace, world: World, tmp_path: Path, refusal: int) -> None:
    with tls_proxy(running.port, TOKEN, tmp_path) as (proxy, certificate):
        proxy.refusal = refusal
        dense = world.open(ServerPlace(proxy.url, "guessed", certificate, place.profile))
        assert not dense.drain(60)
        refused = f"The memory server at {proxy.url} refuses the token."
        assert world.reports == [
            f"{refused} Enter the token that its administrator gave you. Meanwhile memory goes by words."
        ]
        proxy.token = "guessed"
        dense.reconcile()
        assert dense.drain(60)
        proxy.token = TOKEN
        assert dense.search("Turn number 3", 3) == {}, "a token that was taken back"
        dense.close()


def test_a_certificate_that_is_not_trusted(
    running: ChromaServer, place: ServerPlace, world: World, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    with (
        tls_proxy(running.port, TOKEN, tmp_path) as (proxy, _),
        tls_proxy(running.port, TOKEN, tmp_path / "other") as (_, another),
    ):
        for certificate in (None, another):
            dense = world.open(ServerPlace(proxy.url, TOKEN, certificate, place.profile))
            assert "is not one that this computer trusts" in world.reports[0]
            dense.close()
        assert proxy.seen == [], "the token was never sent"


def test_the_environment_s_proxy_is_not_told_what_is_meant_for_this_computer(
    place: ServerPlace, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert world.finds(world.ready(place))


CONNECTIONS = """
import json, sys, threading
connections = []
sys.addaudithook(lambda name, args: connections.append(list(args[1])) if name == "socket.connect" else None)
from desktop_agent.memory.dense import Dense
from desktop_agent.memory.server import ServerPlace
from tests.helpers.indexed import Scatter, Turns

idle = threading.Event()
idle.set()
dense = Dense.open(ServerPlace(sys.argv[1], "a token"), Scatter(), Turns(3), idle, lambda sentence: None)
dense.reconcile()
assert dense.drain(60)
dense.search("Turn number 1", 3)
dense.close()
print(json.dumps(connections))
"""


def test_nothing_else_is_connected_to(running: ChromaServer) -> None:
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", CONNECTIONS, running.url]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)
    assert all(address == ["127.0.0.1", running.port] for address in json.loads(done.stdout))


def test_something_else_answers(world: World, tmp_path: Path) -> None:
    with tls_proxy(1, TOKEN, tmp_path) as (proxy, certificate):
        proxy.token, proxy.refusal = "", 404
        dense = world.open(ServerPlace(proxy.url, TOKEN, certificate))
        assert f"What answers at {proxy.url} is not a memory server." in world.reports[0]
        dense.close()


@pytest.mark.parametrize(
    "url", ["http://192.168.1.5:8000", "http://memory.example.org", "http://127.0.0.1.example.org"]
)
def test_plain_http_is_for_this_computer_only(url: str) -> None:
    with pytest.raises(UserFacingError, match=r"could be read on the way\. .* https://"):
        ServerPlace(url)


@pytest.mark.parametrize(
    "url", ["", "memory.example.org", "ftp://h", "https://", "https://u:p@h", "http://127.0.0.1:99999"]
)
def test_what_is_no_address_is_said(url: str) -> None:
    with pytest.raises(UserFacingError, match="is not the address of a memory server"):
        ServerPlace(url)


@pytest.mark.parametrize(
    "url", ["http://localhost:1", "http://[::1]:8000", "http://127.0.0.9", "https://h.example/chroma"]
)
def test_these_are_addresses(url: str) -> None:
    assert TOKEN not in repr(ServerPlace(url, TOKEN))


def test_certificates_and_tokens_that_cannot_be_used_are_said(tmp_path: Path) -> None:
    (tmp_path / "none.pem").write_text("nothing")
    for path in (tmp_path / "none.pem", tmp_path / "missing.pem"):
        with pytest.raises(UserFacingError, match=r"holds no certificate that can be used.*PEM"):
            ServerPlace("https://h", "", path)
    with pytest.raises(UserFacingError, match="characters that no token has"):
        ServerPlace("https://h", "two\nlines")


def test_errors_name_no_token(running: ChromaServer) -> None:
    place = ServerPlace(f"http://127.0.0.1:{running.port + 1}", TOKEN)
    with pytest.raises(IndexUnusable) as caught:
        place.open("e")
    assert TOKEN not in str(caught.value)
