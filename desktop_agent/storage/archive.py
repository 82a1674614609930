"""Everything that is kept, taken elsewhere: written into an encrypted archive, and added from one."""

from dataclasses import dataclass
from pathlib import Path

from desktop_agent.storage import archive_rows
from desktop_agent.storage.archive_file import Progress, opened, written
from desktop_agent.storage.archive_merge import ImportReport, Merge
from desktop_agent.storage.database import Database

__all__ = ["ArchiveReport", "ImportReport", "export_archive", "import_archive"]


@dataclass(frozen=True)
class ArchiveReport:
    """How much an archive holds."""

    conversations: int
    messages: int
    memories: int


def export_archive(database: Database, path: Path, passphrase: str, progress: Progress | None = None) -> ArchiveReport:
    """Write everything into an archive, as it is at this moment, while the program goes on.

    Raises UserFacingError, with a former file of that name left as it was.
    """
    with database.snapshot() as reader:
        counts = archive_rows.counts(reader)
        with written(path, passphrase, counts, progress) as archive:
            for table in counts:
                archive.write(table, archive_rows.rows(reader, table))
    return ArchiveReport(counts["conversations"], counts["messages"], counts["memories"])


def import_archive(database: Database, path: Path, passphrase: str, progress: Progress | None = None) -> ImportReport:
    """Add what an archive holds and is not here; what is here stays as it is, and what was forgotten here stays so.

    Folders and tools that were allowed elsewhere are not allowed here. Raises UserFacingError with nothing changed.
    """
    with opened(path, passphrase, progress) as archive:
        report = database.run(lambda db: Merge(db, archive).run())
    if report.forgotten:  # it was in the log for a moment
        database.checkpoint()
    return report
