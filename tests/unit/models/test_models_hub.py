"""Downloads from the model hub, played by a server on loopback."""

import email.utils
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.models import arriving, hub
from desktop_agent.models.catalogue import HubSource
from desktop_agent.models.library import Library, Progress
from tests.helpers.fake_models import MIB, catalogue
from tests.helpers.hub_server import Hub, hub_server

DATA = random.Random(7).randbytes(3 * MIB) + b"end"  # noqa: S311


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "WAITS", (0.01, 0.02, 0.03))
    monkeypatch.setattr(arriving, "STALL_SECONDS", 0.5)


@pytest.fixture
def server() -> Iterator[Hub]:
    with hub_server(DATA) as state:
        yield state


@pytest.fixture
def library(tmp_path: Path, server: Hub) -> Library:
    source = HubSource("someone/toys", "toy.gguf", revision="abc", endpoint=server.url)
    return Library(tmp_path / "models", catalogue(DATA, source))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock"))


def stop_at(count: int) -> Callable[[Progress], None]:
    def show(progress: Progress) -> None:
        if progress.done >= count:
            raise Cancelled

    return show


def begin(library: Library, count: int = MIB) -> int:
    """Download about so much, and return how much is here."""
    with pytest.raises(Cancelled):
        library.pull("toy", stop_at(count))
    return library.downloaded(library.entry("toy"))


def test_a_file_comes_whole(library: Library, server: Hub) -> None:
    seen: list[Progress] = []
    assert library.pull("toy", seen.append).read_bytes() == DATA
    assert [each.path for each in server.served] == ["/someone/toys/resolve/abc/toy.gguf"]
    assert seen[-1].done == len(DATA)
    assert names(library.folder) == ["toy.gguf"]


def test_a_stopped_download_goes_on_where_it_was(library: Library, server: Hub) -> None:
    server.rate = 20 * MIB
    have = begin(library)
    assert MIB <= have < 2 * MIB
    seen: list[Progress] = []
    assert library.pull("toy", seen.append).read_bytes() == DATA
    assert server.ranges == ["", f"bytes={have}-"]
    assert seen[0] == Progress(MIB, len(DATA), "Checking what is here of toy", "checking")
    assert min(each.done for each in seen if each.step == "moving") >= have
    assert names(library.folder) == ["toy.gguf"]


def test_connections_that_drop_are_taken_up_again(library: Library, server: Hub) -> None:
    server.drops = [300_000, 900_000, 5, 1_000_000]  # the waits begin again when a block has arrived in between
    seen: list[Progress] = []
    assert library.pull("toy", seen.append).read_bytes() == DATA
    assert server.ranges == ["", "bytes=300000-", "bytes=1200000-", "bytes=1200005-", "bytes=2200005-"]
    assert server.sent == len(DATA)
    waits = [each for each in seen if each.step == "waiting"]
    assert {each.reason for each in waits} == {"the connection to the model hub was lost"}


def test_a_connection_that_gets_nowhere_is_given_up_and_what_is_here_is_kept(library: Library, server: Hub) -> None:
    server.drops_after = 1000
    with pytest.raises(UserFacingError, match=r"toy could not be downloaded: the connection .* was lost\. Check the"):
        library.pull("toy")
    assert library.downloaded(library.entry("toy")) == 4000, "the first and three more tries"
    server.drops_after = None
    assert library.pull("toy").read_bytes() == DATA
    assert server.ranges[-1] == "bytes=4000-"


@pytest.mark.parametrize("trickles", [0.0, 0.05], ids=["silent", "byte by byte"])
def test_a_server_that_falls_asleep_is_left(library: Library, server: Hub, trickles: float) -> None:
    server.holds_after, server.trickles = 100, trickles
    with pytest.raises(UserFacingError, match="sends next to nothing"):
        library.pull("toy")
    assert len(server.served) == 4
    assert server.sent <= 4 * 100


def test_a_slow_server_is_not_left(library: Library, server: Hub) -> None:
    server.rate = 2 * MIB
    assert library.pull("toy").read_bytes() == DATA
    assert len(server.served) == 1


@pytest.mark.parametrize("where", ["holds_before", "holds_after"])
def test_cancel_waits_for_nobody(library: Library, server: Hub, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "STALL_SECONDS", 30)
    setattr(server, where, 1000)
    cancel, asked = threading.Event(), 0.0

    def ask() -> None:
        nonlocal asked
        while not server.served or (where == "holds_after" and server.sent < 1000):
            time.sleep(0.01)
        time.sleep(0.1)
        asked = time.monotonic()
        cancel.set()

    asking = threading.Thread(target=ask)
    asking.start()
    with pytest.raises(Cancelled):
        library.pull("toy", cancel=cancel)
    assert time.monotonic() - asked < 0.5
    asking.join()


def test_cancel_ends_a_wait(library: Library, server: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "WAITS", (60.0, 60.0))
    server.drops_after = 1000
    cancel = threading.Event()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        library.pull("toy", lambda progress: progress.step == "waiting" and cancel.set(), cancel)
    assert time.monotonic() - began < 5


