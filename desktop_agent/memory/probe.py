"""Opens the index in a given folder, in a process of its own: a damaged one may kill it."""

import sys
from pathlib import Path

from desktop_agent.memory.index import IndexFailed, VectorIndex


def main() -> int:
    """Return 0 when the index answers."""
    try:
        VectorIndex(Path(sys.argv[1])).close()
    except IndexFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
