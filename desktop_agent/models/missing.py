"""What is said of models that are not here, or not as they should be."""

from pathlib import Path

from desktop_agent.errors import UserFacingError
from desktop_agent.models.catalogue import ModelEntry
from desktop_agent.models.transfer import size_text


class ModelMissing(UserFacingError):
    """The model is not on this computer; the hint says how to get it."""


def missing(entry: ModelEntry, folder: Path) -> ModelMissing:
    """Return the error that says that an entry's file is not here, or not as large as it should be."""
    size = size_text(entry.bytes)
    if entry.location:
        message = f"The file of {entry.name} is gone or has changed; it was {entry.location}."
        return ModelMissing(message, f"Put it back, or take it off the list: {_how_to_remove(entry)}")
    if (folder / entry.file).exists():
        message = f"The file of {entry.name} is damaged: it does not have the expected {size}."
    else:
        message = f"The model {entry.name} ({entry.title}, {size}) is not on this computer."
    return ModelMissing(message, f"Fetch it with: {_how_to_get(entry)}")


def damaged(entry: ModelEntry) -> UserFacingError:
    """Return the error that says that an entry's file has another checksum."""
    if entry.location:
        message = f"{entry.name} is not the file that it was (its checksum differs): {entry.location}."
        return UserFacingError(message, f"If you do not trust it, run: {_how_to_remove(entry)}")
    message = f"{entry.name} is damaged: its file is not the one that was fetched (its checksum differs)."
    return UserFacingError(message, f"Run: {_how_to_remove(entry)}, then: {_how_to_get(entry)}")


def _how_to_get(entry: ModelEntry) -> str:
    return f"desktop-agent models pull {entry.name}" if entry.sources else "desktop-agent models import FILE"


def _how_to_remove(entry: ModelEntry) -> str:
    return f"desktop-agent models remove {entry.name}"
