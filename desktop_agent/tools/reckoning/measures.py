"""The units in an expression."""

from dataclasses import replace
from fractions import Fraction

from desktop_agent.tools.reckoning import functions
from desktop_agent.tools.reckoning.amounts import Amount, Scale, of
from desktop_agent.tools.reckoning.reader import Reader
from desktop_agent.tools.reckoning.units import Unit, unit

INTO = frozenset({"in", "to", "as", "into"})
_POWERS = {"square": 2, "sq": 2, "cubic": 3, "cu": 3}
_ONE = Amount(Fraction(1))


def scale(reader: Reader) -> Scale:
    """Read the units that are wanted, such as km/h. Raises UserFacingError when there are none."""
    value = _some(reader)
    while sign := reader.take("/", "*", "per"):
        more = _some(reader)
        value = value * more if sign == "*" else value / more
    return value.scale


def measured(reader: Reader, value: Amount) -> Amount | None:
    """Read the units after a value; None when there are none."""
    found = None
    while (next_unit := _unit(reader)) is not None:
        each, power = next_unit
        if found is None and power == 1 and not value.scale:
            found = replace(of(value.value, each), exact=each.exact and value.exact)
        else:
            found = (found or value) * of(Fraction(1), each) ** Amount(Fraction(power))
    return found


def is_call(reader: Reader) -> bool:
    """Return whether a function follows: min(2, 3), but not 5 min."""
    word = reader.next.text.casefold()
    return functions.is_function(word) and (reader.after().text == "(" or unit(word) is None)


def _some(reader: Reader) -> Amount:
    found = measured(reader, _ONE)
    if found is None:
        raise reader.unexpected("a unit that is known here")
    return found


def _unit(reader: Reader) -> tuple[Unit, int] | None:
    """Read a unit with its power: m, square feet, s^-1."""
    word = reader.next.text.casefold()
    named = _POWERS.get(word) if reader.next.kind == "word" and unit(reader.after().text) else None
    token = reader.after() if named else reader.next
    found = unit(token.text) if token.kind == "word" and not is_call(reader) else None
    if found is None or (word in INTO and not _is_inch(reader)) or word in functions.CONSTANTS:
        return None
    reader.skip(2 if named else 1)
    return found, named or _power(reader)


def _power(reader: Reader) -> int:
    minus = reader.after().text == "-"
    number = reader.after(2 if minus else 1)
    if reader.next.text != "^" or number.kind != "number" or not number.text.isdecimal() or int(number.text) > 9:
        return 1
    reader.skip(3 if minus else 2)
    return -int(number.text) if minus else int(number.text)


def _is_inch(reader: Reader) -> bool:
    """Return whether "in" is a unit here: 5 in, 5 in * 2, 5 in in cm."""
    following = reader.after()
    if reader.next.text.casefold() != "in":
        return False
    return (following.kind in {"sign", "end"} and following.text != "%") or following.text.casefold() in INTO
