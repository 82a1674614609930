"""Messages and events as plain values."""

import json

from hypothesis import given
from hypothesis import strategies as st

from desktop_agent.events import TurnFinished, TurnStats, to_dict
from desktop_agent.messages import Message, ToolCall, ToolResult

calls = st.builds(ToolCall, st.text(), st.text(), st.dictionaries(st.text(), st.integers() | st.text()))
results = st.builds(ToolResult, st.text(), st.text(), st.text(), st.booleans(), st.booleans())
messages = st.builds(
    Message,
    st.sampled_from(["system", "user", "assistant", "tool"]),
    st.text(),
    st.text(),
    st.text(),
    st.lists(calls).map(tuple),
    st.none() | results,
    st.text(),
    st.lists(st.text()).map(tuple),
)


@given(messages)
def test_a_message_survives_json(message: Message) -> None:
    assert Message.from_dict(json.loads(json.dumps(message.to_dict()))) == message


def test_rates_of_an_empty_turn_are_zero() -> None:
    assert (TurnStats().read_rate, TurnStats().write_rate) == (0.0, 0.0)


def test_an_event_names_its_kind_first() -> None:
    data = to_dict(TurnFinished("text", TurnStats(answer_tokens=3)))
    assert next(iter(data)) == "kind"
    assert data["stats"]["answer_tokens"] == 3
