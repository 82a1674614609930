"""Delivers a model from the model hub, over plain HTTPS that can go on where it stopped."""

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from desktop_agent.errors import UserFacingError
from desktop_agent.models.arriving import Arriving, Stalled
from desktop_agent.models.catalogue import HubSource
from desktop_agent.models.hub_access import HERE, HubAccess, hub_library, is_private, origin_of
from desktop_agent.models.hub_answer import Asked, Interrupted, RangeUseless, Unreachable, first_byte, strong_etag
from desktop_agent.models.part import Mark
from desktop_agent.models.transfer import Piece, SourceFailed, Transfer

if TYPE_CHECKING:
    import httpx

CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 60.0
"""When the reading thread gives up by itself; whoever waits for it does so sooner."""
HOPS = 8
BLOCK = 1 << 20
"""Who brings less than this in as many tries as there are waits does not get on."""
WAITS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""Seconds before each new try; they begin again when a block has arrived."""
FIRST_TRIES = 2
"""So often it waits while nothing at all has arrived."""
LOST = "the connection to the model hub was lost"


@dataclass(frozen=True)
class HubDelivery:
    """Streams one file of `size` bytes. `mark` keeps which version of it is here."""

    source: HubSource
    size: int
    access: HubAccess
    mark: Mark

    def resume_at(self, have: int) -> int:
        """Return all of `have`."""
        return have

    def pieces(self, offset: int, transfer: Transfer) -> Generator[Piece]:
        """Yield the file from `offset` on; begins again at 0 where the server cannot do otherwise."""
        link, patience, here, ranges = self._link(), _Patience(offset), offset, True
        while here < self.size:
            try:
                with closing(link.pieces(here if ranges else 0, transfer)) as pieces:
                    for start, data in pieces:
                        yield start, data[: self.size - start]
                        here = max(here, start + len(data))
                        if here >= self.size:
                            return
                raise Interrupted(LOST)
            except RangeUseless:
                if not ranges:
                    raise
                ranges = False
            except Interrupted as error:
                patience.bear(error, here, transfer)

    def _link(self) -> "_Link":
        library = hub_library()
        if library.constants.is_offline_mode():
            raise SourceFailed("the model hub is switched off by HF_HUB_OFFLINE")
        access = HubAccess(self.source.endpoint) if self.source.endpoint else self.access
        url = library.hf_hub_url(
            self.source.repository, self.source.file, revision=self.source.revision, endpoint=access.address()
        )
        token, why_none = _token(access)
        return _Link(url, token, Asked(self.size, 0, bool(token), why_none), self.mark)


def _token(access: HubAccess) -> tuple[str, str]:
    """Return the token, and why there is none although one is kept: most files need none."""
    try:
        return access.token(), ""
    except UserFacingError as error:
        return "", str(error)


class _Patience:
    """Bears interruptions as long as the file grows."""

    def __init__(self, offset: int) -> None:
        self._offset = self._here = offset
        self._failures = 0

    def bear(self, error: Interrupted, here: int, transfer: Transfer) -> None:
        """Wait, longer each time; raise the error when that leads nowhere."""
        if here - self._here >= BLOCK:
            self._failures, self._here = 0, here
        waits = WAITS if here > self._offset else () if isinstance(error, Unreachable) else WAITS[:FIRST_TRIES]
        if self._failures >= len(waits):
            raise error
        transfer.wait(max(waits[self._failures], error.wait), str(error))
        self._failures += 1


@dataclass(frozen=True, repr=False)
class _Link:
    """One address with its token; each call of `pieces` is one connection."""

    url: str
    token: str
    asked: Asked
    mark: Mark

    def pieces(self, offset: int, transfer: Transfer) -> Generator[Piece]:
        try:
            yield from Arriving(lambda arriving: self._read(offset, arriving)).pieces(transfer.check)
        except Stalled as error:
            raise Interrupted("the model hub sends next to nothing") from error

    def _read(self, offset: int, arriving: Arriving) -> None:
        import httpx

        limits = httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
        direct = {f"all://[{host}]" if ":" in host else f"all://{host}": None for host in HERE}
        try:
            with (
                httpx.Client(timeout=limits, mounts=direct) as client,
                self._opened(client, self._range(offset), _watched(arriving)) as answer,
            ):
                position = first_byte(answer, replace(self.asked, offset=offset))
                self.mark.keep(self.url, strong_etag(answer) if position == offset else "")
                for data in answer.iter_raw():
                    arriving.put((position, data))
                    position += len(data)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise _unreachable(error) from error
        except httpx.TransportError as error:
            raise Interrupted(LOST) from error
        except httpx.InvalidURL as error:
            raise SourceFailed("the model hub names an address that is none") from error

    def _range(self, offset: int) -> dict[str, str]:
        headers = {"Accept-Encoding": "identity", "User-Agent": "desktop-agent"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
            if etag := self.mark.read(self.url):
                headers["If-Range"] = etag  # another version comes whole, with status 200
        return headers

    @contextmanager
    def _opened(
        self, client: "httpx.Client", headers: dict[str, str], extensions: dict[str, Any]
    ) -> Iterator["httpx.Response"]:
        """Yield the answer that is no redirection; the token is sent to the first address's own server only."""
        url = self.url
        for _ in range(HOPS):
            own = headers | self._credentials(url)
            with client.stream("GET", url, headers=own, extensions=extensions) as answer:
                if not answer.has_redirect_location:
                    yield answer
                    return
                url = _next_address(answer)
        raise SourceFailed("the model hub sends from one address to the next without end")

    def _credentials(self, url: str) -> dict[str, str]:
        own = self.token and origin_of(url) == origin_of(self.url) and is_private(url)
        return {"Authorization": f"Bearer {self.token}"} if own else {}


def _watched(arriving: Arriving) -> dict[str, Any]:
    """Return the request extension that tells of each connection (httpcore's "trace")."""

    def trace(event: str, about: dict[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            arriving.connected(about["return_value"].get_extra_info("socket"))

    return {"trace": trace}


def _next_address(answer: "httpx.Response") -> str:
    """Return where a redirection leads; raises SourceFailed when others could read or change what comes from there."""
    url = answer.url.join(answer.headers["Location"])
    if url.scheme not in ("https", answer.url.scheme):
        raise SourceFailed("the model hub sends to an address that is not secure")
    return str(url)


def _unreachable(error: Exception) -> SourceFailed:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return SourceFailed(
            "the certificate of the model hub is not one that this computer trusts", "Check the address of the mirror."
        )
    return Unreachable("the model hub cannot be reached")
