"""A cheaper passphrase, and homes on computers with and without a keyring."""

import pytest

from desktop_agent.paths import Paths
from desktop_agent.settings import sealing


@pytest.fixture(autouse=True)
def _quick_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousandth of the work for each guess; test_settings_sealing.py pays the full price once."""
    monkeypatch.setattr(sealing, "COST", 2**7)


@pytest.fixture
def paths(home: Paths) -> Paths:
    return home.create()
