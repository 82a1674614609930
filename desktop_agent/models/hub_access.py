"""Which address the model hub is asked at, and the access token that only this address gets."""

import os
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from desktop_agent.errors import UserFacingError
from desktop_agent.paths import Paths
from desktop_agent.settings.profile import Profile
from desktop_agent.settings.secrets import drop_secret, keep_secret, read_secret

TOKEN = "hub-token"  # noqa: S105 -- the name of an entry in the keyring
HERE = ("localhost", "127.0.0.1", "::1")
PORTS = {"http": 80, "https": 443}
EXAMPLE = "It looks like https://hub.example.org."


@dataclass(frozen=True)
class HubAccess:
    """A mirror's address, empty for the hub's own, and the home whose keyring has the token, None for no token."""

    endpoint: str = ""
    paths: Paths | None = None

    def address(self) -> str:
        """Return where requests go."""
        return self.endpoint or str(hub_library().constants.ENDPOINT)

    def token(self) -> str:
        """Return the token that was kept for this very address, else nothing. Raises UserFacingError."""
        if self.paths is None:
            return ""
        origin, _, token = read_secret(self.paths, TOKEN).partition(" ")
        return token if origin == origin_of(self.address()) else ""

    def keep_token(self, token: str) -> None:
        """Keep a token for this address in the keyring. Raises UserFacingError when it cannot be kept or used."""
        if not re.fullmatch(r"[\x21-\x7e]{1,4096}", token):
            raise UserFacingError(
                "An access token has only letters, digits and signs, without spaces.", "Copy it again."
            )
        address = self.address()
        if not is_private(address):
            message = f"{address} gets no access token: others could read it on the way."
            raise UserFacingError(message, "Use an address that begins with https://.")
        if self.paths:
            keep_secret(self.paths, TOKEN, f"{origin_of(address)} {token}")


def hub_library() -> Any:
    """Return huggingface_hub, which knows the hub's own address, or the one that HF_ENDPOINT names."""
    # Read when it is first imported; the program opens no connection that nobody asked for.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    import huggingface_hub.constants

    return huggingface_hub


def has_token(paths: Paths) -> bool:
    """Return whether a token is kept, for whatever address; asks no keyring."""
    profile = Profile.load(paths.profile)
    return profile is not None and TOKEN in profile.secrets


def drop_token(paths: Paths) -> None:
    """Remove the token from the keyring, if there is one. Raises UserFacingError."""
    drop_secret(paths, TOKEN)


def checked_endpoint(text: str) -> str:
    """Return the address of a mirror as it is kept, empty for none. Raises UserFacingError when it is no address."""
    address = text.strip().rstrip("/")
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        plain = parts.scheme in PORTS and parts.hostname and parts.port != 0 and not (parts.query or parts.fragment)
    except ValueError:
        plain = None
    if not plain or re.search(r"[^\x21-\x7e]", address):
        raise UserFacingError(f"{_without_login(address)} is not the address of a mirror.", EXAMPLE)
    if "@" in parts.netloc:
        message = "The address of a mirror holds no name and no password: it is kept where everybody may read it."
        raise UserFacingError(message, "Enter an access token instead.")
    return address


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address in one form."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{_host(parts)}:{parts.port or PORTS.get(parts.scheme, 0)}"


def is_private(url: str) -> bool:
    """Return whether nobody on the way reads what is sent there."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and _host(parts) in HERE)


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").lower()


def _without_login(address: str) -> str:
    return re.sub(r"//[^/]*@", "//", address)
