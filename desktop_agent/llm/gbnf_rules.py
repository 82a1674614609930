"""The rules of a GBNF grammar, llama.cpp's notation: literals, JSON's own rules, ranges of whole numbers."""

import json
from collections.abc import Iterator
from typing import Any

MOST_REPEATS = 1999
"""llama.cpp refuses a grammar that repeats something 2,000 times."""

NOTHING = '""'
"""The empty text. An alternative must not be left blank: llama.cpp would take the next line for it."""

_MOST_RULES = 3000
_LARGEST = 10**19 - 1

_SCALARS = "string | number | boolean | null"
_BASICS = {
    "comma": r'"," " "?',
    "colon": r'":" " "?',
    "hex": "[0-9a-fA-F]",
    # No escaped surrogates: a lone one is no text and cannot be written to a file.
    "escape": r'"\\" (["\\/bfnrt] | "u" ([0-9a-cA-CefEF] hex hex hex | [dD] [0-7] hex hex))',
    "char": r'[^"\\\x00-\x1F\x7F] | escape',
    "string": r'"\"" char* "\""',
    "magnitude": '"0" | [1-9] [0-9]{0,18}',
    "integer": '"-"? magnitude',
    "fraction": '("." [0-9]{1,22})? ([eE] ("-" [0-9]{1,3} | "+"? [0-9]{1,2}))?',
    "number": "integer fraction",
    "boolean": '"true" | "false"',
    "null": '"null"',
    "date": '[0-9]{4} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | [12] [0-9] | "3" [01])',
    "zone": '"Z" | [-+] [0-2] [0-9] ":" [0-5] [0-9]',
    "time": '([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] (":" [0-5] [0-9] ("." [0-9]{1,6})?)? zone?',
    "any-0": _SCALARS,
    **{
        f"{kind}-{depth}": body.format(inner=f"any-{depth - 1}")
        for depth in range(1, 5)
        for kind, body in {
            "pair": "string colon {inner}",
            "object": f'"{{{{" (pair-{depth} (comma pair-{depth})*)? "}}}}"',
            "array": '"[" ({inner} (comma {inner})*)? "]"',
            "any": f"{_SCALARS} | object-{depth} | array-{depth}",
        }.items()
    },
}


class Rules:
    """The rules written so far. Equal bodies share one rule; JSON's own rules come along."""

    def __init__(self) -> None:
        self._bodies = dict(_BASICS)
        self._names = {body: name for name, body in _BASICS.items()}

    def add(self, body: str) -> str:
        """Return the name of a rule with this body. Raises ValueError when a schema needs thousands of them."""
        if body not in self._names:
            self._names[body] = self.reserve()
            self._bodies[self._names[body]] = body
        return self._names[body]

    def reserve(self) -> str:
        """Return the name of a rule that gets its body later, by `define`."""
        if len(self._bodies) > _MOST_RULES:
            raise ValueError("the schema is too large")
        name = f"r{len(self._bodies)}"
        self._bodies[name] = ""
        return name

    def define(self, name: str, body: str) -> None:
        """Give a rule its body."""
        self._bodies[name] = body

    def text(self, root: str) -> str:
        """Return the grammar with `root` as the body of its root rule."""
        return "\n".join(f"{name} ::= {body}" for name, body in {"root": root, **self._bodies}.items()) + "\n"


def literal(text: str) -> str:
    """Return exactly this text as a GBNF literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def json_literal(value: Any) -> str:
    """Return exactly this JSON value as a GBNF literal. Raises ValueError for what JSON cannot say."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        text.encode()  # a lone surrogate is no text
    except (TypeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    return literal(text)


def repeat(rule: str, least: int, most: int | None) -> str:
    """Return `rule` repeated; more than llama.cpp can count is not counted."""
    if most is None or most > MOST_REPEATS:
        return f"{rule}*" if least == 0 else f"{rule}{{{min(least, MOST_REPEATS)},}}"
    return f"{rule}{{{least},{most}}}"


def whole_numbers(low: int | None, high: int | None) -> str:
    """Return an expression for the whole numbers from `low` to `high`. Raises ValueError when there are none."""
    low = -_LARGEST if low is None else max(low, -_LARGEST)
    high = _LARGEST if high is None else min(high, _LARGEST)
    if low > high:
        raise ValueError(f"no whole number lies between {low} and {high}")
    parts = []
    if low < 0:
        parts += [f'"-" ({" | ".join(_naturals(max(1, -high), -low))})']
    if high >= 0:
        parts += _naturals(max(0, low), high)
    return " | ".join(parts)


def _naturals(low: int, high: int) -> list[str]:
    """Return the alternatives for low..high, both not negative, one set per number of digits."""
    found: list[str] = []
    for digits in range(len(str(low)), len(str(high)) + 1):
        first = max(low, 10 ** (digits - 1) if digits > 1 else 0)
        found += _same_length(str(first), str(min(high, 10**digits - 1)))
    return found


def _same_length(low: str, high: str) -> Iterator[str]:
    """Yield the alternatives for low..high, which have equally many digits."""
    if not low:
        yield NOTHING
    elif low[0] == high[0]:
        yield from (f'"{low[0]}" {rest}' for rest in _same_length(low[1:], high[1:]))
    elif set(low[1:]) <= {"0"} and set(high[1:]) <= {"9"}:
        yield f"[{low[0]}-{high[0]}]" + (f" [0-9]{{{len(low) - 1}}}" if low[1:] else "")
    elif set(low[1:]) - {"0"}:
        yield from _same_length(low, low[0] + "9" * len(low[1:]))
        yield from _same_length(str(int(low[0]) + 1) + "0" * len(low[1:]), high)
    else:
        yield from _same_length(low, str(int(high[0]) - 1) + "9" * len(low[1:]))
        yield from _same_length(high[0] + "0" * len(low[1:]), high)
