"""Expressions, computed while they are read: a few rules, each below the next in how tightly it binds."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TypeAlias

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.reckoning import functions, moments
from desktop_agent.tools.reckoning.amounts import Amount
from desktop_agent.tools.reckoning.measures import INTO, is_call, measured
from desktop_agent.tools.reckoning.reader import Reader
from desktop_agent.tools.reckoning.tokens import Token
from desktop_agent.tools.reckoning.units import unit

Value: TypeAlias = Amount | date | datetime
_JOINING = INTO | {"of", "off", "and", "is", "from", "between", "until", "till", "since", "per", "mod"}
_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_DEEPEST = 40


class Grammar(Reader):
    """Computes what it reads. `now` is the local time, without a zone."""

    def __init__(self, tokens: Sequence[Token], now: datetime) -> None:
        super().__init__(tokens)
        self.now = now
        self._depth = 0

    def sum(self) -> Value:
        """Read what plus and minus join."""
        value = self._product()
        while sign := self.take("+", "-"):
            value = _added(value, self._product(), sign)
        if isinstance(value, Amount) and value.dimension == moments.TIME:
            return self._reckoned(value)
        return value

    def _reckoned(self, span: Amount) -> Value:
        """Read the day that a span counts from: 45 days from today, 2 weeks before 2026-12-24, 3 days ago."""
        if self.take("ago"):
            return moments.shifted(self.now.date(), -span)
        if joint := self.take("from", "after", "before"):
            return _added(self.sum(), span, "-" if joint == "before" else "+")
        return span

    def amount(self) -> Amount:
        """Read a sum that is no date."""
        return _number(self.sum())

    def _product(self) -> Value:
        value = self._signed()
        while True:
            if sign := self.take("*", "/", "//", "%", "per", "mod", "of", "off"):
                value = _PRODUCTS[sign](_number(value), _number(self._signed()))
            elif self._starts_operand():
                value = _number(value) * _number(self._power())
            else:
                return value

    def _starts_operand(self) -> bool:
        """Return whether something follows that is multiplied with what is before, as in 2 pi and 2 (3 + 4)."""
        word = self.next.text.casefold()
        known = word in functions.CONSTANTS or is_call(self) or unit(self.next.text) is not None
        return self.next.text == "(" or (self.next.kind == "word" and word not in _JOINING and known)

    def _signed(self) -> Value:
        signs = "".join(iter(lambda: self.take("+", "-"), ""))  # a loop: a model may write a thousand of them
        value = self._power()
        return -_number(value) if signs.count("-") % 2 else value

    def _power(self) -> Value:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UserFacingError("The brackets are nested too deeply.", "Use run_python.")
        base = self._ended(self._first())
        value = _number(base) ** _number(self._signed()) if self.take("^") else base
        self._depth -= 1
        return value

    def _ended(self, value: Value) -> Value:
        """Read the signs and units after a value: 5!, 15 %, 3 km."""
        while True:
            if self.take("!"):
                value = functions.call("factorial", [_number(value)])
            elif self.next.text == "%" and not self._is_modulo():
                self._at += 1
                value = replace(_number(value) / Amount(Fraction(100)), is_percent=True)
            elif isinstance(value, Amount) and (found := measured(self, value)) is not None:
                value = found
            else:
                return value

    def _is_modulo(self) -> bool:
        """Return whether a number follows the percent sign, as in 17 % 5."""
        following = self.after()
        word = following.text.casefold()
        is_word = following.kind == "word" and (word in functions.CONSTANTS or functions.is_function(word))
        return following.kind == "number" or following.text == "(" or is_word

    def _first(self) -> Value:
        token = self.next
        if token.kind in {"number", "moment"}:
            self._at += 1
            return self._measured(token.value) if isinstance(token.value, Fraction) else self._day(token)
        if self.take("("):
            value = self.sum()
            self.expect(")")
            return value
        if token.kind == "word":
            return self._word(token.text.casefold())
        raise self.unexpected("a number")

    def _day(self, token: Token) -> Value:
        assert isinstance(token.value, date)  # noqa: S101 -- a moment has one
        return token.value

    def _measured(self, count: Fraction) -> Amount:
        """Read a number with its unit, and smaller ones that go on, as in 5 ft 7 in."""
        total = measured(self, Amount(count))
        if total is None:
            return Amount(count)
        while self.next.kind == "number" and self.after().kind == "word" and isinstance(self.next.value, Fraction):
            start, count = self._at, self.next.value
            self._at += 1
            more = measured(self, Amount(count))
            if more is None or more.dimension != total.dimension:
                self._at = start
                break
            total += more
        return total

    def _word(self, word: str) -> Value:
        if is_call(self):
            self._at += 1
            return functions.call(word, self._arguments())
        if word in _DAYS or word == "now":
            self._at += 1
            return self.now if word == "now" else self.now.date() + timedelta(days=_DAYS[word])
        if word in functions.CONSTANTS:
            self._at += 1
            return Amount(functions.CONSTANTS[word], exact=False)
        if word in {"a", "an", "one", "half"}:
            self._at += 1
            self.take("a", "an")
            return self._measured(Fraction(1, 2) if word == "half" else Fraction(1))
        found = measured(self, Amount(Fraction(1)))
        if found is None:
            raise self.unexpected("a number or a known word")
        return found

    def _arguments(self) -> list[Amount]:
        if not self.take("("):
            return [_number(self._power())]
        arguments = [self.amount()]
        while self.take(","):
            arguments.append(self.amount())
        self.expect(")")
        return arguments


def _number(value: Value) -> Amount:
    if not isinstance(value, Amount):
        raise UserFacingError("Dates can only be subtracted, or shifted by spans of time.")
    return value


def _added(one: Value, other: Value, sign: str) -> Value:
    """Return a sum or a difference; a percentage is one of what it is added to, as on a pocket calculator."""
    if isinstance(one, Amount) and isinstance(other, Amount):
        if other.is_percent and not one.is_percent:
            other = one * other
        return one + (other if sign == "+" else -other)
    if isinstance(other, Amount) and not isinstance(one, Amount):
        return moments.shifted(one, other if sign == "+" else -other)
    if isinstance(one, Amount) and not isinstance(other, Amount) and sign == "+":
        return moments.shifted(other, one)
    if isinstance(one, Amount) or isinstance(other, Amount) or sign == "+":
        raise UserFacingError("Dates can only be subtracted, or shifted by spans of time.")
    return moments.between(other, one)


def _floor(one: Amount, other: Amount) -> Amount:
    return functions.call("floor", [one / other])


_PRODUCTS: dict[str, Callable[[Amount, Amount], Amount]] = {
    "*": lambda one, other: one * other,
    "of": lambda one, other: one * other,
    "/": lambda one, other: one / other,
    "per": lambda one, other: one / other,
    "//": _floor,
    "%": lambda one, other: functions.call("mod", [one, other]),
    "mod": lambda one, other: functions.call("mod", [one, other]),
    "off": lambda one, other: other + -(one * other),
}