def test_a_server_that_ignores_ranges_begins_again_and_nothing_is_lost(library: Library, server: Hub) -> None:
    have = begin(library)
    server.ignores_ranges = True
    seen: list[Progress] = []
    assert library.pull("toy", seen.append).read_bytes() == DATA
    assert min(each.done for each in seen if each.step == "moving") >= have
    assert len(server.served) == 2


def test_a_server_that_ignores_ranges_and_drops_ever_again_is_given_up(library: Library, server: Hub) -> None:
    server.ignores_ranges, server.drops_after = True, 2 * MIB
    with pytest.raises(UserFacingError, match="connection to the model hub was lost"):
        library.pull("toy")
    assert len(server.served) == 4, "what it sent before is no progress"
    assert library.downloaded(library.entry("toy")) == 2 * MIB


def test_a_file_that_changed_meanwhile_is_not_spliced(library: Library, server: Hub) -> None:
    server.data, server.etag = b"old" + DATA[3:], '"v1"'
    begin(library)
    server.data, server.etag = DATA, '"v2"'
    assert library.pull("toy").read_bytes() == DATA
    assert server.served[1].headers["if-range"] == '"v1"'
    assert [each.status for each in server.served] == [200, 200], "one more request was enough"


def test_a_file_that_is_the_same_goes_on(library: Library, server: Hub) -> None:
    server.etag = '"v1"'
    have = begin(library)
    assert library.pull("toy").read_bytes() == DATA
    assert (server.served[1].headers["if-range"], server.served[1].status) == ('"v1"', 206)
    assert server.ranges[1] == f"bytes={have}-"
    assert names(library.folder) == ["toy.gguf"]


def test_a_weak_etag_is_no_promise(library: Library, server: Hub) -> None:
    server.etag = 'W/"v1"'
    begin(library)
    assert library.pull("toy").read_bytes() == DATA
    assert "if-range" not in server.served[1].headers


def test_what_was_here_and_got_damaged_is_fetched_again(library: Library, server: Hub) -> None:
    begin(library)
    part = library.folder / "toy.gguf.part"
    data = bytearray(part.read_bytes())
    data[1000:2000] = bytes(1000)  # what a power cut can leave
    part.write_bytes(data)
    assert library.pull("toy").read_bytes() == DATA
    assert [each.start for each in server.served] == [0, len(data), 0]


def test_a_server_that_sends_from_elsewhere_is_asked_for_the_whole(library: Library, server: Hub) -> None:
    begin(library)
    server.shifts_ranges = 10
    assert library.pull("toy").read_bytes() == DATA
    assert [bool(each) for each in server.ranges] == [False, True, False]


def test_a_server_that_sends_from_before_is_understood(library: Library, server: Hub) -> None:
    begin(library)
    server.shifts_ranges = -10
    assert library.pull("toy").read_bytes() == DATA
    assert len(server.served) == 2


def test_a_server_that_does_not_say_what_it_sends_is_asked_for_the_whole(library: Library, server: Hub) -> None:
    begin(library)
    server.hides_ranges = True
    assert library.pull("toy").read_bytes() == DATA
    assert server.ranges[-1] == ""


@pytest.mark.parametrize(("extra", "begun"), [(-1, False), (1, False), (-1, True), (1, True)])
def test_another_size_is_another_file(library: Library, server: Hub, extra: int, begun: bool) -> None:
    have = begin(library) if begun else 0
    server.claims = len(DATA) + extra
    with pytest.raises(
        UserFacingError, match=r"another version of this file \(3,145,73\d bytes instead of 3,145,731\)"
    ):
        library.pull("toy")
    assert library.downloaded(library.entry("toy")) == have, "what is here was not touched"


def test_a_file_that_ends_before_what_is_here(library: Library, server: Hub) -> None:
    have = begin(library)
    server.statuses, server.headers = [416], {"Content-Range": f"bytes */{MIB}"}
    with pytest.raises(UserFacingError, match=r"another version of this file \(1 MB instead of 3 MB\)"):
        library.pull("toy")
    assert library.downloaded(library.entry("toy")) == have
    server.statuses, server.headers = [416], {}
    assert library.pull("toy").read_bytes() == DATA


def test_wrong_bytes_leave_nothing(library: Library, server: Hub) -> None:
    server.data = DATA[:-1] + b"!"
    with pytest.raises(UserFacingError, match="checksum differs"):
        library.pull("toy")
    assert names(library.folder) == []


def test_wrong_bytes_after_a_good_beginning_leave_nothing(library: Library, server: Hub) -> None:
    begin(library)
    server.data = DATA[:-1] + b"!"
    with pytest.raises(UserFacingError, match="checksum differs"):
        library.pull("toy")
    assert names(library.folder) == []
    assert len(server.served) == 3, "once more from the beginning, and no oftener"


