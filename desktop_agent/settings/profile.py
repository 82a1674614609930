"""profile.json: which profile this is, and where its secrets are kept. Never a secret itself."""

import base64
import json
import uuid
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self, TypeAlias, cast, get_args

from desktop_agent import durable
from desktop_agent.errors import UserFacingError
from desktop_agent.settings.sealing import SealedKey

Place: TypeAlias = Literal["keyring", "file", "passphrase"]


@dataclass(frozen=True)
class Recovery:
    """The key once more, sealed with the recovery phrase, and the days when that was made and last typed again."""

    sealed: SealedKey
    made_on: str
    confirmed_on: str = ""


@dataclass(frozen=True)
class Profile:
    """Where the key is: in the keyring under `id`, in the key file, or in `sealed`, which a passphrase opens.

    `secrets` names what else the keyring holds for this profile.
    """

    place: Place
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    sealed: SealedKey | None = None
    recovery: Recovery | None = None
    secrets: tuple[str, ...] = ()

    @classmethod
    def load(cls, path: Path) -> Self | None:
        """Return the profile, None when there is no file; raises UserFacingError when the file is damaged."""
        try:
            data = json.loads(path.read_bytes())
            return cls(
                _place(data["key"]["place"]),
                str(data["id"]),
                _sealed(data["key"]) if data["key"]["place"] == "passphrase" else None,
                _recovery(data["recovery"]) if "recovery" in data else None,
                tuple(map(str, data.get("secrets", ()))),
            )
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
        data: dict[str, Any] = {"id": self.id, "key": {"place": self.place, **_data(self.sealed)}}
        if self.recovery:
            days = {"made_on": self.recovery.made_on, "confirmed_on": self.recovery.confirmed_on}
            data["recovery"] = {**days, **_data(self.recovery.sealed)}
        if self.secrets:
            data["secrets"] = list(self.secrets)
        durable.write(path, json.dumps(data, indent=2).encode() + b"\n")


def _place(name: str) -> Place:
    if name not in get_args(Place):
        raise ValueError(f"unknown place {name}")
    return cast(Place, name)


def _recovery(data: dict[str, Any]) -> Recovery:
    days = (str(data[name] and date.fromisoformat(data[name])) for name in ("made_on", "confirmed_on"))
    return Recovery(_sealed(data), *days)


def _sealed(data: dict[str, Any]) -> SealedKey:
    salt, nonce, wrapped = (base64.b64decode(data[name], validate=True) for name in ("salt", "nonce", "wrapped"))
    return SealedKey(salt, int(data["n"]), int(data["r"]), int(data["p"]), nonce, wrapped)


def _data(sealed: SealedKey | None) -> dict[str, str | int]:
    return {} if sealed is None else {name: _text(value) for name, value in asdict(sealed).items()}


def _text(value: bytes | int) -> str | int:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
