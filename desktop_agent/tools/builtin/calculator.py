"""Arithmetic, units and dates."""

from datetime import datetime
from typing import Annotated

from desktop_agent.tools.reckoning.question import answer
from desktop_agent.tools.tool import tool

_LIKE = "26.2 miles in km, 72 °F in °C, 2026-11-22 + 45 days, days from 2026-01-15 to 2026-12-24"


@tool(
    "none", group="basics", title="Calculate", icon="calculator", words="calculate convert percent sum 计算 换算 百分"
)
def calculator(expression: Annotated[str, _LIKE]) -> str:
    """Use it for every calculation, unit conversion and count of days."""
    return answer(expression, datetime.now())