def test_a_complete_part_needs_no_server(library: Library, server: Hub) -> None:
    library.folder.mkdir()
    (library.folder / "toy.gguf.part").write_bytes(DATA)
    assert library.pull("toy").read_bytes() == DATA
    assert server.ranges == []


def test_what_is_too_long_is_cut(library: Library, server: Hub) -> None:
    library.folder.mkdir()
    (library.folder / "toy.gguf.part").write_bytes(DATA + b"more")
    assert library.pull("toy").read_bytes() == DATA


def test_an_unfinished_download_can_be_thrown_away(library: Library, server: Hub) -> None:
    server.etag = '"v1"'
    begin(library)
    assert names(library.folder) == ["toy.gguf.part", "toy.gguf.part.etag"]
    library.discard("toy")
    assert names(library.folder) == []
    library.discard("toy")


def test_it_is_not_thrown_away_while_it_goes_on(library: Library, server: Hub) -> None:
    def discard(progress: Progress) -> None:
        if progress.done > MIB:
            library.discard("toy")

    with pytest.raises(UserFacingError, match="is fetching this model right now"):
        library.pull("toy", discard)


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"etag": 5}', '"v1"'])
def test_a_strange_mark_is_no_harm(library: Library, server: Hub, kept: str) -> None:
    begin(library)
    (library.folder / "toy.gguf.part.etag").write_text(kept)
    assert library.pull("toy").read_bytes() == DATA


@pytest.mark.parametrize(
    ("status", "words", "requests"),
    [
        (401, r"wants a login for this file\. Keep an access token with: desktop-agent models token set", 1),
        (403, "refuses access", 1),
        (404, r"does not have this file\. Check the internet connection\. Then run: desktop-agent models pull toy", 1),
        (429, r"asks to come back later \(too many requests\)", 3),
        (500, "error 500", 3),
        (503, "error 503", 3),
        (418, "error 418", 1),
    ],
)
def test_a_refusal_is_said_in_words(library: Library, server: Hub, status: int, words: str, requests: int) -> None:
    server.always = status
    with pytest.raises(UserFacingError, match=words):
        library.pull("toy")
    assert "toy.gguf" not in names(library.folder)
    assert len(server.served) == requests


def test_a_busy_server_gets_the_time_it_asks_for(library: Library, server: Hub) -> None:
    server.statuses, server.headers = [429, 503], {"Retry-After": "1"}
    seen: list[Progress] = []
    began = time.monotonic()
    assert library.pull("toy", seen.append).read_bytes() == DATA
    assert time.monotonic() - began >= 2
    reasons = {each.reason for each in seen if each.step == "waiting"}
    assert reasons == {
        "the model hub asks to come back later (too many requests)",
        "the model hub asks to come back later (error 503)",
    }


def in_an_hour() -> str:
    return email.utils.formatdate(time.time() + 3600, usegmt=True)


@pytest.mark.parametrize(("asked", "words"), [("600", "in 10 minutes"), ("date", "in 60 minutes"), ("9000", "in 2 h")])
def test_a_server_that_wants_more_time_than_that_is_quoted(
    library: Library, server: Hub, asked: str, words: str
) -> None:
    server.always, server.headers = 429, {"Retry-After": in_an_hour() if asked == "date" else asked}
    with pytest.raises(UserFacingError, match=rf"asks to come back {words}.*\(too many requests\)"):
        library.pull("toy")
    assert len(server.served) == 1


def test_a_strange_time_is_none(library: Library, server: Hub) -> None:
    server.statuses, server.headers = [429], {"Retry-After": "soon"}
    assert library.pull("toy").read_bytes() == DATA


def test_a_redirection_is_followed(library: Library, server: Hub) -> None:
    with hub_server(DATA) as elsewhere:
        server.redirects = f"{elsewhere.url}/cdn/toy?signature=1"
        assert library.pull("toy").read_bytes() == DATA
        assert [each.path for each in elsewhere.served] == ["/cdn/toy?signature=1"]


def test_a_redirection_without_end_is_not_followed(library: Library, server: Hub) -> None:
    server.redirects = "/again"
    with pytest.raises(UserFacingError, match="from one address to the next without end"):
        library.pull("toy")
    assert len(server.served) == hub.HOPS


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/toy", "file:///etc/passwd"])
def test_a_redirection_to_another_scheme_is_refused(library: Library, server: Hub, address: str) -> None:
    server.redirects = address
    with pytest.raises(UserFacingError, match="sends to an address that is not secure"):
        library.pull("toy")


def test_nobody_listens(tmp_path: Path) -> None:
    source = HubSource("someone/toys", "toy.gguf", endpoint="http://127.0.0.1:9")
    library = Library(tmp_path / "models", catalogue(DATA, source))
    with pytest.raises(UserFacingError, match="the model hub cannot be reached"):
        library.pull("toy")


def test_loopback_is_not_asked_through_a_proxy(library: Library, server: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert library.pull("toy").read_bytes() == DATA


def test_switched_off(library: Library, server: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(UserFacingError, match="switched off by HF_HUB_OFFLINE"):
        library.pull("toy")
    assert server.served == []
