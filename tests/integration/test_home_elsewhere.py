"""A home that was copied to another place, where the keyring has no key for it: unreadable without the phrase."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop_agent.app import App
from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Message, ToolCall, ToolResult
from desktop_agent.paths import Paths
from desktop_agent.settings import recovery
from tests.helpers.program import COMMAND, Run
from tests.helpers.secret_service import secret_service
from tests.helpers.terminal import at_a_terminal

pytestmark = pytest.mark.usefixtures("embedder_path")

TITLE = "Zebrafish und Übersiedlung"
QUESTION = "My passport number is Quokkaland-7731."
ANSWER = "Noted: Quokkaland-7731, it expires in Wintermonat."
CHINESE = "我的银行密码藏在薛定谔的猫粮盒里。"
MEMORY = "The safe opens with the Marmalade-Xylophone code."
FOLDER, FILE, CONTENT = "Scheidungspapiere", "Kündigung Müßiggang.txt", "Abfindung: 48151 Silbertaler"
DELETED = "This chat about Nachtfalter was deleted."
SECRETS = (
    *("Zebrafish", "Übersiedlung", "passport", "Quokkaland", "Wintermonat", "Marmalade", "Xylophone"),
    *("银行密码", "薛定谔", "猫粮盒"),
    *(FOLDER, "Kündigung", "Müßiggang", "Abfindung", "Silbertaler", "Nachtfalter"),
)
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "latin-1", "gb18030")


@dataclass(frozen=True)
class Moved:
    """The copy, the phrase that was written down for it, and the chat with the secrets."""

    paths: Paths
    phrase: str
    chat: str


@contextlib.contextmanager
def opened(paths: Paths) -> Iterator[App]:
    app = App(paths)
    try:
        app.open()
        yield app
    finally:
        app.close()


def live_in(paths: Paths, folder: Path) -> tuple[str, str]:
    """Leave behind everything that a home can hold; return the recovery phrase and the chat's id."""
    folder.mkdir()
    (folder / FILE).write_text(CONTENT, "utf-8")
    with opened(paths) as app:
        app.open_memory()
        chat = app.conversations.create(TITLE).id
        app.folders.grant(folder, chat)
        call = ToolCall("1", "read_file", {"path": f"{FOLDER}/{FILE}"})
        for message in (
            Message("user", QUESTION),
            Message("assistant", "", calls=(call,)),
            Message("tool", result=ToolResult("1", "read_file", CONTENT, untrusted=True)),
            Message("assistant", ANSWER),
            Message("user", CHINESE),
        ):
            app.transcript.append(chat, message)
        app.desk.add(MEMORY, pinned=True)
        gone = app.conversations.create("Nachtfalter").id
        app.transcript.append(gone, Message("user", DELETED))
        app.delete_conversation(gone)
        app.save_settings(app.settings.model_copy(update={"theme": "dark", "memory_paused": False}))
        app.desk.rebuild()
        assert app.desk.settled(60)
        app.desk.backup_now()
    return recovery.make_phrase(paths), chat


