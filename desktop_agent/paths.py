"""Where the program keeps things."""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from desktop_agent.errors import UserFacingError

APP = "desktop-agent"


def resources() -> Path:
    """Return the folder of icons, prompts and the catalogue: in an installed package, or beside it in a checkout."""
    here = Path(__file__).parent
    return here / "resources" if (here / "resources").is_dir() else here.parent / "resources"


@dataclass(frozen=True)
class Paths:
    """Every folder and file the program writes.

    `home` holds what is personal. `models` holds large files that can be fetched again.
    """

    home: Path
    models: Path

    @classmethod
    def from_environment(cls) -> "Paths":
        """Return the platform's folders; DESKTOP_AGENT_HOME moves all, DESKTOP_AGENT_MODELS the model files only."""
        home = os.environ.get("DESKTOP_AGENT_HOME")
        root = Path(home).expanduser().absolute() if home else platformdirs.user_data_path(APP, appauthor=False)
        models = os.environ.get("DESKTOP_AGENT_MODELS")
        return cls(root, Path(models).expanduser().absolute() if models else root / "models")

    def create(self) -> "Paths":
        """Make the home folder, readable by this account only, and return self. Raises UserFacingError."""
        try:
            self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            hint = "Set DESKTOP_AGENT_HOME to a folder that this account may write."
            raise UserFacingError(f"Nothing can be kept in {self.home}: {error.strerror}.", hint) from error
        return self

    @property
    def database(self) -> Path:
        """The encrypted SQLite database."""
        return self.home / "desktop-agent.db"

    @property
    def backups(self) -> Path:
        """Copies of the database, as encrypted as it is."""
        return self.home / "backups"

    @property
    def python_sandbox(self) -> Path:
        """CPython as a WebAssembly component, for the model's code; `make sandbox` builds it."""
        return self.models / "python-sandbox"

    @property
    def index(self) -> Path:
        """Chroma's folder: vectors and ids only, rebuilt from the database at any time."""
        return self.home / "index"

    @property
    def engine(self) -> Path:
        """What was measured and prepared for models on this machine; nothing personal, all of it can be made again."""
        return self.home / "engine"

    @property
    def programs(self) -> Path:
        """Programs of others that were installed for this one: MCP servers, each in a folder of its name."""
        return self.home / "programs"

    @property
    def settings(self) -> Path:
        """Preferences; nothing personal."""
        return self.home / "settings.json"

    @property
    def profile(self) -> Path:
        """Which key opens the database, and where that key is kept."""
        return self.home / "profile.json"

    @property
    def key_file(self) -> Path:
        """The key itself, only on machines without a keyring."""
        return self.home / "profile.key"

    @property
    def lock(self) -> Path:
        """Held while a program uses this home."""
        return self.home / "lock"
