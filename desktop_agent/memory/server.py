"""Indexes on a Chroma server, beyond this computer."""

import ipaddress
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from desktop_agent.errors import UserFacingError
from desktop_agent.memory.index import GROUPS, IndexFailed, IndexUnusable, VectorIndex, stem

_CONNECT_SECONDS = 3.0
_ANSWER_SECONDS = 10.0
_SERVING = "serving"
_OWING = "owing"


class ServerChroma:
    """A connection to a Chroma server.

    Made of the parts of `chromadb.HttpClient`, which itself waits without end for a server that is silent, and hands
    even what is meant for this computer to the proxy that the environment names.
    """

    def __init__(self, place: "ServerPlace") -> None:
        import httpx
        from chromadb.api import ServerAPI
        from chromadb.config import Settings, System

        self._place = place
        address = place.url.rstrip("/")
        settings = Settings(
            anonymized_telemetry=False,
            _env_file=None,
            chroma_api_impl="chromadb.api.fastapi.FastAPI",
            chroma_server_host=address,
            chroma_server_http_port=urlsplit(address).port or 443,
            chroma_server_ssl_enabled=address.startswith("https:"),
            chroma_server_ssl_verify=False,  # of a session that is replaced before it is used
            chroma_server_headers=None,
        )
        self._api: Any = System(settings).instance(ServerAPI)
        self._api._session.close()
        self._api._session = httpx.Client(
            headers={**self._api._session.headers, **place.headers()},
            verify=place.trust(),
            timeout=httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS),
            trust_env=not place.here,
            event_hooks={"response": [self._admitted]},
        )

    def collection(self, name: str, configuration: Mapping[str, Any], /) -> Any:
        """Return a collection, made when there is none."""
        from chromadb.api.models.Collection import Collection

        with self.calling():
            model = self._api.get_or_create_collection(name, configuration=dict(configuration))
        return Collection(self._api, model, embedding_function=None)

    def marks(self) -> dict[str, dict[str, Any]]:
        """Return the names of all collections with what is noted about them."""
        try:
            with self.calling():
                self._api.heartbeat()
                return {model.name: model.metadata or {} for model in self._api.list_collections()}
        except IndexUnusable:
            raise
        except Exception as error:  # whatever somebody else's answer does to Chroma's client
            raise IndexUnusable(f"What answers at {self._place.name} is not a memory server.") from error

    def drop(self, name: str) -> None:
        """Delete a collection."""
        with self.calling():
            self._api.delete_collection(name)

    def close(self) -> None:
        """Release the connection. Safe to call twice."""
        self._api._session.close()

    @contextmanager
    def calling(self) -> Iterator[None]:
        """Say in the user's words what is wrong with the server."""
        import httpx

        try:
            yield
        except httpx.TransportError as error:
            raise self._unreachable(error) from error

    def _admitted(self, response: Any) -> None:
        """Raise IndexUnusable when the server does not know the token."""
        if response.status_code in {401, 403}:
            raise IndexUnusable(
                f"The memory server at {self._place.name} refuses the token.",
                "Enter the token that its administrator gave you. Meanwhile memory goes by words.",
            )

    def _unreachable(self, error: Exception) -> IndexUnusable:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return IndexUnusable(
                f"The certificate of the memory server at {self._place.name} is not one that this computer trusts.",
                "Choose the certificate of the authority that signed it. Meanwhile memory goes by words.",
            )
        return IndexUnusable(
            f"The memory server at {self._place.name} cannot be reached: {error or type(error).__name__}.",
            "It is tried again from time to time. Meanwhile memory goes by words.",
        )


class ServerIndex(VectorIndex):
    """An index on a server. What the server does with the bytes of what was removed is its own affair."""

    def __init__(self, chroma: ServerChroma, name: str) -> None:
        """Open or create the index; raises IndexFailed."""
        self._chroma = chroma
        self._name = name
        super().__init__(chroma, name)
        self._notes = dict(next(iter(self.parts.values())).metadata or {})

    @property
    def owing(self) -> bool:
        """Whether vectors were removed since the index was written."""
        return _OWING in self._notes

    def owe(self) -> None:
        """Note that it must be written anew."""
        self._note(_OWING)

    def serve(self) -> None:
        """From now on, this is the index that an opening returns."""
        self._note(_SERVING)

    def close(self) -> None:
        """Release the connection."""
        self._chroma.close()

    def destroy(self) -> None:
        """Delete the collections; what cannot be reached is deleted at the next opening."""
        with suppress(IndexFailed):
            for group in self.parts:
                self._chroma.drop(f"{self._name}.{group}")
        self.close()

    def _note(self, mark: str) -> None:
        self._notes[mark] = 1
        with self.calling():
            for part in self.parts.values():
                part.modify(metadata=self._notes)

    @contextmanager
    def calling(self) -> Iterator[None]:
        """Turn whatever goes wrong into IndexFailed."""
        with super().calling(), self._chroma.calling():
            yield


