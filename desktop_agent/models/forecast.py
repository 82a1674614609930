"""How fast a model will be on this computer and what memory it takes, before it is downloaded."""

from dataclasses import dataclass

from desktop_agent.models.needs import RESERVE, Layout, needs
from desktop_agent.models.shape import Shape

_PLAIN = Layout()


@dataclass(frozen=True)
class Forecast:
    """Tokens a second while a prompt is read and while an answer is written; bytes of memory, and whether they fit.

    The rates are 0 where the computer was not measured.
    """

    read_rate: float
    write_rate: float
    memory: int
    fits: bool


def forecast(shape: Shape, *, multiply_rate: float, memory_rate: float, free: int, layout: Layout = _PLAIN) -> Forecast:
    """Return what to expect of a model laid out so.

    `multiply_rate` is how many weights this computer multiplies a token of a prompt with in a second, `memory_rate` how
    many bytes of weights it reads in a second while it writes. Written is with half of the context full.
    """
    wanted = needs(shape, layout)
    cache = wanted.cache - shape.state
    per_token = shape.active_bytes + cache // 2 + 2 * shape.state
    return Forecast(
        read_rate=multiply_rate / max(1, shape.active_weights),
        write_rate=memory_rate / max(1, per_token),
        memory=wanted.total,
        fits=wanted.total + RESERVE <= free,
    )
