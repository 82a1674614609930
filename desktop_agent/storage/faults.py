"""What went wrong with the database file, said in words."""

from collections.abc import Iterator
from contextlib import contextmanager

from desktop_agent.errors import UserFacingError

_BACKUP = "Restore it from a backup, or move it away to begin anew."
_SENTENCES = {
    5: ("Your conversations are in use by another program.", "Close the other Desktop Agent and try again."),
    8: (
        "Your conversations cannot be written: the file or its folder is write-protected.",
        "Allow this account to write there.",
    ),
    10: (
        "The disk reported an error, so the last change was not saved.",
        "Check that the disk is healthy and has free space.",
    ),
    11: ("The file with your conversations is damaged.", _BACKUP),
    13: ("The disk is full, so the last change was not saved.", "Free some space and try again."),
    14: (
        "The file with your conversations cannot be opened.",
        "Check that its folder exists and that this account may use it.",
    ),
    26: (
        "The key does not open the file with your conversations, or the file is damaged.",
        "Nothing was changed. " + _BACKUP,
    ),
}
_GONE = ("This conversation is no longer there.", "It was probably deleted meanwhile.")


@contextmanager
def faults_in_words() -> Iterator[None]:
    """Turn the faults that a user can do something about into UserFacingError; let mistakes of the program through."""
    from sqlcipher3 import dbapi2

    try:
        yield
    except dbapi2.Error as error:
        sentence = _SENTENCES.get(getattr(error, "sqlite_errorcode", 0))
        if "FOREIGN KEY" in str(error):  # every such key leads to a conversation; the code says only "constraint"
            sentence = _GONE
        if sentence is None:
            raise
        raise UserFacingError(*sentence) from error
