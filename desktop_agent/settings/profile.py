"""profile.json: which profile this is, and where the key to its database is kept. Never the key itself."""

import base64
import json
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Self, TypeAlias, cast, get_args

from desktop_agent import durable
from desktop_agent.errors import UserFacingError
from desktop_agent.settings.sealing import SealedKey

Place: TypeAlias = Literal["keyring", "file", "passphrase"]


@dataclass(frozen=True)
class Profile:
    """Where the key is: in the keyring under `id`, in the key file, or in `sealed`, which a passphrase opens."""

    place: Place
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    sealed: SealedKey | None = None

    @classmethod
    def load(cls, path: Path) -> Self | None:
        """Return the profile, None when there is no file; raises UserFacingError when the file is damaged."""
        try:
            data = json.loads(path.read_bytes())
            return cls(_place(data["key"]["place"]), str(data["id"]), _sealed(data["key"]))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UserFacingError(f"The file {path} cannot be read: {error.strerror}.") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UserFacingError(
                f"The file {path}, which says where the key to your conversations is, is damaged.",
                "Restore it from a backup. Nothing was changed.",
            ) from error

    def save(self, path: Path) -> None:
        """Write it whole or not at all; raises OSError."""
        sealed = {} if self.sealed is None else {name: _text(value) for name, value in asdict(self.sealed).items()}
        data = {"id": self.id, "key": {"place": self.place, **sealed}}
        durable.write(path, json.dumps(data, indent=2).encode() + b"\n")


def _place(name: str) -> Place:
    if name not in get_args(Place):
        raise ValueError(f"unknown place {name}")
    return cast(Place, name)


def _sealed(key: dict[str, Any]) -> SealedKey | None:
    if key["place"] != "passphrase":
        return None
    salt, nonce, wrapped = (base64.b64decode(key[name], validate=True) for name in ("salt", "nonce", "wrapped"))
    return SealedKey(salt, int(key["n"]), int(key["r"]), int(key["p"]), nonce, wrapped)


def _text(value: bytes | int) -> str | int:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
