"""A whole question to the calculator: an expression, and what its result is wanted in."""

from datetime import date, datetime

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.reckoning import moments, wording
from desktop_agent.tools.reckoning.amounts import Amount, Scale
from desktop_agent.tools.reckoning.grammar import Grammar, Value
from desktop_agent.tools.reckoning.measures import INTO, scale
from desktop_agent.tools.reckoning.tokens import tokens
from desktop_agent.tools.reckoning.units import unit

_BASES = ("hex", "hexadecimal", "binary", "octal")
_SPANS = ("between", "from", "until", "till", "to", "since")
_LEADS = (("weekday", "of"), ("day", "of", "the", "week", "of"), ("what", "day", "is"), ("what", "date", "is"))


def answer(text: str, now: datetime) -> str:
    """Return the result in words. `now` is the local time, without a zone. Raises UserFacingError."""
    return _Question(text, now).answer()


class _Question:
    def __init__(self, text: str, now: datetime) -> None:
        self._grammar = Grammar(tokens(text, now), now)

    def answer(self) -> str:
        said = self._span() or self._share() or self._converted(self._value())
        if self._grammar.next.kind != "end":
            raise self._grammar.unexpected("a sign")
        return said

    def _value(self) -> Value:
        for lead in _LEADS:
            if all(self._grammar.after(at).text.casefold() == word for at, word in enumerate(lead)):
                for word in lead:
                    self._grammar.take(word)
        return self._grammar.sum()

    def _span(self) -> str:
        """Read "days between … and …", "weeks until …", "years since …"."""
        grammar, name = self._grammar, self._grammar.next.text
        skipped = next((at for at in range(1, 5) if grammar.after(at).text not in {"are", "there", "left"}), 1)
        joint = grammar.after(skipped).text.casefold()
        wanted = unit(name)
        is_span = grammar.next.kind == "word" and joint in _SPANS
        if not is_span or not (name == "workdays" or (wanted and wanted.dimension == moments.TIME)):
            return ""
        for _ in range(skipped + 1):
            grammar.take(grammar.next.text.casefold(), grammar.next.text)
        start, end = self._ends(joint)
        if wanted is None:
            return f"{moments.workdays(start, end)} workdays (Monday to Friday)"
        return wording.amount_words(moments.between(start, end).to(((wanted, 1),)))

    def _ends(self, joint: str) -> tuple[date, date]:
        first = self._moment()
        if joint in {"until", "till", "to"}:
            return self._today(first), first
        if joint == "since":
            return first, self._today(first)
        self._grammar.expect("and", "to", "until", "till")
        return first, self._moment()

    def _today(self, other: date) -> date:
        return self._grammar.now if isinstance(other, datetime) else self._grammar.now.date()

    def _moment(self) -> date:
        value = self._grammar.sum()
        if isinstance(value, Amount):
            raise UserFacingError("A date is missing.", "Days are written like 2026-01-31.")
        return value

    def _share(self) -> str:
        """Read "what % of 80 is 12"."""
        if not (self._grammar.next.text == "what" and self._grammar.after().text == "%"):
            return ""
        for word in ("what", "%", "of"):
            self._grammar.expect(word)
        whole = self._grammar.amount()
        self._grammar.expect("is")
        return _percent(self._grammar.amount() / whole)

    def _converted(self, value: Value) -> str:
        grammar = self._grammar
        if isinstance(value, Amount) and grammar.take("is"):
            grammar.expect("what")
            return self._as_percent(value)
        if not grammar.take(*INTO, "->"):
            return wording.amount_words(value) if isinstance(value, Amount) else wording.moment_words(value)
        if not isinstance(value, Amount):
            raise UserFacingError("A date cannot be converted.", "Ask for example for: days until 2026-12-24.")
        grammar.take("a", "an")
        if grammar.next.text == "%":
            return self._as_percent(value)
        if grammar.take("fraction"):
            return wording.fraction_words(value.plain("this"))
        if base := grammar.take(*_BASES):
            if value.plain("this").denominator != 1:
                raise UserFacingError("Only whole numbers are written in another base.")
            return wording.based_words(value.value, base)
        return self._in_units(value)

    def _in_units(self, value: Amount) -> str:
        scales: list[Scale] = [scale(self._grammar)]
        while self._grammar.take("and", ","):
            scales.append(scale(self._grammar))
        if len(scales) > 1:
            return wording.parted_words(value, scales)
        return wording.amount_words(value.to(scales[0]))

    def _as_percent(self, value: Amount) -> str:
        self._grammar.expect("%")
        return _percent(value / self._grammar.amount() if self._grammar.take("of") else value)


def _percent(value: Amount) -> str:
    return wording.amount_words(Amount(value.plain("this"), exact=value.exact, is_percent=True))
