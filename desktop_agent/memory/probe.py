"""Opens the index in a given folder and reads all of it, in a process of its own: a damaged one may kill it."""

import sys
from pathlib import Path

from desktop_agent.memory.index import IndexFailed
from desktop_agent.memory.local import LocalIndex

_SAMPLES = 50
_TOLERATED = 0.1
"""Share of vectors that are not their own nearest neighbour: the graph is an approximate one."""


def main() -> int:
    """Return 0 when every vector is there and of length 1, and nearly all are found."""
    try:
        index = LocalIndex(Path(sys.argv[1]))
        try:
            examine(index)
        finally:
            index.failed = True  # only the program that uses it closes it in order
            index.close()
    except IndexFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def examine(index: LocalIndex) -> None:
    """Raise IndexFailed when a vector is missing or is none of ours."""
    import numpy as np

    asked = lost = 0
    for page in index.rows():
        lengths = np.linalg.norm(np.array([row.vector for row in page], dtype=np.float32), axis=1)
        if not np.allclose(lengths, 1, atol=1e-3):
            raise IndexFailed("vectors are damaged")
        for row in page[:: max(1, len(page) // _SAMPLES)]:
            asked += 1
            lost += not any(cosine > 0.99 for _, cosine in index.query(row.vector, 1)[row.group])
    if lost > asked * _TOLERATED:
        raise IndexFailed("vectors are not where they should be")


if __name__ == "__main__":
    sys.exit(main())
