"""Every test has its own home and its own keyring; models are shared, threads must end."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_agent.models.catalogue import Catalogue
from desktop_agent.models.library import Library
from desktop_agent.paths import Paths

MODELS = Paths.from_environment().models
"""Where `make test-models` puts the model files: read before the tests move the home."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """Move everything the program keeps into this test's folder, and the keyring out of reach."""
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("user")))  # where models of other programs are looked for
    monkeypatch.setenv("DESKTOP_AGENT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DESKTOP_AGENT_MODELS", str(MODELS))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")  # never the developer's own keyring
    monkeypatch.delenv("DESKTOP_AGENT_PASSPHRASE_FILE", raising=False)
    for screen in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(screen, raising=False)
    return Paths.from_environment()


@pytest.fixture(scope="session")
def _keyring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    from tests.helpers.secret_service import secret_service  # Linux only, as its D-Bus library

    with secret_service(tmp_path_factory.mktemp("keyring")) as environment:
        yield environment


@pytest.fixture
def secret_service(_keyring: dict[str, str], home: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a real, unlocked Secret Service within reach; each test's profile id keeps its entries apart."""
    for name, value in _keyring.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True)
def _no_dangling_threads() -> Iterator[None]:
    """Fail a test that leaves a thread behind: somebody's executor was not closed."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=2)
        assert not thread.is_alive(), f"the thread {thread.name!r} is still running"


def _model(name: str) -> Path:
    try:
        return Library(MODELS, Catalogue.load()).find(name)
    except Exception as error:
        raise RuntimeError(f"the tests need the model {name!r}; run: make test-models") from error


@pytest.fixture(scope="session")
def starter_path() -> Path:
    """Qwen2.5-Coder-1.5B-Instruct."""
    return _model("starter")


@pytest.fixture(scope="session")
def small_path() -> Path:
    """Qwen2.5-Coder-0.5B-Instruct."""
    return _model("small")


@pytest.fixture(scope="session")
def tiny_path() -> Path:
    """SmolLM2-135M-Instruct; its template has no tools."""
    return _model("tiny")


@pytest.fixture(scope="session")
def embedder_path() -> Path:
    """multilingual-e5-small."""
    return _model("embedder")


@pytest.fixture(scope="session")
def python_folder() -> Path:
    """The Python that the model's code runs in."""
    from desktop_agent.sandbox.component import Pin, pinned

    folder = Paths(MODELS.parent, MODELS).python_sandbox
    if pinned(folder) == Pin():
        raise RuntimeError("the tests need the Python sandbox; run: make sandbox")
    return folder
