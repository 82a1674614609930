"""Files that the `age` tool opens with a passphrase, written and read as streams.

The format is https://age-encryption.org/v1: scrypt makes a key of the passphrase, ChaCha20-Poly1305 seals pieces of
64 KiB. It is done here because pyrage, given a passphrase, holds whole files in memory, and lets the computer's speed
decide how dear a guess is: 0.5 GiB of memory on a common one, which a slower one then refuses to open.
"""

import base64
import hashlib
import hmac
import io
import os
import re
import unicodedata
from typing import TYPE_CHECKING, BinaryIO, Protocol

from desktop_agent.errors import DesktopAgentError

if TYPE_CHECKING:
    from typing_extensions import Buffer

PIECE, TAG, NONCE = 65536, 16, 16
COST = 18
"""log2 of scrypt's N, as the age tool has it: 256 MiB and about a second for each guess."""
MOST = 20
"""A file that asks for more than 1 GiB of memory is not opened."""
_VERSION = b"age-encryption.org/v1"
_HEADER = re.compile(
    rb"age-encryption\.org/v1\n-> scrypt ([A-Za-z0-9+/]{22}) ([1-9][0-9]?)\n"
    rb"([A-Za-z0-9+/]{43})\n--- ([A-Za-z0-9+/]{43})\n"
)
_LONGEST_HEADER = 512


class NotAge(DesktopAgentError):
    """The file is not one that a passphrase opens, or it asks for too much memory."""


class WrongPassphrase(DesktopAgentError):
    """The passphrase does not open the file."""


class Damaged(DesktopAgentError):
    """The file was changed or cut off."""


class _Cipher(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...
    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...


class Writer(io.RawIOBase):
    """Encrypts what is written into `file`. Nothing is whole until `close`; the file itself is left open."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        super().__init__()
        key, nonce = os.urandom(16), os.urandom(NONCE)
        file.write(_header(key, passphrase) + nonce)
        self._file, self._cipher = file, _payload_cipher(key, nonce)
        self._waiting, self._number = bytearray(), 0

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: "Buffer", /) -> int:
        """Take all of the data."""
        self._waiting += data
        while len(self._waiting) > PIECE:  # one piece stays back: the last one is marked as such
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return memoryview(data).nbytes

    def close(self) -> None:
        """Write the last piece; harmless when called again."""
        if not self.closed:
            self._seal(bytes(self._waiting), last=True)
            super().close()

    def abandon(self) -> None:
        """Close without a last piece: nobody can take the file for a whole one."""
        super().close()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_piece_nonce(self._number, last=last), piece, None))
        self._number += 1


class Reader(io.RawIOBase):
    """What an age file holds, from any place in it; only two pieces are in memory at a time.

    Raises NotAge, WrongPassphrase, and Damaged also when the end is missing.
    """

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        super().__init__()
        key, start = _open_header(file.read(_LONGEST_HEADER), passphrase)
        file.seek(start)
        self._cipher = _payload_cipher(key, file.read(NONCE))
        self._file, self._start, self._at = file, start + NONCE, 0
        sealed = file.seek(0, os.SEEK_END) - self._start
        self._last = max(0, (sealed - 1) // (PIECE + TAG))
        self._number, self._piece = -1, b""
        self._size = self._last * PIECE + len(self._open(self._last))

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to another place and return it."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: "Buffer", /) -> int:
        """Fill the buffer from one piece; returns 0 at the end."""
        number, skip = divmod(self._at, PIECE)
        view = memoryview(buffer).cast("B")
        part = b"" if self._at >= self._size else self._open(number)[skip : skip + len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _open(self, number: int) -> bytes:
        from cryptography.exceptions import InvalidTag

        if number != self._number:
            self._file.seek(self._start + number * (PIECE + TAG))
            sealed, nonce = self._file.read(PIECE + TAG), _piece_nonce(number, last=number == self._last)
            try:
                self._number, self._piece = number, self._cipher.decrypt(nonce, sealed, None)
            except InvalidTag:
                raise Damaged("the file was changed or cut off") from None
        return self._piece


def _header(key: bytes, passphrase: str) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    salt = os.urandom(16)
    wrapped = ChaCha20Poly1305(_derive(passphrase, salt, COST)).encrypt(bytes(12), key, None)
    head = b"%b\n-> scrypt %b %d\n%b\n---" % (_VERSION, _base64(salt), COST, _base64(wrapped))
    return b"%b %b\n" % (head, _base64(_mac(key, head)))


def _open_header(head: bytes, passphrase: str) -> tuple[bytes, int]:
    """Return the file's key and where the header ends."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    found = _HEADER.match(head)
    if found is None:
        raise NotAge("the file is not one that a passphrase opens")
    salt, wrapped, mac = (base64.b64decode(found[part] + b"==") for part in (1, 3, 4))
    if int(found[2]) > MOST:
        raise NotAge("the file asks for too much memory")
    try:
        key = ChaCha20Poly1305(_derive(passphrase, salt, int(found[2]))).decrypt(bytes(12), wrapped[:32], None)
    except InvalidTag:
        raise WrongPassphrase("the passphrase does not open the file") from None
    if not hmac.compare_digest(mac, _mac(key, found[0][: found.start(4) - 1])):
        raise Damaged("the file's header was changed")
    return key, found.end()


def _derive(passphrase: str, salt: bytes, cost: int) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    # One form for each character, the one that keyboards produce: the age tool takes what is typed as it is.
    text = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return Scrypt(salt=_VERSION + b"/scrypt" + salt, length=32, n=2**cost, r=8, p=1).derive(text)


def _mac(key: bytes, head: bytes) -> bytes:
    return hmac.digest(_hkdf(key, b"", b"header"), head, hashlib.sha256)


def _payload_cipher(key: bytes, nonce: bytes) -> _Cipher:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    return ChaCha20Poly1305(_hkdf(key, nonce, b"payload"))


def _hkdf(key: bytes, salt: bytes, info: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt, info).derive(key)


def _piece_nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _base64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")
