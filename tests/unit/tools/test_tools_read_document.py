"""The tool, over the real reader and a real granted folder."""

import os
import threading
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.sandbox.documents import DocumentReader
from desktop_agent.tools.builtin.read_document import read_document
from desktop_agent.tools.outcome import Outcome
from desktop_agent.tools.scope import Root, Scope
from tests.helpers import made_documents as made
from tests.helpers.made_documents import CHINESE, ENGLISH
from tests.unit.tools.conftest import Bench


@pytest.fixture
def scope(tmp_path: Path) -> Any:
    (tmp_path / "docs").mkdir()
    fd = os.open(tmp_path / "docs", os.O_RDONLY | os.O_DIRECTORY)
    yield Scope((Root(PurePosixPath(tmp_path / "docs"), fd),))
    os.close(fd)


def use(scope: Scope, path: str, **arguments: Any) -> Outcome:
    outcome = read_document.run({"path": path, **arguments}, {Scope: scope, DocumentReader: DocumentReader()})
    assert isinstance(outcome, Outcome)
    return outcome


def test_labels_can_be_cited(scope: Scope, tmp_path: Path) -> None:
    made.pdf(tmp_path / "docs" / "发票.pdf", pages=2)
    outcome = use(scope, "发票.pdf")
    assert outcome.source == "docs/发票.pdf"
    assert outcome.text == (
        "PDF document docs/发票.pdf, titled 'Invoice 发票' (parts 1 to 2 of 2):\n\n"
        f"[page 1 of 2]\nThis is page 1. {ENGLISH}\n{CHINESE}\n\n"
        f"[page 2 of 2]\nThis is page 2. {ENGLISH}\n{CHINESE}"
    )


def test_says_how_to_read_on(scope: Scope, tmp_path: Path) -> None:
    made.docx(tmp_path / "docs" / "long.docx", paragraphs=600)
    first = use(scope, "long.docx").text.splitlines()[0]
    assert "(parts 1 to 4 of " in first
    assert first.endswith("; go on with part=5):")
    following = use(scope, "long.docx", part=5).text
    assert "(parts 5 to " in following
    assert "[paragraphs " in following


def test_a_result_fits_into_the_scope(scope: Scope, tmp_path: Path) -> None:
    (tmp_path / "docs" / "chinese.txt").write_text(f"{CHINESE}\n" * 5000)
    assert len(use(scope, "chinese.txt").text.encode()) < scope.limit + 1000


def test_nothing_to_read(scope: Scope, tmp_path: Path) -> None:
    made.word(tmp_path / "docs" / "a.docx", "")
    assert use(scope, "a.docx").text == "Word document docs/a.docx has no text."


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("a.pdf", "'docs/a.pdf': The document is protected with a password. Save a copy without"),
        (".", "'docs' is no document. list_files"),
        ("missing.pdf", "There is no 'missing.pdf'"),
        ("../a.pdf", "outside"),
    ],
)
def test_what_cannot_be_read_says_why(scope: Scope, tmp_path: Path, path: str, sentence: str) -> None:
    made.pdf(tmp_path / "docs" / "a.pdf", password="secret")
    with pytest.raises(UserFacingError, match=sentence):
        use(scope, path)


@pytest.mark.skipif(os.geteuid() != 0, reason="nobody else may look into a process that locked itself")
def test_the_reader_gets_no_other_descriptor(scope: Scope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker has its pipes, the lifeline to the program, and the document."""
    from desktop_agent.sandbox import documents

    seen: list[list[str]] = []

    class Watched(documents.Worker):
        def call(self, *arguments: Any, **more: Any) -> Any:
            self.ready()
            seen.append(sorted(str(link.readlink()) for link in Path(f"/proc/{self.pid}/fd").iterdir()))
            return super().call(*arguments, **more)

    monkeypatch.setattr(documents, "Worker", Watched)
    (tmp_path / "docs" / "a.txt").write_text("text")
    (tmp_path / "docs" / "b.txt").write_text("secret")
    with (tmp_path / "docs" / "b.txt").open():
        assert "text" in use(scope, "a.txt").text
    (links,) = seen
    assert [link for link in links if not link.startswith("pipe:")] == [str(tmp_path / "docs" / "a.txt")]


def test_stop(scope: Scope, tmp_path: Path) -> None:
    (tmp_path / "docs" / "a.txt").write_text("text")
    stopped = Scope(scope.roots, cancel=threading.Event())
    stopped.cancel.set()
    with pytest.raises(Cancelled):
        use(stopped, "a.txt")


def test_a_result_is_text_from_outside(bench: Bench) -> None:
    bench.toolbox = bench.world.toolbox(services={DocumentReader: DocumentReader()})
    made.pdf(bench.docs / "a.pdf", pages=1)
    result = bench.use("read_document", path="a.pdf")
    assert ENGLISH in result.text
    assert result.ok
    assert result.untrusted
    assert result.seal
    assert result.source == "docs/a.pdf"
    made.pdf(bench.docs / "b.pdf", password="secret")
    result = bench.use("read_document", path="b.pdf")
    assert not result.ok
    assert result.text.startswith("'docs/b.pdf': The document is protected with a password.")


def test_nothing_is_asked_where_no_folder_is_granted(ungranted: Bench) -> None:
    judged = ungranted.judge("read_document", path="a.pdf")
    assert judged.verdict == "refuse"
    assert "No folder is granted" in judged.reason
