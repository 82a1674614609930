"""Chroma's files hold no word, and memory opens no socket."""

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

ROOT = Path(__file__).parents[3]
SECRETS = ("Schrödinger", "薛定谔", "hunter-forest-42")
PROGRAM = """
import json, os, sys
events = []
sys.addaudithook(lambda name, args: events.append(name) if name.startswith("socket.") else None)

import threading
from pathlib import Path
from desktop_agent.llm.embedder import GgufEmbedder
from desktop_agent.memory.dense import Dense
from desktop_agent.memory.local import LocalPlace
from tests.helpers.indexed import Turns

turns, idle = Turns(), threading.Event()
idle.set()
for number in range(3):
    for text in ("My cat is called Schrödinger.", "我的猫叫薛定谔。", "The cabin's password is hunter-forest-42."):
        turns.say(text)
place, embedder = LocalPlace(Path(sys.argv[2])), GgufEmbedder.load(Path(sys.argv[1]))
dense = Dense.open(place, embedder, turns, idle, lambda sentence: None)
dense.reconcile()
dense.queue(sorted(turns.ids())[:1])
assert dense.drain(60)
found = {group: [turn.text for turn in turns.get(id_ for id_, _ in hits)] for group, hits in dense.search(
    "What is my cat called?", 3).items()}
links = [str(fd.readlink()) for fd in Path("/proc/self/fd").iterdir() if fd.is_symlink()]
net = "".join(Path("/proc/self/net", name).read_text() for name in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6"))
inodes = [link[8:-1] for link in links if link.startswith("socket:[")]  # tokio's own socketpair is among them
internet = [inode for inode in inodes if inode in net.split()]
print(json.dumps({"events": events, "found": found, "internet": internet}))
if sys.argv[3] == "close":
    dense.close()
else:
    os._exit(0)
"""


def test_no_word_is_in_the_index_and_no_socket_is_opened(tmp_path: Path, embedder_path: Path) -> None:
    for end in ("close", "crash"):
        command = [sys.executable, "-c", PROGRAM, str(embedder_path), str(tmp_path / end), end]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        assert done.returncode == 0, done.stderr
        report = json.loads(done.stdout)
        assert "Schrödinger" in report["found"]["other"][0]
        assert "薛定谔" in report["found"]["han"][0]
        assert report["events"] == []
        assert report["internet"] == []
        files = [path for path in (tmp_path / end).rglob("*") if path.is_file()]
        assert any(path.name == "chroma.sqlite3" for path in files)
        for path in files:
            assert not found_in(path.read_bytes()), path


def test_the_search_itself_finds_what_is_there() -> None:
    assert found_in(b"xx" + "Schrödinger".encode() + b"xx")
    assert found_in("薛定谔".encode("utf-16-be"))
    assert not found_in(b"nothing")


def found_in(data: bytes) -> list[str]:
    """Return the secrets that are somewhere in the data, in any usual encoding."""
    forms = {(secret, unicodedata.normalize(form, secret)) for secret in SECRETS for form in ("NFC", "NFD")}
    encodings = ("utf-8", "latin-1", "utf-16-le", "utf-16-be", "utf-32-le")
    return [
        secret
        for secret, text in forms
        for code in encodings
        if (sought := text.encode(code, "ignore")) and sought in data
    ]