@pytest.fixture
def moved(home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Moved:
    """A home of a computer with a keyring, copied whole to one that has none."""
    with secret_service(tmp_path / "keyring") as environment, monkeypatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        phrase, chat = live_in(home.create(), tmp_path / FOLDER)
    elsewhere = tmp_path / "another computer" / "home"
    shutil.copytree(home.home, elsewhere)
    shutil.rmtree(home.home)
    monkeypatch.setenv("DESKTOP_AGENT_HOME", str(elsewhere))
    return Moved(Paths(elsewhere, home.models), phrase, chat)


def files(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def readable(folder: Path) -> list[tuple[Path, str]]:
    """Which secrets stand in which file's content or name, however it is encoded, as written or in small letters."""
    return [
        (path, secret)
        for path, content in files(folder).items()
        for secret in SECRETS
        if secret.lower() in str(path).lower() or any(word in content for word in spellings(secret))
    ]


def spellings(secret: str) -> set[bytes]:
    """The secret's bytes in each encoding that has all its letters."""
    pairs = [(text, encoding) for text in (secret, secret.lower(), secret.casefold()) for encoding in ENCODINGS]
    return {text.encode(encoding) for text, encoding in pairs if fits(text, encoding)}


def fits(text: str, encoding: str) -> bool:
    return text.encode(encoding, "ignore").decode(encoding) == text


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_search_would_find_them(tmp_path: Path, encoding: str) -> None:
    text = f"{TITLE}\n{QUESTION}\n{MEMORY}\n{FOLDER}/{FILE}" if encoding == "latin-1" else "\n".join(SECRETS)
    (tmp_path / "plain").write_bytes(b"\0\1\2 " + text.encode(encoding))
    (tmp_path / "nachtfalter.db").write_bytes(b"")
    found = readable(tmp_path)
    assert {"Zebrafish", "Übersiedlung", "Quokkaland", FOLDER, "Müßiggang"} <= {secret for _, secret in found}
    assert (Path("nachtfalter.db"), "Nachtfalter") in found


def test_nothing_is_readable_without_the_key_and_all_with_the_phrase(moved: Moved) -> None:
    names = {path.parts[0] for path in files(moved.paths.home)}
    assert {"desktop-agent.db", "profile.json", "settings.json", "index"} <= names
    assert any("backup" in name for name in names)
    assert "profile.key" not in names
    assert readable(moved.paths.home) == []

    before = files(moved.paths.home)
    with pytest.raises(UserFacingError, match="is in this computer's keyring, but no keyring is running"):
        App(moved.paths).open()
    after = files(moved.paths.home)
    assert {name: after[name] for name in before} == before

    assert str(moved.paths.key_file) in recovery.recover(moved.paths, moved.phrase)
    with opened(moved.paths) as app:
        everything_is_there(app, moved.chat)
    assert readable(moved.paths.home) == []


def everything_is_there(app: App, chat: str) -> None:
    app.open_memory()
    assert app.desk.settled(60)
    assert {found.title for found in app.conversations.list()} == {TITLE}
    history = [stored.message for stored in app.transcript.history(chat)]
    assert [message.text for message in history] == [QUESTION, "", "", ANSWER, CHINESE]
    assert history[1].calls[0].arguments == {"path": f"{FOLDER}/{FILE}"}
    assert history[2].result is not None
    assert history[2].result.text == CONTENT
    assert [Path(grant.path).name for grant in app.folders.list()] == [FOLDER]
    assert [(saved.text, saved.pinned) for saved in app.desk.saved()] == [(MEMORY, True)]
    assert any(QUESTION in found.text for found in app.desk.search("passport number"))
    assert any(CHINESE in found.text for found in app.desk.search("银行密码"))
    assert app.settings.theme == "dark"
    stats = app.desk.stats()
    assert (stats.indexed, stats.turns, stats.saved) == (stats.total, 2, 1)
    assert stats.total > 0
    assert len(app.desk.backups()) >= 1


def test_a_keyring_of_another_account_is_named_and_gets_the_key_from_the_phrase(
    moved: Moved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with secret_service(tmp_path / "other keyring") as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(
            UserFacingError, match=r"does not hold the key .*recovery phrase: desktop-agent key recover"
        ):
            App(moved.paths).open()
        assert recovery.recover(moved.paths, moved.phrase) == ""
        assert not moved.paths.key_file.exists()
        with opened(moved.paths) as app:
            assert [saved.text for saved in app.desk.saved()] == [MEMORY]


def test_the_command_says_so_and_recovers(moved: Moved, run: Run) -> None:
    for command in (("memory", "list"), ("ask", "Hello"), ("key", "status")):
        done = run(*command)
        assert done.code == 5
        assert "no keyring is running" in done.err
        assert "Traceback" not in done.err
    wrong = " ".join(reversed(moved.phrase.split()))
    code, shown = at_a_terminal([*COMMAND, "key", "recover"], [("> ", f"{wrong}\n")])
    assert code == 5
    assert "recovery phrase" in shown
    assert run("memory", "list").code == 5
    code, shown = at_a_terminal([*COMMAND, "key", "recover"], [("> ", f"{moved.phrase}\n")])
    assert (code, "is here again" in shown) == (0, True)
    assert MEMORY in run("memory", "list").out


def test_the_key_is_what_protects_it(moved: Moved) -> None:
    """Neither a new key nor another program's idea of the file opens the database."""
    moved.paths.profile.unlink()
    with pytest.raises(UserFacingError, match="which says where their key is, is missing"):
        App(moved.paths).open()
    plain = sqlite3.connect(moved.paths.database)
    with contextlib.closing(plain), pytest.raises(sqlite3.DatabaseError, match="file is not a database"):
        plain.execute("SELECT * FROM sqlite_schema")
