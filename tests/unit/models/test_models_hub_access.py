"""Mirrors of the model hub, and who gets the access token: a real keyring, servers on loopback."""

import logging
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.models import hub
from desktop_agent.models.catalogue import HubSource
from desktop_agent.models.hub_access import (
    TOKEN,
    HubAccess,
    checked_endpoint,
    drop_token,
    has_token,
    is_private,
    origin_of,
)
from desktop_agent.models.library import Library, Progress
from desktop_agent.paths import Paths
from desktop_agent.settings.secrets import open_key, read_secret
from tests.helpers.fake_models import catalogue
from tests.helpers.hub_server import Hub, hub_server
from tests.helpers.tls_proxy import made_certificate

DATA = b"GGUF, or so" * 1000
SECRET = "hf_V3rySecretIndeed"


@pytest.fixture
def server() -> Iterator[Hub]:
    with hub_server(DATA) as state:
        yield state


@pytest.fixture
def paths(home: Paths, secret_service: None) -> Paths:
    open_key(home.create())
    return home


def library(folder: Path, access: HubAccess, source: HubSource | None = None) -> Library:
    source = source or HubSource("someone/toys", "toy.gguf")
    return Library(folder / "models", catalogue(DATA, source), lambda: access)


def test_a_mirror_is_asked_instead_of_the_hub(tmp_path: Path, server: Hub) -> None:
    assert library(tmp_path, HubAccess(f"{server.url}/hub")).pull("toy").read_bytes() == DATA
    assert [each.path for each in server.served] == ["/hub/someone/toys/resolve/main/toy.gguf"]


def test_a_model_with_a_server_of_its_own_does_not_go_to_the_mirror_and_shows_no_token(
    tmp_path: Path, server: Hub, paths: Paths
) -> None:
    access = HubAccess("http://127.0.0.1:9", paths)
    access.keep_token(SECRET)
    own = HubSource("someone/toys", "toy.gguf", endpoint=server.url)
    assert library(tmp_path, access, own).pull("toy").read_bytes() == DATA
    assert [each.token for each in server.served] == [""]


def test_the_token_opens_what_it_should(tmp_path: Path, server: Hub, paths: Paths) -> None:
    server.token = SECRET
    access = HubAccess(server.url, paths)
    with pytest.raises(UserFacingError, match=r"wants a login for this file\. Keep an access token with: .* token set"):
        library(tmp_path, access).pull("toy")
    access.keep_token(SECRET)
    assert has_token(paths)
    assert library(tmp_path, access).pull("toy").read_bytes() == DATA
    drop_token(paths)
    assert not has_token(paths)
    assert access.token() == ""


def test_a_wrong_token_is_not_accepted(tmp_path: Path, server: Hub, paths: Paths) -> None:
    server.token = "another"
    access = HubAccess(server.url, paths)
    access.keep_token(SECRET)
    with pytest.raises(UserFacingError, match="does not accept the access token") as caught:
        library(tmp_path, access).pull("toy")
    assert SECRET not in str(caught.value)


def test_a_redirection_takes_the_token_along_on_the_same_server_only(
    tmp_path: Path, server: Hub, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = HubAccess(server.url, paths)
    access.keep_token(SECRET)
    monkeypatch.setattr(hub, "HOPS", 3)
    server.redirects = "/moved"
    with pytest.raises(UserFacingError, match="without end"):
        library(tmp_path, access).pull("toy")
    assert [each.token for each in server.served] == [f"Bearer {SECRET}"] * 3
    with hub_server(DATA) as elsewhere:
        server.redirects = f"{elsewhere.url}/toy"
        assert library(tmp_path, access).pull("toy").read_bytes() == DATA
        assert [each.token for each in elsewhere.served] == [""]


def test_a_token_is_for_one_address(tmp_path: Path, server: Hub, paths: Paths) -> None:
    HubAccess("https://hub.example.org", paths).keep_token(SECRET)
    assert HubAccess("https://HUB.example.org:443/models", paths).token() == SECRET
    for other in (server.url, "http://hub.example.org", "https://hub.example.org:8443", ""):
        assert HubAccess(other, paths).token() == ""
    library(tmp_path, HubAccess(server.url, paths)).pull("toy")
    assert [each.token for each in server.served] == [""]


def test_the_token_is_in_the_keyring_and_nowhere_else(tmp_path: Path, server: Hub, paths: Paths) -> None:
    HubAccess(server.url, paths).keep_token(SECRET)
    assert SECRET in read_secret(paths, TOKEN)
    library(tmp_path, HubAccess(server.url, paths)).pull("toy")
    for path in (*paths.home.rglob("*"), *tmp_path.rglob("*")):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes()


@pytest.mark.parametrize("status", [200, 401, 403, 404, 429, 503])
def test_the_token_is_never_shown(
    tmp_path: Path,
    server: Hub,
    paths: Paths,
    status: int,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub, "WAITS", (0.01, 0.01))
    caplog.set_level(logging.DEBUG)
    server.always = status if status != 200 else 0
    access = HubAccess(server.url, paths)
    access.keep_token(SECRET)
    shown: list[Progress] = []
    try:
        library(tmp_path, access).pull("toy", shown.append)
    except UserFacingError as error:
        shown.append(error)  # type: ignore[arg-type]
    assert server.served[0].token == f"Bearer {SECRET}"
    assert SECRET not in f"{shown!r} {shown[-1]} {access!r} {caplog.text}"


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "héllo", "x" * 5000, "\x00"])
def test_what_is_no_token_is_refused_unseen(paths: Paths, token: str) -> None:
    with pytest.raises(UserFacingError, match="An access token has only letters, digits and signs") as caught:
        HubAccess("https://hub.example.org", paths).keep_token(token)
    assert not token or token not in str(caught.value)
    assert not has_token(paths)


