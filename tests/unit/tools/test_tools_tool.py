import json
from datetime import datetime, timedelta, timezone
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.builtin.current_time import current_time, describe
from desktop_agent.tools.catalogue import built_in_tools
from desktop_agent.tools.scope import Scope
from desktop_agent.tools.tool import tool


class Place(BaseModel):
    title: str
    floor: int = 0


@tool("none", group="basics")
def weather(
    scope: Scope,
    city: Annotated[str, "name of a city"],
    unit: Literal["C", "F"] = "C",
    days: Annotated[int, Field(description="1 to 7", ge=1, le=7)] = 1,
    title: Place | None = None,
) -> str:
    """Get the weather
    of a city.

    This is for people only.
    """
    return f"{city} {unit} {days} {len(scope.roots)} {title}"


def test_the_specification_comes_from_the_signature() -> None:
    assert weather.spec.name == "weather"
    assert weather.spec.description == "Get the weather of a city."
    properties = weather.spec.parameters["properties"]
    assert list(properties) == ["city", "unit", "days", "title"]
    assert properties["city"] == {"type": "string", "description": "name of a city"}
    assert properties["unit"] == {"type": "string", "enum": ["C", "F"], "default": "C"}
    assert properties["days"]["maximum"] == 7
    assert weather.spec.parameters["required"] == ["city"]


def test_the_specification_is_small() -> None:
    text = json.dumps(weather.spec.parameters)
    assert "additionalProperties" not in text
    assert text.count('"title"') == 3  # a parameter, a field, and its name in `required`: no heading
    assert {each.name: size for each in built_in_tools() if (size := len(json.dumps(vars(each.spec)))) > 700} == {}


def test_runs_with_the_scope() -> None:
    assert (
        weather.run({"city": "Bern", "days": "3", "title": {"title": "x"}}, {Scope: Scope(())})
        == "Bern C 3 0 title='x' floor=0"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "'city' is missing. weather takes: city, unit, days, title."),
        ({"city": 5}, "'city': should be a valid string"),
        ({"city": "x", "unit": "K"}, "'unit': should be 'C' or 'F'"),
        ({"city": "x", "days": 8}, "'days': should be less than or equal to 7"),
        ({"city": "x", "scope": {}}, "there is no 'scope'"),
        ({"city": None, "zip": 1}, "; there is no 'zip'"),
        ({"a\nb" * 1000: 1, "city": "x"}, "there is no 'a\\u000ab"),
    ],
)
def test_wrong_arguments_are_said_in_one_line(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(UserFacingError) as caught:
        weather.run(arguments, {Scope: Scope(())})
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_a_moment_in_words() -> None:
    moment = datetime(2025, 3, 1, 14, 5, 33, tzinfo=timezone(timedelta(hours=1), "CET"))
    assert describe(moment) == "Saturday 2025-03-01, 14:05, time zone CET (2025-03-01T14:05:33+01:00)"


def test_the_current_time_is_now() -> None:
    text = current_time.run({}, {Scope: Scope(())})
    told = datetime.fromisoformat(text.rpartition("(")[2].rstrip(")"))
    assert abs(datetime.now().astimezone() - told) < timedelta(seconds=5)
