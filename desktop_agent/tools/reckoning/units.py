"""Units of measurement, by name."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache

from desktop_agent.tools.reckoning import unit_table

Dimension = tuple[tuple[str, int], ...]
"""Kinds of base units with their powers, in order of their names; empty for plain numbers."""


@dataclass(frozen=True)
class Unit:
    """So many base units; a temperature's zero lies `offset` above that of kelvin."""

    symbol: str
    factor: Fraction
    dimension: Dimension
    offset: Fraction = Fraction(0)
    exact: bool = True

    @property
    def shown(self) -> str:
        """The symbol as people write it."""
        return unit_table.SHOWN.get(self.symbol) or unit_table.PLURAL.get(self.symbol) or self.symbol


def times(one: Dimension, other: Dimension, exponent: int = 1) -> Dimension:
    """Return the dimension of a product with a power of another."""
    powers = dict(one)
    for base, count in other:
        powers[base] = powers.get(base, 0) + count * exponent
    return tuple(sorted((base, count) for base, count in powers.items() if count))


@lru_cache(maxsize=512)
def unit(name: str) -> Unit | None:
    """Return a unit by symbol or name, with or without an SI prefix; None when it is unknown."""
    known, prefixed = _units()
    found = known.get(name) or _prefixed(name, prefixed)
    if found is None and len(name) > 1:  # a single letter means another unit when it is large
        found = known.get(name.casefold())
    if found is None and len(name) > 3 and name.endswith("s"):
        return unit(name[:-1])
    return found


def _prefixed(name: str, units: dict[str, Unit]) -> Unit | None:
    """Return a unit with a short prefix before its symbol, or a long one before its name."""
    for prefix in unit_table.PREFIXES:
        base = units.get(name.removeprefix(prefix))
        if base and name.startswith(prefix) and len(name) - len(prefix) < 4:
            return _scaled(base, prefix)
    for long, prefix in unit_table.LONG_PREFIXES.items():
        base = units.get(name.casefold().removeprefix(long))
        if base and name.casefold().startswith(long):
            return _scaled(base, prefix)
    return None


def _scaled(base: Unit, prefix: str) -> Unit:
    return Unit(prefix + base.symbol, base.factor * Fraction(10) ** unit_table.PREFIXES[prefix], base.dimension)


@cache
def _units() -> tuple[dict[str, Unit], dict[str, Unit]]:
    """Return all units by name, and those that take prefixes; names in small letters as well where nothing else is."""
    known: dict[str, Unit] = {"kg_": Unit("kg", Fraction(1), (("kg", 1),))}
    prefixed: dict[str, Unit] = {}
    for line in unit_table.TABLE.strip().splitlines():
        names, _, definition = line.partition(" = ")
        first, *others = names.split()
        made = _defined(first.lstrip("*"), definition.split(), known)
        for name in (first.lstrip("*"), *others):
            known[name] = made
            if first.startswith("*"):
                prefixed[name] = made
    return {**{name.casefold(): each for name, each in known.items()}, **known}, prefixed


def _defined(symbol: str, definition: list[str], known: dict[str, Unit]) -> Unit:
    if definition == [symbol]:
        return Unit(symbol, Fraction(1), ((symbol, 1),))
    factor = Fraction(1)
    dimension: Dimension = ()
    for word in definition:
        name, _, power = word.partition("^")
        if name in known:
            factor *= known[name].factor ** int(power or 1)
            dimension = times(dimension, known[name].dimension, int(power or 1))
        else:
            factor *= Fraction(word)
    offset = Fraction(*unit_table.OFFSETS.get(symbol, (0, 1)))
    return Unit(symbol, factor, dimension, offset, symbol not in unit_table.INEXACT)
