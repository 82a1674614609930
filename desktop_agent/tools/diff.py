"""What changes in a text, as a unified diff that is safe to look at."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import pairwise

from desktop_agent.visible import visible

CONTEXT = 3
LONGEST = 200_000
"""Characters of a diff; what is cut off is named by its SHA-256, so that an approval covers it too."""
_COMPARED = 4_000_000
"""Pairs of lines, beyond which what lies between the first and the last difference counts as one."""


@dataclass(frozen=True)
class Diff:
    """A unified diff without head lines, and how many lines it adds and removes. With `cut` its end is missing."""

    text: str
    added: int
    removed: int
    cut: bool


def diff(before: str, after: str) -> Diff:
    """Return how to get from one text to the other."""
    old, new = _lines(before), _lines(after)
    lines: list[str] = []
    for group in _grouped(_differences(old, new)):
        lines += _hunk(old, new, group)
    added = sum(line.startswith("+") for line in lines)
    removed = sum(line.startswith("-") for line in lines)
    text, cut = _short("\n".join(lines))
    return Diff(text, added, removed, cut)


_Change = tuple[int, int, int, int]
"""Lines i1 to i2 become lines j1 to j2."""


def _lines(text: str) -> list[str]:
    """Return the lines; the last one says so when no line end follows."""
    lines = text.split("\n")
    if not lines.pop():
        return lines
    return [*lines, f"{text.rpartition(chr(10))[2]}{_NO_END}"]


_NO_END = "\n\\ No newline at end of file"


def _differences(old: list[str], new: list[str]) -> list[_Change]:
    """Return what differs; `difflib` sees only what lies between the lines that are the same at both ends."""
    first = _alike(old, new)
    last = _alike(old[first:][::-1], new[first:][::-1])
    middle_old, middle_new = old[first : len(old) - last], new[first : len(new) - last]
    if not middle_old and not middle_new:
        return []
    if len(middle_old) * len(middle_new) > _COMPARED:
        return [(first, len(old) - last, first, len(new) - last)]
    codes = SequenceMatcher(None, middle_old, middle_new, autojunk=False).get_opcodes()
    return [(i + first, i2 + first, j + first, j2 + first) for tag, i, i2, j, j2 in codes if tag != "equal"]


def _alike(old: list[str], new: list[str]) -> int:
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _grouped(changes: list[_Change]) -> list[list[_Change]]:
    """Return changes that are near each other together."""
    groups = [changes[:1]] if changes else []
    for one, other in pairwise(changes):
        if other[0] - one[1] > 2 * CONTEXT:
            groups.append([])
        groups[-1].append(other)
    return groups


def _hunk(old: list[str], new: list[str], group: list[_Change]) -> list[str]:
    (start, _, new_start, _), (_, end, _, new_end) = group[0], group[-1]
    above = min(CONTEXT, start)
    below = min(CONTEXT, len(old) - end)
    lines = [f"@@ -{_range(start - above, end + below)} +{_range(new_start - above, new_end + below)} @@"]
    at = start - above
    for i1, i2, j1, j2 in group:
        lines += [f" {line}" for line in old[at:i1]]
        lines += [f"-{line}" for line in old[i1:i2]]
        lines += [f"+{line}" for line in new[j1:j2]]
        at = i2
    return lines + [f" {line}" for line in old[at : at + below]]


def _range(start: int, end: int) -> str:
    count = end - start
    return str(start + 1) if count == 1 else f"{start + 1 if count else start},{count}"


def _short(text: str) -> tuple[str, bool]:
    """Return a diff such that it is safe to look at; a line has no line end in it, so these stay."""
    if len(text) <= LONGEST:
        return visible(text), False
    rest = text[LONGEST:]
    mark = sha256(rest.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{visible(text[:LONGEST])}\n\\ {rest.count(chr(10)):,} more lines, SHA-256 {mark}", True
