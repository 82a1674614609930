"""Results in words: exact where they are, rounded with a sign where they are not."""

from datetime import date, datetime
from decimal import Context
from fractions import Fraction

from desktop_agent.tools.calendar import weekday_name
from desktop_agent.tools.reckoning import exact, unit_table
from desktop_agent.tools.reckoning.amounts import Amount, Scale, scale_words

_DIGITS = 12
_LONGEST = 40
_PLACES = 20
_SINGULAR = {name: name.removesuffix("s") for name in unit_table.PLURAL.values()} | {"centuries": "century"}
_ABOUT = "≈ "


def moment_words(moment: date) -> str:
    """Return a day with its weekday, and the time where there is one."""
    if not isinstance(moment, datetime):
        return f"{weekday_name(moment)} {moment:%Y-%m-%d}"
    clock = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
    return f"{weekday_name(moment)} {moment:%Y-%m-%d}, {clock}"


def amount_words(amount: Amount) -> str:
    """Return a number with its unit; what is not exact begins with ≈."""
    shown = amount.value * 100 if amount.is_percent else amount.shown
    number, is_exact = number_words(shown)
    unit = "%" if amount.is_percent else scale_words(amount.scale if amount.dimension else ())
    unit = _SINGULAR.get(unit, unit) if number == "1" else unit
    text = f"{number}{'' if unit in {'', '°'} else ' '}{unit}"
    note = amount.note or (_ratio(shown) if amount.exact and not is_exact and not unit else "")
    return f"{'' if amount.exact and is_exact else _ABOUT}{text}{f' ({note})' if note else ''}"


def number_words(value: Fraction) -> tuple[str, bool]:
    """Return a number in digits, and whether they are all there are."""
    if value.denominator == 1 and abs(value) < 10**_LONGEST:
        return str(value.numerator), True
    places = _places(value)
    if places <= _PLACES and abs(value) < 10 ** (_LONGEST - _PLACES):
        digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
        return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}", True
    rounded = Context(prec=_DIGITS).plus(exact.decimal(value)).normalize()
    small = -7 < rounded.adjusted() < 21
    return (f"{rounded:f}" if small else f"{rounded:e}".replace("e+", "e")), False


def parted_words(amount: Amount, scales: list[Scale]) -> str:
    """Return an amount in several units, the largest first: 5 ft 7 in."""
    left, words = amount, []
    for scale in scales[:-1]:
        left = left.to(scale)
        whole = left.showing(Fraction(int(left.shown)))
        words.append(amount_words(whole))
        left += -whole
    last = amount_words(left.to(scales[-1]))
    return f"{_ABOUT if last.startswith(_ABOUT) else ''}{' '.join([*words, last.removeprefix(_ABOUT)])}"


def based_words(value: Fraction, base: str) -> str:
    """Return a whole number in another base."""
    form = {"hex": "#x", "hexadecimal": "#x", "binary": "#b", "octal": "#o"}[base]
    return format(value.numerator, form)


def fraction_words(value: Fraction) -> str:
    """Return a number as a fraction."""
    return f"{value.numerator}/{value.denominator}" if value.denominator > 1 else str(value.numerator)


def _places(value: Fraction) -> int:
    """Return how many digits after the point there are; more than are ever shown when they do not end."""
    rest, counts = value.denominator, []
    for factor in (2, 5):
        count = 0
        while rest % factor == 0 and count <= _PLACES:
            rest, count = rest // factor, count + 1
        counts.append(count)
    return max(counts) if rest == 1 else _PLACES + 1


def _ratio(value: Fraction) -> str:
    """Return a number as a fraction where that says more than its digits."""
    return fraction_words(value) if value.denominator < 1_000 and abs(value.numerator) < 10**6 else ""
