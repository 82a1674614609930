"""The calculator; now is Sunday, 2026-11-22, 14:05."""

import random
import time
from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.builtin.calculator import calculator
from desktop_agent.tools.reckoning import unit_table
from desktop_agent.tools.reckoning.question import answer
from desktop_agent.tools.reckoning.units import unit

NOW = datetime(2026, 11, 22, 14, 5)


def table(text: str) -> list[tuple[str, str]]:
    """Return the pairs of a table with one "question -> answer" a line."""
    return [(one.strip(), other.strip()) for one, other in (line.split("->") for line in text.strip().splitlines())]


@pytest.mark.parametrize(
    ("question", "result"),
    table("""
        2+2 -> 4
        0.1 + 0.2 -> 0.3
        1/3 -> ≈ 0.333333333333 (1/3)
        (1+2)*3 - -4 -> 13
        -2^2 -> -4
        2**10 -> 1024
        2^-3 -> 0.125
        2^3^2 -> 512
        2^0.5 -> ≈ 1.41421356237
        8^(1/3) -> 2
        7//2 -> 3
        17 % 5 -> 2
        10! -> 3628800
        2000! / 1999! -> 2000
        2^100 -> 1267650600228229401496703205376
        2^1000 -> ≈ 1.07150860719e301
        1_000_000 * 3 -> 3000000
        1,234.5 * 2 -> 2469
        3,5 * 2 -> 7
        .5+.5 -> 1
        5e3 * 2 -> 10000
        100 ÷ 4 × 3 -> 75
        3 x 4 -> 12
        √16 -> 4
        sqrt(16) -> 4
        math.sqrt(2) -> ≈ 1.41421356237
        square root of 16 -> 4
        cbrt(27) -> 3
        round(2.675, 2) -> 2.68
        round(-2.5) -> -3
        max(1,2,3) -> 3
        mean(1, 2, 4) -> ≈ 2.33333333333 (7/3)
        median(3, 1, 2, 10) -> 2.5
        gcd(12, 18) -> 6
        comb(5,2) -> 10
        log10(1000) -> 3
        ln(e) -> ≈ 1
        sin(30 deg) -> ≈ 0.5
        sin(pi) -> ≈ 0
        2 pi -> ≈ 6.28318530718
        2(3+4) -> 14
        0xff -> 255
        255 in hex -> 0xff
        10 in binary -> 0b1010
        0.75 as a fraction -> 3/4
        What is 12 * 7? -> 84
        3+4= -> 7
        一百 -> !
        """)[:-1],
)
def test_arithmetic_is_exact_or_says_that_it_is_not(question, result):
    assert answer(question, NOW) == result


@pytest.mark.parametrize(
    ("question", "result"),
    table("""
        15% of 80 -> 12
        80的15% -> 12
        百分之15 * 80 -> 12
        80 + 15% -> 92
        200 - 10% -> 180
        20% off 80 -> 64
        50% + 25% -> 75 %
        12 is what percent of 80 -> 15 %
        what % of 80 is 12 -> 15 %
        12 as % of 80 -> 15 %
        12/80 in % -> 15 %
        100 EUR + 19% -> 119
        $50 * 1.08 -> 54
        """),
)
def test_percentages_are_of_what_they_are_added_to(question, result):
    assert answer(question, NOW) == result


