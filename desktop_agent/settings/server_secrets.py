"""The secrets of MCP servers, which are in the keyring and nowhere else."""

from desktop_agent.paths import Paths
from desktop_agent.settings import secrets


def keep(paths: Paths, server: str, name: str, value: str) -> None:
    """Keep a server's secret, or drop it when it is empty. Raises UserFacingError when no keyring can be used."""
    if value:
        secrets.keep_secret(paths, _entry(server, name), value)
    else:
        secrets.drop_secret(paths, _entry(server, name))


def read(paths: Paths, server: str, name: str) -> str:
    """Return a server's secret, empty when none was kept. Raises UserFacingError."""
    return secrets.read_secret(paths, _entry(server, name))


def _entry(server: str, name: str) -> str:
    return f"mcp/{server}/{name}"
