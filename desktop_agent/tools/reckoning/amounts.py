"""Numbers with units, and what can be computed with them."""

from dataclasses import dataclass, replace
from fractions import Fraction

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.reckoning import exact
from desktop_agent.tools.reckoning.units import Dimension, Unit, times
from desktop_agent.tools.reckoning.units import unit as unit_named

Scale = tuple[tuple[Unit, int], ...]
"""The units that an amount is shown in, with their powers."""


@dataclass(frozen=True)
class Amount:
    """`value` counts base units. A span of time remembers in `parts` what it was made of: months differ in length.

    `note` says the same in other words.
    """

    value: Fraction
    scale: Scale = ()
    exact: bool = True
    is_percent: bool = False
    parts: tuple[tuple[Fraction, Unit], ...] = ()
    note: str = ""

    @property
    def dimension(self) -> Dimension:
        """The kinds of base units."""
        found: Dimension = ()
        for unit, power in self.scale:
            found = times(found, unit.dimension, power)
        return found

    @property
    def shown(self) -> Fraction:
        """How many of the units it is shown in."""
        if self._offset:
            return (self.value - self._offset) / self.scale[0][0].factor
        found = self.value
        for unit, power in self.scale:
            found /= unit.factor**power
        return found

    @property
    def _offset(self) -> Fraction:
        """Where the zero of a temperature lies."""
        return self.scale[0][0].offset if len(self.scale) == 1 and self.scale[0][1] == 1 else Fraction(0)

    def showing(self, count: Fraction) -> "Amount":
        """Return so many of the same units."""
        value = count
        for unit, power in self.scale:
            value *= unit.factor**power
        return Amount(exact.checked(value + self._offset), self.scale, self.exact)

    def __add__(self, other: "Amount") -> "Amount":
        self._same_kind(other, "add")
        step = other.value - other._offset
        parts = (*self.parts, *other.parts) if self.parts and other.parts else ()
        value = exact.checked(self.value + step)
        return Amount(value, self.scale, self.exact and other.exact, self.is_percent and other.is_percent, parts)

    def __neg__(self) -> "Amount":
        parts = tuple((-count, unit) for count, unit in self.parts)
        return replace(self, value=2 * self._offset - self.value, parts=parts, note="")

    def __mul__(self, other: "Amount") -> "Amount":
        value = exact.checked(self.value * other.value)
        plain, spans = (self, other) if other.parts else (other, self)
        parts = tuple((count * plain.value, unit) for count, unit in spans.parts) if not plain.scale else ()
        return Amount(value, _joined(self.scale, other.scale, 1), self.exact and other.exact, parts=parts)

    def __truediv__(self, other: "Amount") -> "Amount":
        if not other.value:
            raise UserFacingError("Nothing can be divided by zero.")
        value = exact.checked(self.value / other.value)
        parts = () if other.scale else tuple((count / other.value, unit) for count, unit in self.parts)
        return Amount(value, _joined(self.scale, other.scale, -1), self.exact and other.exact, parts=parts)

    def __pow__(self, other: "Amount") -> "Amount":
        other.plain("an exponent")
        value, is_exact = exact.power(self.value, other.value)
        scale = tuple((unit, power * other.value) for unit, power in self.scale)
        if any(power.denominator != 1 for _, power in scale):
            raise UserFacingError("The root of these units is no unit.")
        whole = tuple((unit, int(power)) for unit, power in scale if power)
        return Amount(exact.checked(value), whole, self.exact and other.exact and is_exact)

    def plain(self, what: str) -> Fraction:
        """Return the number; raises UserFacingError when it has a unit."""
        if self.dimension:
            raise UserFacingError(f"{what[0].upper()}{what[1:]} must be a number without a unit.")
        return self.value

    def to(self, scale: Scale) -> "Amount":
        """Return the same amount in other units; raises UserFacingError when they measure something else."""
        wanted = Amount(Fraction(1), scale).dimension
        is_exact = self.exact and all(unit.exact for unit, _ in scale)
        if wanted == self.dimension:
            return replace(self, scale=scale, exact=is_exact, is_percent=False)
        if wanted == times((), self.dimension, -1) and self.value:  # miles per gallon, litres per 100 km
            return Amount(1 / self.value, scale, is_exact)
        raise UserFacingError(f"{_measure(self.scale)} cannot be converted to {_measure(scale)}.")

    def _same_kind(self, other: "Amount", verb: str) -> None:
        if self.dimension != other.dimension:
            said = f"{_measure(self.scale)} and {_measure(other.scale)} cannot be {verb}ed."
            raise UserFacingError(said, "They measure different things.")


def of(count: Fraction, unit: Unit) -> Amount:
    """Return so many of a unit."""
    parts = ((count, unit),) if unit.dimension == (("s", 1),) else ()
    return Amount(exact.checked(count * unit.factor + unit.offset), ((unit, 1),), unit.exact, parts=parts)


def scale_words(scale: Scale) -> str:
    """Return units as people write them: km/h, m²."""
    if len(scale) == 1 and scale[0][1] == 1:
        return scale[0][0].shown
    above = " ".join(_raised(unit, power) for unit, power in scale if power > 0)
    below = " ".join(_raised(unit, -power) for unit, power in scale if power < 0)
    return f"{above or '1'}/{below}" if below else above


def _raised(unit: Unit, power: int) -> str:
    return unit.symbol if power == 1 else f"{unit.symbol}{str(power).translate(_RAISED)}"


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _measure(scale: Scale) -> str:
    return f"'{scale_words(scale)}'" if scale else "a plain number"


def _joined(one: Scale, other: Scale, sign: int) -> Scale:
    """Return the units of a product; units of the same kind become one."""
    powers = dict(one)
    for unit, power in other:
        alike = next((known for known in powers if known.dimension == unit.dimension), unit)
        powers[alike] = powers.get(alike, 0) + sign * power
    scale = tuple((unit, power) for unit, power in powers.items() if power)
    kinds = Amount(Fraction(1), scale).dimension
    if len(scale) > 1 and len(kinds) < 2:  # such as MB per Mbps, which are seconds
        return tuple((base, power) for name, power in kinds if (base := unit_named(name)))
    return scale
