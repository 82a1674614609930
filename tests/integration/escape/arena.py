"""What attempts are made on: files, listeners and a process that are worth something, and what became of them."""

import contextlib
import hashlib
import os
import secrets
import selectors
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

SOCKETS = ("unix", "bus", "docker.sock", "ssh-agent", "S.gpg-agent", "wayland-0", "pipewire-0")
PLANTED = "open(__file__.rsplit('/', 1)[0] + '/planted-ran', 'w').close()\n"
ZIPPED = "import os, sys\nopen(os.path.dirname(os.path.dirname(__file__)) + '/zipped-ran', 'w').close()\n"


class Arena:
    """A folder of one attempt, with a secret in everything."""

    def __init__(self, folder: Path, code: str) -> None:
        self.folder = folder
        self.secret = secrets.token_hex(12)
        self.size = 100_000_000 + secrets.randbelow(800_000_000)
        self.token = secrets.token_hex(12)
        self.marker = secrets.token_hex(12)
        folder.mkdir(parents=True)
        (folder / "canary").write_text(self.secret)
        (folder / f"named-{self.secret}").touch()
        for word, put in PUT.items():
            if word in code:
                put(self)
        self._before = self._snapshot()

    def put_links(self) -> None:
        """A link to the canary, and one whose target says something."""
        (self.folder / "given-link").symlink_to(self.folder / "canary")
        (self.folder / "telling-link").symlink_to(f"/nowhere/{self.secret}")

    def put_empty_folder(self) -> None:
        """A folder that can be removed or covered."""
        (self.folder / "empty").mkdir()

    def put_size(self) -> None:
        """A file whose size says something."""
        (self.folder / "sized").touch()
        os.truncate(self.folder / "sized", self.size)

    def put_tag(self) -> None:
        """A file with an extended attribute."""
        (self.folder / "tagged").touch()
        with contextlib.suppress(OSError):  # not every file system has them
            os.setxattr(self.folder / "tagged", "user.secret", self.secret.encode())

    def put_modules(self) -> None:
        """Python that does harm when it is run or imported, and a database."""
        (self.folder / "planted.py").write_text(PLANTED)
        with zipfile.ZipFile(self.folder / "planted.zip", "w") as archive:
            archive.writestr("zipped.py", ZIPPED)
        database = sqlite3.connect(":memory:")
        database.execute("create table secrets (text)")
        database.execute("insert into secrets values (?)", (self.secret,))
        database.commit()
        (self.folder / "planted.db").write_bytes(database.serialize())
        database.close()

    def changed(self) -> list[str]:
        """Return the names of what is not as it was."""
        now = self._snapshot()
        return sorted(name for name in now.keys() | self._before.keys() if now.get(name) != self._before.get(name))

    def _snapshot(self) -> dict[str, object]:
        return {str(path.relative_to(self.folder)): _state(path) for path in [self.folder, *self.folder.rglob("*")]}


PUT: dict[str, Callable[[Arena], None]] = {
    "-link": Arena.put_links,
    "/empty": Arena.put_empty_folder,
    "/sized": Arena.put_size,
    "/tagged": Arena.put_tag,
    "planted": Arena.put_modules,
}
"""What is put there for an attempt in whose code the word is."""


def _state(path: Path) -> object:
    about = path.lstat()
    kept = (about.st_mode, about.st_nlink, about.st_uid, about.st_size, about.st_mtime_ns)
    if not path.is_file() or path.is_symlink() or about.st_size > 1 << 20:
        return kept
    tags = sorted((name, os.getxattr(path, name)) for name in os.listxattr(path) if name.startswith("user."))
    return kept, tags, hashlib.sha256(path.read_bytes()).digest()


class Listeners:
    """Sockets of every kind that an attempt could reach; all that arrives is kept."""

    def __init__(self, folder: Path) -> None:
        self.received = b""
        self._selector = selectors.DefaultSelector()
        self._stop, stopped = socket.socketpair()
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.abstract = [f"desktop-agent-{secrets.token_hex(6)}" for _ in range(2)]
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            self._listen(family, (address, 0))
        for path in (*(str(folder / name) for name in SOCKETS), *(f"\0{name}" for name in self.abstract)):
            self._listen(socket.AF_UNIX, path)
        for family, place in ((socket.AF_INET, ("127.0.0.1", 0)), (socket.AF_UNIX, str(folder / "datagram"))):
            self._bound(family, socket.SOCK_DGRAM, place)
        self._selector.register(stopped, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._work, args=(stopped,))
        self._thread.start()

    def variables(self) -> dict[str, object]:
        """Return where the sockets are."""
        bound = [key.fileobj for key in self._selector.get_map().values() if isinstance(key.fileobj, socket.socket)]
        ports = {(one.family, one.type): one.getsockname()[1] for one in bound if one.family != socket.AF_UNIX}
        return {
            "tcp_port": ports.get((socket.AF_INET, socket.SOCK_STREAM), 1),
            "tcp6_port": ports.get((socket.AF_INET6, socket.SOCK_STREAM), 1),
            "udp_port": ports.get((socket.AF_INET, socket.SOCK_DGRAM), 1),
            "unix_path": str(self.folder / "unix"),
            "bus_path": str(self.folder / "bus"),
            "sockets": str(self.folder),
            "datagram_path": str(self.folder / "datagram"),
            "abstract": self.abstract[0],
            "display": self.abstract[1],
        }

    def close(self) -> None:
        """Stop listening."""
        self._stop.close()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            self._selector.unregister(key.fileobj)
            key.fileobj.close()  # type: ignore[union-attr]
        self._selector.close()

    def _listen(self, family: int, address: Any) -> None:
        bound = self._bound(family, socket.SOCK_STREAM, address)
        if bound:
            bound.listen(64)

    def _bound(self, family: int, kind: int, address: Any) -> socket.socket | None:
        one = socket.socket(family, kind)
        try:
            one.bind(address)
        except OSError:  # a machine without version 6
            one.close()
            return None
        one.setblocking(False)
        self._selector.register(one, selectors.EVENT_READ)
        return one

    def _work(self, stopped: socket.socket) -> None:
        while True:
            for key, _ in self._selector.select():
                one = key.fileobj
                if one is stopped:
                    return
                assert isinstance(one, socket.socket)
                self._take(one)

    def _take(self, one: socket.socket) -> None:
        try:
            if one.type == socket.SOCK_STREAM and one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                accepted, _ = one.accept()
                accepted.setblocking(False)
                self._selector.register(accepted, selectors.EVENT_READ)
                return
            data = one.recv(65536)
        except OSError:
            data = b""
        self.received += data
        if not data and one.type == socket.SOCK_STREAM:
            self._selector.unregister(one)
            one.close()


VICTIM = """
import os, sys, time
secret = "VICTIM:" + os.environ["VICTIM_SECRET"]
kept = [secret * 2 for _ in range(50)]
file = open(sys.argv[1])
print("ready", flush=True)
time.sleep(600)
"""


class Victim:
    """A process of the same account with a secret in its memory, environment, arguments and an open file."""

    def __init__(self, file: Path) -> None:
        self.secret = secrets.token_hex(12)
        self._file = file
        self._file.write_text(self.secret)
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", VICTIM, str(self._file), self.secret],
            env={"VICTIM_SECRET": self.secret},
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()
        self.pid = self._process.pid

    def hit(self) -> bool:
        """Return whether it was killed."""
        return self._process.poll() is not None

    def close(self) -> None:
        """End it."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
