"""What is in an encrypted database, for looking for what should be gone."""

from contextlib import closing
from pathlib import Path

from sqlcipher3 import dbapi2

from desktop_agent.paths import Paths
from desktop_agent.settings.secrets import open_key


def plain_dump(database: Path, key: bytes, target: Path) -> bytes:
    """Return the bytes of a decrypted copy: every row and index, though not what was left in freed pages."""
    target.unlink(missing_ok=True)
    with closing(dbapi2.connect(str(database))) as connection:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("ATTACH DATABASE ? AS plain KEY ''", (str(target),))
        connection.execute("SELECT sqlcipher_export('plain')")
    return target.read_bytes()


def occurrences(paths: Paths, word: str, folder: Path) -> dict[str, int]:
    """Count a word in every file below a home, and in its decrypted databases and backups; `folder` is for copies."""
    key = open_key(paths).value
    found: dict[str, int] = {}
    for path in paths.home.rglob("*"):
        if path.is_file():
            texts = [path.read_bytes()]
            if path.suffix == ".db":
                texts.append(plain_dump(path, key, folder / "plain.db"))
            spellings = [word.encode(coding, "replace") for coding in ("utf-8", "utf-16-le", "latin-1")]
            spellings.append(word.encode("ascii", "backslashreplace"))
            count = sum(text.lower().count(spelling.lower()) for text in texts for spelling in spellings)
            found |= {str(path): count} if count else {}
    return found