@pytest.mark.parametrize(
    ("question", "result"),
    table("""
        3.5 miles in km -> 5.632704 km
        10km in mi -> ≈ 6.21371192237 miles
        3公里换成英里 -> ≈ 1.86411357671 miles
        5斤等于多少公斤 -> 2.5 kg
        5 ft 7 in in cm -> 170.18 cm
        5'7" in cm -> 170.18 cm
        180 cm in feet and inches -> ≈ 5 ft 10.8661417323 in
        12 in to cm -> 30.48 cm
        5 in -> 5 in
        72 °F in °C -> ≈ 22.2222222222 °C
        20 C to F -> 68 °F
        -40 fahrenheit in celsius -> -40 °C
        100 celsius in kelvin -> 373.15 K
        20 degC + 5 degC -> 25 °C
        60 miles per hour in km/h -> 96.56064 km/h
        100 km / 2 h -> 50 km/h
        100公里/小时换成mph -> ≈ 62.1371192237 mph
        30 mpg in L/100km -> ≈ 7.84048611111 L/100 km
        2 GB in MB -> 2000 MB
        1 GiB in bytes -> 1073741824 B
        500 MB / 10 Mbps -> 400 seconds
        3 kWh / 2 h / 100 W -> 15
        1500 W * 3 h in kWh -> 4.5 kWh
        3 kg * 9.81 m/s^2 in N -> 29.43 N
        1/2 cup in ml -> 118.29411825 ml
        2 1/2 cups in ml -> 591.47059125 ml
        8 fl oz in ml -> 236.5882365 ml
        5 imperial gallons in l -> 22.73045 l
        5 sq ft in m^2 -> 0.4645152 m²
        10 m2 in cm2 -> 100000 cm²
        2 km * 300 m -> 0.6 km²
        3 nautical miles in km -> 5.556 km
        sqrt(16 m^2) -> 4 m
        1 / (2 s) in Hz -> 0.5 Hz
        2 h 30 min in minutes -> 150 minutes
        half an hour in minutes -> 30 minutes
        100000 s in hours and minutes and seconds -> 27 hours 46 minutes 40 seconds
        1 year in days -> 365.2425 days
        round(2.7 km) -> 3 km
        max(1 km, 2000 m) -> 2000 m
        1 kilometer in micrometers -> 1000000000 µm
        5 km - 5 km -> 0 km
        """),
)
def test_units_are_converted(question, result):
    assert answer(question, NOW) == result


@pytest.mark.parametrize(
    ("question", "result"),
    table("""
        2026-11-22 + 45 days -> Wednesday 2027-01-06
        2026年11月22日 + 45天 -> Wednesday 2027-01-06
        45 days from today -> Wednesday 2027-01-06
        today + 2 weeks -> Sunday 2026-12-06
        3 days ago -> Thursday 2026-11-19
        2 weeks before 2026-12-24 -> Thursday 2026-12-10
        2026-01-31 + 1 month -> Saturday 2026-02-28
        2024-02-29 + 1 year -> Friday 2025-02-28
        2026-11-22 + 3 months 2 days -> Wednesday 2027-02-24
        2026-11-22 + 1.5 years -> Monday 2028-05-22
        2026-11-22 22:00 + 3 hours -> Monday 2026-11-23, 01:00
        14:30 + 90 minutes -> Sunday 2026-11-22, 16:00
        now + 1 day -> Monday 2026-11-23, 14:05
        17:45 - 08:30 -> 9.25 hours (9 h 15 min)
        2026-12-24 - today -> 32 days (1 month 2 days)
        24.12.2026 - 22.11.2026 -> 32 days (1 month 2 days)
        days between 2026-01-01 and 2026-12-31 -> 364 days (11 months 30 days)
        days until 2026-11-23 -> 1 day
        how many days until 24 December 2026? -> 32 days (1 month 2 days)
        days until Dec 24, 2026 -> 32 days (1 month 2 days)
        weeks from 2026-11-01 to 2026-11-22 -> 3 weeks
        years since 1990-05-03 -> ≈ 36.5565343573 years (36 years 6 months 19 days)
        workdays between 2026-11-20 and 2026-11-30 -> 6 workdays (Monday to Friday)
        working days until 2026-12-25 -> 25 workdays (Monday to Friday)
        what day is 2026-12-24 -> Thursday 2026-12-24
        day of the week of 24 December 2026 -> Thursday 2026-12-24
        """),
)
def test_dates_are_those_of_the_calendar(question, result):
    assert answer(question, NOW) == result


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("", "at the end"),
        ("2 +", "a number is missing at the end"),
        ("((1", "'.' is missing at the end"),
        ("5 5", "before '5'"),
        ("1..2", "cannot be computed with"),
        ("import os", "before 'import'"),
        ("__import__('os').system('ls')", "cannot be computed with"),
        ("foo(1)", "before 'foo'"),
        ("1/0", "divided by zero"),
        ("5 % 0", "divided by zero"),
        ("0^-1", "divided by zero"),
        ("sqrt(-1)", "no real number"),
        ("ln(0)", "no real number|logarithm"),
        ("asin(2)", "no value there"),
        ("log(100)", "no one meaning"),
        ("sqrt(1, 2)", "takes 1 argument"),
        ("5 km + 3 kg", "measure different things"),
        ("5 km in kg", "cannot be converted"),
        ("5 in kg", "a plain number cannot be converted"),
        ("2^(3 km)", "without a unit"),
        ("sqrt(2 m)", "is no unit"),
        ("1.5 in hex", "whole numbers"),
        ("20 USD in EUR", "Exchange rates"),
        ("3.5!", "factorial"),
        ("2026-02-30 + 1 day", "no such time"),
        ("2026-11-22 + 0.5 months", "no certain length"),
        ("2026-11-22 * 2", "only be subtracted"),
        ("2026-11-22 + 2026-11-23", "only be subtracted"),
        ("2026-11-22 + 5", "spans of time"),
        ("2026-11-22 in days", "cannot be converted"),
        ("9999-12-31 + 1 day", "outside the calendar"),
        ("days until 5", "A date is missing"),
        ("1 " * 600, "too long"),
        ("(" * 100 + "1" + ")" * 100, "nested too deeply"),
    ],
)
def test_what_cannot_be_computed_is_said_in_a_sentence(question, words):
    with pytest.raises(UserFacingError, match=words):
        answer(question, NOW)


