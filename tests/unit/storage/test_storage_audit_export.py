import csv
import json
import stat
from dataclasses import asdict, replace

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.records import AuditEntry
from desktop_agent.storage.audit import Audit
from desktop_agent.storage.audit_export import export_audit

ENTRY = AuditEntry(
    0, "", "", "c1", "read_file", "read", '{"path": "a\\n汤.txt"}', "d", "once", True, False, 12, 0.25, '=cmd|"x", y'
)


@pytest.fixture
def audit(database):
    return Audit(database)


def test_json_lines_hold_every_call_with_its_arguments_as_they_were(audit, tmp_path, chat):
    audit.add(ENTRY)
    audit.add(replace(ENTRY, conversation_id=chat, arguments="", ok=True))
    audit.add(replace(ENTRY, arguments='{"half'))
    assert export_audit(audit, tmp_path / "audit.jsonl") == 3
    rows = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text("utf-8").splitlines()]
    assert [row["arguments"] for row in rows] == [{"path": "a\n汤.txt"}, None, '{"half']
    assert rows[0].keys() == asdict(ENTRY).keys()
    assert (rows[1]["conversation_id"], rows[1]["ok"]) == (chat, True)
    assert export_audit(audit, tmp_path / "chat.jsonl", chat) == 1


def test_a_table_is_one_that_a_spreadsheet_does_not_compute(audit, tmp_path):
    audit.add(ENTRY)
    assert export_audit(audit, tmp_path / "audit.CSV") == 1
    with (tmp_path / "audit.CSV").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["fault"] == '\'=cmd|"x", y'
    assert (row["arguments"], row["tainted"], row["seconds"]) == (ENTRY.arguments, "True", "0.25")


def test_only_this_account_may_read_it_and_nothing_is_left_beside_it(audit, tmp_path):
    (tmp_path / "new").mkdir()
    export_audit(audit, tmp_path / "new" / "audit.jsonl")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["audit.jsonl"]
    assert stat.S_IMODE((tmp_path / "new" / "audit.jsonl").stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_is_said_so_and_a_former_one_stays(audit, tmp_path, monkeypatch):
    with pytest.raises(UserFacingError, match=r"cannot be written to .*No such file"):
        export_audit(audit, tmp_path / "none" / "audit.csv")
    (tmp_path / "audit.csv").write_text("former")
    audit.add(ENTRY)

    def full(_entry: AuditEntry) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("desktop_agent.storage.audit_export._row", full)
    with pytest.raises(UserFacingError, match="No space left"):
        export_audit(audit, tmp_path / "audit.csv")
    assert (tmp_path / "audit.csv").read_text() == "former"
    assert not (tmp_path / "audit.csv.new").exists()