@dataclass(frozen=True)
class ServerPlace:
    """A Chroma server. Raises UserFacingError when the address or the certificate cannot be used.

    `profile` keeps apart those who share the server; without it they would remove each other's vectors.
    """

    url: str
    token: str = field(default="", repr=False)
    certificate: Path | None = None
    profile: str = "home"

    def __post_init__(self) -> None:
        parts = _parts(self.url)
        if (
            parts.scheme not in {"http", "https"}
            or not parts.hostname
            or parts.username
            or parts.query
            or parts.fragment
        ):
            raise UserFacingError(
                f"{self.url} is not the address of a memory server.", "It looks like https://memory.example.org:8000."
            )
        if parts.scheme == "http" and not self.here:
            raise UserFacingError(
                f"{self.url} is not used: the token and what your memories are about could be read on the way.",
                "Use an address that begins with https://. Plain http:// is only for a server on this computer.",
            )
        if not self.token.isascii() or not self.token.isprintable():
            raise UserFacingError("The token of the memory server has characters that no token has.", "Enter it again.")
        self.trust()

    @property
    def name(self) -> str:
        """The address."""
        return self.url

    @property
    def here(self) -> bool:
        """Whether the server is on this very computer."""
        host = _parts(self.url).hostname or ""
        try:
            return host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False

    def headers(self) -> dict[str, str]:
        """Return what each request carries."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def trust(self) -> ssl.SSLContext:
        """Return how the server's certificate is checked; with an own authority, only that one counts."""
        try:
            return ssl.create_default_context(cafile=self.certificate)
        except (OSError, ValueError) as error:
            raise UserFacingError(
                f"{self.certificate} holds no certificate that can be used: {error}.", "Choose a PEM file."
            ) from error

    def open(self, embedder_id: str) -> ServerIndex:
        """Return the embedder's index, a new one where need be; this profile's others are deleted."""
        with self._connected() as chroma:
            marks = chroma.marks()
            mine = self._generations(marks, embedder_id)
            serving = [name for name in mine if any(_SERVING in marks.get(f"{name}.{group}", {}) for group in GROUPS)]
            name = (serving or mine or [self._next(marks, embedder_id)])[-1]
            index = ServerIndex(chroma, name)
            index.serve()
            index.fresh = name not in mine
            for other in marks:
                if other.startswith(f"{self.profile}-turns-") and other.rpartition(".")[0] != name:
                    chroma.drop(other)
            return index

    def begin(self, embedder_id: str) -> ServerIndex:
        """Return a new, empty index beside those that are there."""
        with self._connected() as chroma:
            return ServerIndex(chroma, self._next(chroma.marks(), embedder_id))

    def check(self) -> None:
        """Raise IndexFailed when the server does not answer as one."""
        with self._connected() as chroma:
            chroma.marks()
            chroma.close()

    def obstacle(self) -> IndexFailed | None:
        """Return None: what a server cannot write, an opening finds out."""
        return None

    @contextmanager
    def _connected(self) -> Iterator[ServerChroma]:
        """Yield a connection that is released when something fails. Raises IndexFailed."""
        try:
            chroma = ServerChroma(self)
        except UserFacingError as error:  # the certificate went away
            raise IndexUnusable(error.message, error.hint) from error
        try:
            yield chroma
        except BaseException:
            chroma.close()
            raise

    def _generations(self, marks: Mapping[str, Any], embedder_id: str) -> list[str]:
        pattern = re.compile(rf"{re.escape(self.profile)}-{re.escape(stem(embedder_id))}\.(\d+)\.")
        found = {int(match[1]) for name in marks if (match := pattern.match(name))}
        return [f"{self.profile}-{stem(embedder_id)}.{number}" for number in sorted(found)]

    def _next(self, marks: Mapping[str, Any], embedder_id: str) -> str:
        last = int(mine[-1].rpartition(".")[2]) if (mine := self._generations(marks, embedder_id)) else 0
        return f"{self.profile}-{stem(embedder_id)}.{last + 1}"


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for one that is none
        return parts
    except ValueError:
        return urlsplit("")