@pytest.mark.parametrize(
    "question",
    [
        "10**(10**9)",
        "9^9^9^9",
        "1e999999999",
        "(-10)**(10**9)",
        "(10^9000)^9000",
        "100000!",
        "100!!",
        "exp(1e10)",
        "2^1e10",
        "(1/3)^100000",
        "comb(1000000, 500000)",
        "perm(10000, 9999)",
        "lcm(" + ", ".join(str(10**90 + number) for number in range(10)) + ")",
        "*".join(["9^9000"] * 80),
        "2026-01-01 + 10^300 days",
        "root(2, 10^15)",
        "-" * 999 + "1",
        "2^" * 490 + "1",
        "sqrt " * 190 + "1",
        "1 day from " * 90 + "today",
        "(" * 999,
        "5 ft " * 190,
        "," * 999,
        "1," * 499 + "1",
        "的" * 999,
        "round(1.5, 10^100)",
        "1^(10^400)",
        "(-1)^(10^400 + 1)",
    ],
)
def test_nothing_takes_long(question):
    started = time.process_time()
    with suppress(UserFacingError):
        answer(question, NOW)
    assert time.process_time() - started < 1


_TEXT = """
0 1 2 7 10 3.5 1e3 0.1 + - * / ^ % ( ) , ! = in to of off and is km kg h min degC cup mph month year days pi e sqrt(
max( ln( sin( log10( round( today now 2026-11-22 2024-02-29 14:30 1/2 $ 5'7" between until what percent 公里 天 的 as
hex fraction ago from kWh W MB Mbps feet
"""
_PIECES = _TEXT.split()


@settings(max_examples=400, deadline=2000)
@given(st.lists(st.sampled_from(_PIECES), max_size=12).map(" ".join) | st.text(max_size=40))
def test_every_text_is_answered_or_refused(question):
    try:
        assert answer(question, NOW)
    except UserFacingError as error:
        assert len(str(error)) < 900  # noqa: PT017 -- either will do


def test_sums_are_those_of_python():
    dice = random.Random(7)  # noqa: S311
    for _ in range(200):
        numbers = [str(dice.randint(-99, 99)) for _ in range(6)]
        expression = " ".join(f"{number} {dice.choice('+-*')}" for number in numbers) + " 1"
        assert answer(expression, NOW) == str(eval(expression))  # noqa: S307 -- digits and signs


def test_every_unit_is_found_by_each_of_its_names():
    for line in unit_table.TABLE.strip().splitlines():
        first, *names = line.partition(" = ")[0].lstrip("*").split()
        for name in names:
            found = unit(name)
            assert found is not None
            assert found.symbol == first or name in {"C", "F"}, name


def test_the_tool_answers():
    assert calculator.run({"expression": "15% of 80"}, {}) == "12"
    assert (calculator.effect, calculator.given) == ("none", {})
