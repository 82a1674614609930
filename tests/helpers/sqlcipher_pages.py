"""Reads a SQLCipher 4 file without SQLite: what is still there, not what a query shows."""

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE, RESERVED, IV, SALT = 4096, 80, 16, 16


def decrypted(path: Path, key: bytes) -> bytes:
    """Return the plain content of every page of the file, the unused ones too."""
    data = path.read_bytes()
    return b"".join(_page(data[at : at + PAGE], key, SALT if at == 0 else 0) for at in range(0, len(data), PAGE))


def _page(page: bytes, key: bytes, head: int) -> bytes:
    end = PAGE - RESERVED
    decryptor = Cipher(algorithms.AES256(key), modes.CBC(page[end : end + IV])).decryptor()
    return decryptor.update(page[head:end]) + decryptor.finalize()
