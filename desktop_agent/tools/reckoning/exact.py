"""Rational numbers, with limits so that no expression takes long, and functions that are exact where they can be."""

import math
from decimal import Context, Decimal
from fractions import Fraction

from desktop_agent.errors import UserFacingError

BITS = 60_000
"""Of a numerator or a denominator: about 18,000 digits."""
_DIGITS = 34
_CONTEXT = Context(prec=_DIGITS + 6)
PI = Fraction("3.14159265358979323846264338327950288419717")
E = Fraction("2.71828182845904523536028747135266249775725")
_LARGEST_FACTORIAL = 3_000
_LARGEST_EXPONENT = 40_000
"""Of e: more would not fit into BITS."""


def checked(value: Fraction) -> Fraction:
    """Return the number; raises UserFacingError when it is too long to go on with."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > BITS:
        raise too_large()
    return value


def too_large() -> UserFacingError:
    """Return what is said of numbers that are too large."""
    return UserFacingError("The numbers get too large to compute exactly.", "Use smaller ones, or run_python.")


def number(text: str) -> Fraction:
    """Return the number that digits, a point and an exponent stand for."""
    mantissa, _, exponent = text.replace("_", "").lower().partition("e")
    if len(exponent.lstrip("+-")) > 4 or len(mantissa) > 5_000:
        raise too_large()
    return checked(Fraction(text.replace("_", "")))


def power(base: Fraction, exponent: Fraction) -> tuple[Fraction, bool]:
    """Return a power, and whether it is exact."""
    if base == 0 and exponent < 0:
        raise UserFacingError("Nothing can be divided by zero.")
    if exponent.denominator == 1:
        bits = max(base.numerator.bit_length(), base.denominator.bit_length())
        if abs(base) != 1 and base and bits * abs(exponent.numerator) > BITS:
            raise too_large()
        odd = exponent.numerator % 2
        return (base if odd else base * base) if abs(base) == 1 else base**exponent.numerator, True
    if base < 0:
        raise UserFacingError("The root of a negative number is no real number.")
    exact = _exact_root(base, exponent.denominator)
    if exact is not None:
        return power(exact, Fraction(exponent.numerator))
    return exp(ln(base) * exponent) if base else Fraction(0), False


def _exact_root(value: Fraction, degree: int) -> Fraction | None:
    """Return the root when it is a rational number."""
    if degree > 64:
        return None
    parts = [_integer_root(part, degree) for part in (value.numerator, value.denominator)]
    root = Fraction(parts[0], parts[1] or 1)
    return root if root**degree == value else None


def _integer_root(value: int, degree: int) -> int:
    """Return the root rounded down, by Newton's method."""
    if degree == 2 or value < 2:
        return math.isqrt(value) if degree == 2 else value
    guess = 1 << -(-value.bit_length() // degree)
    while (better := ((degree - 1) * guess + value // guess ** (degree - 1)) // degree) < guess:
        guess = better
    return guess


def ln(value: Fraction) -> Fraction:
    """Return the natural logarithm to 34 digits."""
    if value <= 0:
        raise UserFacingError("Only positive numbers have a logarithm.")
    return Fraction(_CONTEXT.subtract(_CONTEXT.ln(Decimal(value.numerator)), _CONTEXT.ln(Decimal(value.denominator))))


def exp(value: Fraction) -> Fraction:
    """Return e to this power to 34 digits."""
    if abs(value) > _LARGEST_EXPONENT:
        raise too_large()
    return Fraction(_CONTEXT.exp(decimal(value)))


def decimal(value: Fraction) -> Decimal:
    """Return the number rounded to 40 digits."""
    return _CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def factorial(value: Fraction) -> Fraction:
    """Return n!."""
    if value.denominator != 1 or value < 0:
        raise UserFacingError("Only whole numbers from 0 on have a factorial.")
    if value > _LARGEST_FACTORIAL:
        raise too_large()
    return Fraction(math.factorial(int(value)))


def rounded(value: Fraction, digits: int = 0) -> Fraction:
    """Return the number rounded to so many digits after the point, halves away from zero as in school."""
    scale = Fraction(10) ** max(-400, min(digits, 400))
    whole = math.floor(abs(value) * scale + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole) / scale
