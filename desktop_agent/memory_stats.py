"""What is stored where, and how large it is."""

from dataclasses import dataclass
from pathlib import Path

from desktop_agent.memory.dense import Dense
from desktop_agent.paths import Paths
from desktop_agent.settings.profile import Profile
from desktop_agent.storage.store import Store


@dataclass(frozen=True)
class MemoryStats:
    """Counts, places and sizes in bytes.

    `turns` are messages of chats, `saved` and `suggestions` what they say, `total` all that can be indexed. `indexed`
    of them have a vector of `embedder`, which is empty when memory goes by words only; `place` is where they are.
    """

    turns: int
    saved: int
    suggestions: int
    indexed: int
    total: int
    busy: bool
    embedder: str
    place: str
    problem: str
    database_path: Path
    database_bytes: int
    index_path: Path | None
    index_bytes: int
    backups_path: Path
    backups_bytes: int
    key_place: str
    paused: bool


def measure(paths: Paths, store: Store, dense: Dense | None, *, paused: bool) -> MemoryStats:
    """Look at everything. Takes as long as it takes to list the files."""
    total, saved = store.turns.count(), len(store.saved.list())
    state = dense.state() if dense else None
    profile = Profile.load(paths.profile)
    here = state is None or state.place == str(paths.index)
    return MemoryStats(
        turns=store.turns.messages(),
        saved=saved,
        suggestions=len(store.suggestions.list()),
        indexed=state.indexed if state else 0,
        total=total,
        busy=bool(state and state.busy),
        embedder=state.embedder if state else "",
        place=state.place if state else str(paths.index),
        problem=state.problem if state else "",
        database_path=paths.database,
        database_bytes=sum(_size(Path(f"{paths.database}{suffix}")) for suffix in ("", "-wal", "-shm")),
        index_path=paths.index if here else None,
        index_bytes=_size(paths.index),
        backups_path=paths.backups,
        backups_bytes=_size(paths.backups),
        key_place=profile.place if profile else "",
        paused=paused,
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else sum(_size(inside) for inside in path.iterdir())
    except OSError:  # gone, or not there yet
        return 0
