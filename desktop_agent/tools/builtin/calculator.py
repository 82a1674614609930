"""Arithmetic, units and dates."""

from datetime import datetime
from typing import Annotated

from desktop_agent.tools.reckoning.question import answer
from desktop_agent.tools.tool import tool


@tool(
    "none", group="basics", title="Calculate", icon="calculator", words="calculate convert percent sum 计算 换算 百分"
)
def calculator(
    expression: Annotated[str, "like 15% of 80, 3.5 miles in km, 2026-11-22 + 45 days, days until 2026-12-24"],
) -> str:
    """Calculate, convert units, or count days between dates."""
    return answer(expression, datetime.now())
