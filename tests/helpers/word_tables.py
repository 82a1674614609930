"""Looks into the full-text tables: are they whole, and which words are in them?"""

from desktop_agent.storage.database import Database

TABLES = ("turn_words", "window_words")


def check(database: Database) -> None:
    """Raise AssertionError when they hold other rows than the turns and saved memories, SQLite's error when damaged."""
    wanted = "SELECT position FROM turns UNION ALL SELECT -number FROM saved_memories ORDER BY 1"
    rows = database.select(wanted)
    for table in TABLES:
        database.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")  # noqa: S608 -- one of the two
        assert database.select(f"SELECT id FROM {table}_docsize ORDER BY 1") == rows, table  # noqa: S608


def words(database: Database) -> set[str]:
    """Return every word, as the tables have it."""
    found: set[str] = set()
    for table in TABLES:
        database.execute(f"CREATE VIRTUAL TABLE temp.seen USING fts5vocab (main, {table}, row)")
        found |= {row[0] for row in database.select("SELECT term FROM temp.seen")}
        database.execute("DROP TABLE temp.seen")
    return found
