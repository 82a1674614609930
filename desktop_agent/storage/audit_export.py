"""The audit, taken elsewhere: as JSON lines, or as a table for a spreadsheet."""

import csv
import io
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path

from desktop_agent import durable
from desktop_agent.errors import UserFacingError
from desktop_agent.records import AuditEntry
from desktop_agent.storage.audit import Audit

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet computes what begins with one of these, and the arguments are a model's words."""


def export_audit(audit: Audit, path: Path, conversation_id: str = "") -> int:
    """Write the calls, of one conversation or of all, oldest first; return how many.

    A file that ends in .csv becomes a table, any other one JSON lines. Raises UserFacingError, with a former file of
    that name left as it was.
    """
    head, line = (_HEAD, _row) if path.suffix.lower() == ".csv" else ("", _json_line)
    new = path.with_name(f"{path.name}.new")
    count = 0
    try:
        new.unlink(missing_ok=True)
        durable.create(new, b"")
        with new.open("w", encoding="utf-8", newline="") as file:
            file.write(head)
            for entry in audit.all(conversation_id):
                file.write(line(entry))
                count += 1
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        durable.sync_folder(path.parent)
    except OSError as error:
        raise UserFacingError(f"The audit cannot be written to {path}: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)
    return count


def _json_line(entry: AuditEntry) -> str:
    row = asdict(entry) | {"arguments": _parsed(entry.arguments)}
    return json.dumps(row, ensure_ascii=False) + "\n"


def _row(entry: AuditEntry) -> str:
    return _cells([_harmless(value) for value in asdict(entry).values()])


def _cells(values: Sequence[object]) -> str:
    csv.writer(text := io.StringIO()).writerow(values)
    return text.getvalue()


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _parsed(arguments: str) -> object:
    """Return the arguments as they were, nothing when they were forgotten."""
    try:
        return json.loads(arguments) if arguments else None
    except (ValueError, RecursionError):
        return arguments


_HEAD = _cells([field.name for field in fields(AuditEntry)])
