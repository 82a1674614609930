"""What an answer cost, in words."""

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication

from desktop_agent.events import TurnStats
from desktop_agent.ui import formats

translate = QCoreApplication.translate


def speed(stats: TurnStats) -> str:
    """Return how fast the model wrote and read, and what that took: energy, or else processor time."""
    parts = [translate("figures", "{writing} writing").format(writing=formats.rate(stats.write_rate))]
    if stats.read_rate:
        parts.append(translate("figures", "{reading} reading").format(reading=formats.rate(stats.read_rate)))
    return " · ".join([*parts, *cost(stats)])


def details(stats: TurnStats) -> str:
    """Return the lines that explain the figures."""
    return "\n".join(_lines(stats))


def cost(stats: TurnStats) -> Iterator[str]:
    """Yield the energy that was used, or else the processor time; nothing where neither was counted."""
    if stats.joules is not None:
        yield translate("figures", "≈ {joules} J").format(joules=formats.number(round(stats.joules)))
    elif stats.cpu_seconds:
        yield translate("figures", "{time} CPU").format(time=formats.seconds(stats.cpu_seconds))


def _lines(stats: TurnStats) -> Iterator[str]:
    number = formats.number
    if stats.first_token_seconds:
        time = formats.seconds(stats.first_token_seconds)
        yield translate("figures", "First word after {time}").format(time=time)
    yield translate("figures", "{count} tokens read, {reused} known already").format(
        count=number(stats.read_tokens), reused=number(stats.reused_tokens)
    )
    written = translate("figures", "{count} tokens written").format(count=number(stats.answer_tokens))
    guessed = translate("figures", "{count} of them guessed ahead").format(count=number(stats.drafted_tokens))
    yield f"{written}, {guessed}" if stats.drafted_tokens else written
    if stats.joules is not None:
        yield translate("figures", "{joules} J, by the processor's own counter").format(
            joules=number(round(stats.joules))
        )
    if stats.cpu_seconds:
        yield translate("figures", "{time} of processor time, all cores together").format(
            time=formats.seconds(stats.cpu_seconds)
        )
