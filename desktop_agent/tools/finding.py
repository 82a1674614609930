"""Which place a model means by a path, for a file that may not exist yet."""

from pathlib import PurePosixPath
from typing import TypeAlias

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.place import Place
from desktop_agent.tools.scope import Root, Scope, below, parse
from desktop_agent.tools.shown import shown

_Ranked: TypeAlias = tuple[int, Place]
_DEEPEST, _LONGEST = 100, 4000
_EXISTS, _NAMED, _BESIDE, _ANYWHERE = range(4)


def find(scope: Scope, path: str, home: Root | None = None) -> Place:
    """Return the place that a path means: relative to a root, beginning with a root's name, or absolute.

    A relative path is one below `home`, if that is given, unless it names another root. Raises UserFacingError when it
    lies outside, or several folders could be meant.
    """
    scope.require_roots()
    wanted = parse(path)
    if len(wanted.parts) > _DEEPEST:
        raise UserFacingError(f"The path has {len(wanted.parts):,} parts.", f"At most {_DEEPEST} are taken.")
    if len(path) > _LONGEST:
        raise UserFacingError(f"The path has {len(path):,} characters.", f"At most {_LONGEST:,} are taken.")
    meanings = [(root, tuple(below(root, wanted))) for root in _likely(scope, wanted, home)]
    found = [ranked for root, parts in meanings if (ranked := _ranked(scope, root, parts))]
    if not found:
        raise _no_place(path, scope, itself=any(() in parts for _, parts in meanings))
    best = min(rank for rank, _ in found)
    # One granted folder may hold another: then the inner one counts.
    places = {place.absolute: place for rank, place in sorted(found, key=_depth) if rank == best}
    if len(places) > 1:
        labels = ", ".join(place.label for place in places.values())
        raise UserFacingError(f"'{shown(path)}' could be in several granted folders: {labels}.", "Name one of them.")
    return next(iter(places.values()))


def _likely(scope: Scope, wanted: PurePosixPath, home: Root | None) -> tuple[Root, ...]:
    named = any(wanted.parts[:1] == (root.name,) for root in scope.roots if root != home)
    return scope.roots if home is None or wanted.is_absolute() or named else (home,)


def _no_place(path: str, scope: Scope, *, itself: bool) -> UserFacingError:
    if itself:
        return UserFacingError(f"'{shown(path)}' is a granted folder itself.", "Name something inside.")
    return UserFacingError(f"'{shown(path)}' is outside {scope.names()}.", "Give a path inside, without '..'.")


def _ranked(scope: Scope, root: Root, meanings: tuple[tuple[str, ...], ...]) -> _Ranked | None:
    """Return the likeliest meaning of a path below a root: what exists, what names the root, whose folder exists."""
    places = [Place(root, parts, scope.label(root, parts)) for parts in meanings if parts and ".." not in parts]
    for place in places:
        if _exists(place):
            return _EXISTS, place
    for place in places:
        if len(place.parts) > 1 and not _missing(place):
            return _BESIDE, place
    return (_NAMED if len(meanings) > 1 else _ANYWHERE, places[-1]) if places else None


def _exists(place: Place) -> bool:
    try:
        return place.status() is not None
    except OSError:
        return True  # what is in the way is said when it is used


def _missing(place: Place) -> bool:
    try:
        return bool(place.missing_folders())
    except OSError:
        return False


def _depth(ranked: _Ranked) -> int:
    return len(ranked[1].root.path.parts)
