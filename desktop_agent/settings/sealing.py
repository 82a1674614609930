"""A key wrapped with a passphrase: scrypt (RFC 7914) makes a key of the passphrase, AES-256-GCM wraps with it."""

import os
import unicodedata
from dataclasses import dataclass
from typing import Self

from desktop_agent.errors import UserFacingError

COST = 2**17  # with r=8: 128 MiB and about half a second for each guess
MOST = 2**20


class WrongPassphrase(UserFacingError):
    """The passphrase does not open the key."""


@dataclass(frozen=True)
class SealedKey:
    """What is needed, besides the passphrase, to get the key back; all of it may be public."""

    salt: bytes
    n: int
    r: int
    p: int
    nonce: bytes
    wrapped: bytes

    def __post_init__(self) -> None:
        if not (1 < self.n <= MOST and 1 <= self.r <= 8 and 1 <= self.p <= 4 and len(self.nonce) == 12):
            raise ValueError("scrypt's parameters are out of range")

    @classmethod
    def seal(cls, key: bytes, passphrase: str, profile: str) -> Self:
        """Wrap the key; it opens for this profile's id only."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        salt, nonce = os.urandom(16), os.urandom(12)
        wrapping = _derive(passphrase, salt, COST, 8, 1)
        return cls(salt, COST, 8, 1, nonce, AESGCM(wrapping).encrypt(nonce, key, profile.encode()))

    def open(self, passphrase: str, profile: str) -> bytes:
        """Return the key; raises WrongPassphrase."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        wrapping = _derive(passphrase, self.salt, self.n, self.r, self.p)
        try:
            return AESGCM(wrapping).decrypt(self.nonce, self.wrapped, profile.encode())
        except InvalidTag:
            raise WrongPassphrase("That passphrase does not open your conversations.", "Try again.") from None


def _derive(passphrase: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    # One form for each character: keyboards differ in whether "é" is one code point or two.
    text = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    return Scrypt(salt=salt, length=32, n=n, r=r, p=p).derive(text)
