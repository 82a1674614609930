"""Delivers a model from the model hub, over plain HTTPS that can go on where it stopped."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from desktop_agent.models.catalogue import HubSource
from desktop_agent.models.transfer import CHUNK, SourceFailed, Transfer

SILENCE_SECONDS = 20
REFUSALS = {
    401: "the model hub wants a login for this file",
    403: "the model hub refuses access to this file",
    404: "the model hub does not have this file",
    429: "the model hub asks to come back later (too many requests)",
}


@dataclass(frozen=True)
class HubDelivery:
    """Streams one file."""

    source: HubSource

    def resume_at(self, have: int) -> int:
        """Return all of `have`."""
        return have

    def chunks(self, offset: int, transfer: Transfer) -> Iterator[bytes]:
        """Yield the file's bytes from `offset` on."""
        # Read when huggingface_hub is first imported; the program opens no connection that nobody asked for.
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        import huggingface_hub

        session = huggingface_hub.get_session()
        url = huggingface_hub.hf_hub_url(
            self.source.repository,
            self.source.file,
            revision=self.source.revision,
            endpoint=self.source.endpoint or None,
        )
        try:
            yield from _stream(session, url, offset, transfer)
        except huggingface_hub.errors.OfflineModeIsEnabled as error:
            raise SourceFailed("the model hub is switched off by HF_HUB_OFFLINE") from error
        except _http_error(session) as error:
            raise SourceFailed("the model hub cannot be reached, or the connection was lost") from error


def _stream(session: Any, url: str, offset: int, transfer: Transfer) -> Iterator[bytes]:
    headers = {"Accept-Encoding": "identity", "Range": f"bytes={offset}-"}
    with session.stream("GET", url, headers=headers, timeout=SILENCE_SECONDS) as response:
        if not response.is_success:
            reason = f"the model hub answers with error {response.status_code}"
            raise SourceFailed(REFUSALS.get(response.status_code, reason))
        skip = offset if response.status_code == 200 else 0  # the server ignored the range and starts over
        for chunk in response.iter_bytes(CHUNK):
            transfer.check()
            if chunk[skip:]:
                yield chunk[skip:]
            skip = max(skip - len(chunk), 0)


def _http_error(session: Any) -> type[Exception]:
    """Return the base of the session's errors: huggingface_hub uses httpx or httpx2, by version."""
    error: type[Exception] = import_module(type(session).__module__.partition(".")[0]).HTTPError
    return error
