"""What the system refuses, in sentences."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from desktop_agent.errors import UserFacingError


@contextmanager
def sentences(label: str) -> Iterator[None]:
    """Say in a sentence what the system refuses in the block, of the file with this label."""
    try:
        yield
    except OSError as error:
        raise refusal(error, label) from error


def refusal(error: OSError, label: str) -> UserFacingError:
    """Return what an error of the system means for the user."""
    for codes, said, hint in _REFUSALS:
        if error.errno in codes:
            return UserFacingError(said.format(label=label), hint)
    return UserFacingError(f"'{label}' was not changed: {os.strerror(error.errno or 0)}.")


_REFUSALS = (
    ((errno.ENOSPC, errno.EDQUOT), "The disk is full; '{label}' is as it was.", "Free some space first."),
    ((errno.EFBIG,), "'{label}' would be too large for its disk.", "Write less."),
    ((errno.EACCES, errno.EPERM, errno.EROFS), "This account may not change '{label}'.", "The user can change that."),
    ((errno.ELOOP, errno.ENOTDIR), "The way to '{label}' leads through a link or a file.", "Name the folder itself."),
    ((errno.EXDEV,), "'{label}' is on another disk or mount than the granted folder.", "The user can grant that one."),
    ((errno.ENOENT,), "There is no '{label}'.", "list_files shows what is there."),
    ((errno.ENAMETOOLONG,), "The name of '{label}' is too long.", "Choose a shorter one."),
    ((errno.ENOTEMPTY,), "The folder '{label}' is not empty.", "Delete what is in it first."),
    ((errno.ESTALE,), "Another program changed '{label}' meanwhile; it is as that left it.", "Read it again first."),
    ((errno.EEXIST,), "There is '{label}' already.", "Choose another name."),
    ((errno.EBUSY, errno.ETXTBSY), "'{label}' is in use.", "Try again later."),
)
