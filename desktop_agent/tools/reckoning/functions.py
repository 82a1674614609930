"""The functions of the calculator."""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.reckoning import exact
from desktop_agent.tools.reckoning.amounts import Amount

_RADIANS = (("rad", 1),)
CONSTANTS = {"pi": exact.PI, "π": exact.PI, "tau": 2 * exact.PI, "e": exact.E}


def call(name: str, arguments: Sequence[Amount]) -> Amount:
    """Return what a function makes of its arguments. Raises UserFacingError."""
    if name == "log":
        raise UserFacingError("'log' has no one meaning.", "Write log10, log2 or ln.")
    known = _FUNCTIONS.get(name)
    if known is None:
        raise UserFacingError(f"There is no function '{name}'.", f"There are: {', '.join(sorted(_FUNCTIONS))}.")
    least, most, function = known
    if not least <= len(arguments) <= most:
        count = str(least) if least == most else f"{least} or more"
        raise UserFacingError(f"{name} takes {count} argument{'' if count == '1' else 's'}.")
    return function(*arguments)


def is_function(name: str) -> bool:
    """Return whether there is such a function."""
    return name in _FUNCTIONS or name == "log"


def _through(function: Callable[[Fraction], Fraction], keeps: bool = True) -> Callable[[Amount], Amount]:
    """Return a function of plain numbers as one of amounts; `keeps` says that exact ones stay so."""
    return lambda amount: Amount(exact.checked(function(amount.plain("this"))), exact=amount.exact and keeps)


def _of_float(function: Callable[[float], float]) -> Callable[[Fraction], Fraction]:
    def compute(value: Fraction) -> Fraction:
        try:
            return Fraction(repr(function(float(value))))
        except (ValueError, OverflowError) as error:
            raise UserFacingError("The function has no value there.") from error

    return compute


def _angle(function: Callable[[float], float]) -> Callable[[Amount], Amount]:
    """Return a function of an angle; a plain number is one in radians."""

    def compute(amount: Amount) -> Amount:
        plain = amount if amount.dimension == _RADIANS else Amount(amount.plain("an angle"))
        return Amount(_rounded_float(_of_float(function)(plain.value)), exact=False)

    return compute


def _rounded_float(value: Fraction) -> Fraction:
    """Return the number without the noise of binary fractions: sin(180 deg) is 0."""
    return exact.rounded(value, 15)


def _in_shown(function: Callable[[Fraction], Fraction]) -> Callable[..., Amount]:
    """Return a function of the number that is shown, which keeps its unit: round(2.7 km) is 3 km."""

    def compute(amount: Amount, digits: Amount | None = None) -> Amount:
        places = digits.plain("the number of digits") if digits else Fraction(0)
        scale = Fraction(10) ** max(-300, min(int(places), 300))
        return amount.showing(function(amount.shown * scale) / scale)

    return compute


def _least_or_most(pick: Callable[..., Amount]) -> Callable[..., Amount]:
    def compute(*amounts: Amount) -> Amount:
        for amount in amounts[1:]:
            amount.to(amounts[0].scale)
        return pick(amounts, key=lambda amount: amount.value)

    return compute


def _sum(*amounts: Amount) -> Amount:
    total = amounts[0]
    for amount in amounts[1:]:
        total += amount
    return total


def _mean(*amounts: Amount) -> Amount:
    return _sum(*amounts) / Amount(Fraction(len(amounts)))


def _median(*amounts: Amount) -> Amount:
    _sum(*amounts)  # which says when they cannot be compared
    ordered = sorted(amounts, key=lambda amount: amount.value)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else _mean(ordered[middle - 1], ordered[middle])


def _whole(function: Callable[..., int], largest: int) -> Callable[..., Amount]:
    """Return a function of whole numbers up to the largest."""

    def compute(*amounts: Amount) -> Amount:
        values = [amount.plain("this") for amount in amounts]
        if any(value.denominator != 1 or value < 0 for value in values):
            raise UserFacingError("This takes whole numbers from 0 on.")
        if max(values) > largest:
            raise exact.too_large()
        return Amount(exact.checked(Fraction(function(*(value.numerator for value in values)))))

    return compute


def _modulo(one: Amount, other: Amount) -> Amount:
    one.to(other.scale)
    if not other.value:
        raise UserFacingError("Nothing can be divided by zero.")
    return Amount(one.value % other.value, one.scale, one.exact and other.exact)


def _root(amount: Amount, degree: Amount) -> Amount:
    return amount ** (Amount(Fraction(1)) / degree)


_MANY = 200
_HUGE = 10**100
_FUNCTIONS: dict[str, tuple[int, int, Callable[..., Amount]]] = {
    "sqrt": (1, 1, lambda amount: amount ** Amount(Fraction(1, 2))),
    "cbrt": (1, 1, lambda amount: amount ** Amount(Fraction(1, 3))),
    "root": (2, 2, _root),
    "pow": (2, 2, lambda base, exponent: base**exponent),
    "abs": (1, 1, lambda amount: amount if amount.value >= 0 else -amount),
    "round": (1, 2, _in_shown(exact.rounded)),
    "floor": (1, 1, _in_shown(lambda value: Fraction(math.floor(value)))),
    "ceil": (1, 1, _in_shown(lambda value: Fraction(math.ceil(value)))),
    "ln": (1, 1, _through(exact.ln, keeps=False)),
    "log10": (1, 1, lambda amount: _logarithm(amount, 10)),
    "log2": (1, 1, lambda amount: _logarithm(amount, 2)),
    "exp": (1, 1, _through(exact.exp, keeps=False)),
    "factorial": (1, 1, _through(exact.factorial)),
    "min": (1, _MANY, _least_or_most(min)),
    "max": (1, _MANY, _least_or_most(max)),
    "sum": (1, _MANY, _sum),
    "mean": (1, _MANY, _mean),
    "avg": (1, _MANY, _mean),
    "average": (1, _MANY, _mean),
    "median": (1, _MANY, _median),
    "mod": (2, 2, _modulo),
    "gcd": (1, _MANY, _whole(math.gcd, _HUGE)),
    "lcm": (1, _MANY, _whole(math.lcm, _HUGE)),
    "comb": (2, 2, _whole(math.comb, 3_000)),
    "perm": (2, 2, _whole(math.perm, 3_000)),
    "hypot": (2, 2, lambda one, other: (one * one + other * other) ** Amount(Fraction(1, 2))),
    "sin": (1, 1, _angle(math.sin)),
    "cos": (1, 1, _angle(math.cos)),
    "tan": (1, 1, _angle(math.tan)),
    "asin": (1, 1, _through(_of_float(math.asin), keeps=False)),
    "acos": (1, 1, _through(_of_float(math.acos), keeps=False)),
    "atan": (1, 1, _through(_of_float(math.atan), keeps=False)),
}


def _logarithm(amount: Amount, base: int) -> Amount:
    """Return a logarithm, exact for powers of the base."""
    value = amount.plain("this")
    found = exact.ln(value) / exact.ln(Fraction(base))
    whole = exact.rounded(found)
    if abs(whole) < 5_000 and Fraction(base) ** int(whole) == value:
        return Amount(whole, exact=amount.exact)
    return Amount(found, exact=False)