def test_no_token_for_an_address_that_others_can_listen_to(paths: Paths) -> None:
    with pytest.raises(UserFacingError, match=r"http://hub\.example\.org gets no access token: others could read it"):
        HubAccess("http://hub.example.org", paths).keep_token(SECRET)
    assert not has_token(paths)


def test_without_its_keyring_a_public_file_still_comes(
    tmp_path: Path, server: Hub, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = HubAccess(server.url, paths)
    access.keep_token(SECRET)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    server.token = SECRET
    with pytest.raises(UserFacingError, match=r"wants a login for this file\. .*keyring only, but .*models pull toy"):
        library(tmp_path, access).pull("toy")
    server.token = ""
    assert library(tmp_path, access).pull("toy").read_bytes() == DATA


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub with a certificate; who trusts SSL_CERT_FILE trusts it."""
    certificate, key = made_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with hub_server(DATA, context) as state:
        yield state


def test_over_https(tmp_path: Path, secure: Hub, paths: Paths) -> None:
    secure.token = SECRET
    access = HubAccess(secure.url, paths)
    access.keep_token(SECRET)
    assert library(tmp_path, access).pull("toy").read_bytes() == DATA


def test_a_redirection_from_https_to_http_is_refused(tmp_path: Path, secure: Hub, server: Hub) -> None:
    secure.redirects = f"{server.url}/toy"
    with pytest.raises(UserFacingError, match="sends to an address that is not secure"):
        library(tmp_path, HubAccess(secure.url)).pull("toy")
    assert server.served == []


def test_a_redirection_from_http_to_https_is_followed(tmp_path: Path, secure: Hub, server: Hub) -> None:
    server.redirects = f"{secure.url}/toy"
    assert library(tmp_path, HubAccess(server.url)).pull("toy").read_bytes() == DATA


def test_a_certificate_that_nobody_trusts(tmp_path: Path, secure: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(UserFacingError, match=r"certificate of the model hub is not one .*\. Check the address"):
        library(tmp_path, HubAccess(secure.url)).pull("toy")
    assert secure.served == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("  ", ""),
        (" https://hub.example.org/ ", "https://hub.example.org"),
        ("http://nas:8080/hub", "http://nas:8080/hub"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_addresses(typed: str, kept: str) -> None:
    assert checked_endpoint(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "hub.example.org",
        "ftp://hub.example.org",
        "https://",
        "https:///path",
        "https://hub.example.org?x=1",
        "https://hub.example.org#x",
        "https://hub.example.org:99999",
        "https://hub.example.org:0",
        "https://hub example.org",
        "https://hüb.example.org",
        "https://[::1",
    ],
)
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(UserFacingError, match=r"is not the address of a mirror\. It looks like https://"):
        checked_endpoint(typed)


@pytest.mark.parametrize("typed", [f"https://me:{SECRET}@hub.example.org", f"ftp://me:{SECRET}@hub.example.org"])
def test_a_password_in_an_address_is_refused_unseen(typed: str) -> None:
    with pytest.raises(UserFacingError) as caught:
        checked_endpoint(typed)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("https://hub.example.org", True),
        ("http://localhost:80", True),
        ("http://127.0.0.1", True),
        ("http://[::1]:9", True),
        ("http://127.0.0.1.example.org", False),
        ("http://hub.example.org", False),
        ("ftp://localhost", False),
    ],
)
def test_where_nobody_listens_in(url: str, private: bool) -> None:
    assert is_private(url) is private


def test_one_origin_has_one_name() -> None:
    assert origin_of("HTTPS://Hub.Example.org/a") == origin_of("https://hub.example.org:443/b")
    assert origin_of("http://hub.example.org") != origin_of("https://hub.example.org")
