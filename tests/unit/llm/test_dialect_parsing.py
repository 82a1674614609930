"""Reading calls that were written without a grammar: forgiving in form, strict in meaning, never a crash."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_agent.llm.calls import parse_answer
from desktop_agent.llm.json_repair import Unclosed, read_json
from desktop_agent.messages import ToolSpec

TOOLS = (
    ToolSpec(
        "read_file", "", {"properties": {"path": {"type": "string"}, "days": {"type": "integer"}}, "required": ["path"]}
    ),
    ToolSpec("now", "", {"type": "object", "properties": {}}),
)


def parse(body, tools=TOOLS, cut=False):
    return parse_answer(f"Text.\n<tool_call>\n{body}\n</tool_call>", tools, cut)


def arguments(written):
    answer = parse(f'{{"name": "read_file", "arguments": {written}}}')
    assert not answer.error
    return answer.calls[0].arguments


@pytest.mark.parametrize(
    "written",
    [
        '{"path": "a", "days": 5}',
        '{"path": "a", "days": 5,}',
        "{'path': 'a', 'days': 5}",
        '{path: "a", days: 5}',
        '{"path": "a", "days": "5"}',
        '{"path": "a", "days": 5.0}',
        '"{\\"path\\": \\"a\\", \\"days\\": 5}"',
        "{&quot;path&quot;: &quot;a&quot;, &quot;days&quot;: 5}",
        '{"path": "a", "days": 5',
    ],
)
def test_harmless_differences_are_mended(written):
    assert arguments(written) == {"path": "a", "days": 5}
    assert type(arguments(written)["days"]) is int


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('{"name": "now", "arguments": {}}', "now"),
        ('{"name": "now"}', "now"),
        ('{"name": "now", "arguments": null}', "now"),
        ('{"name": "now", "arguments": ""}', "now"),
        ('{"function": "now", "parameters": {}}', "now"),
        ('{"arguments": {}, "tool": "now"}', "now"),
        ('{"type": "function", "function": {"name": "now", "arguments": "{}"}}', "now"),
        ('{{"name": "now", "arguments": {}}}', "now"),
        ('{"name": "read_file", "path": "a"}', "read_file"),
        ('[{"name": "now", "arguments": {}}]', "now"),
    ],
)
def test_variants_of_a_call(body, name):
    answer = parse(body)
    assert (answer.error, [call.name for call in answer.calls], answer.text) == ("", [name], "Text.")


@pytest.mark.parametrize(
    "raw",
    [
        '<tool_call>\n{"name": "now"}\n</tool_call>\n<tool_call>{"name": "read_file", "path": "a"}</tool_call>',
        '```json\n{"name": "now"}\n```\n\n```json\n{"name": "read_file", "arguments": {"path": "a"}}\n```',
        '<tool_call>[{"name": "now"}, {"name": "read_file", "arguments": {"path": "a"}}]</tool_call>',
        '{"name": "now"}\n{"name": "read_file", "arguments": {"path": "a"}}',
    ],
)
def test_several_calls_keep_their_order(raw):
    answer = parse_answer(raw, TOOLS)
    assert [call.name for call in answer.calls] == ["now", "read_file"]
    assert len({call.id for call in answer.calls}) == 2


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ('{"name": "read_file", "arguments": {}}', "argument 'path' is missing"),
        (
            '{"name": "read_file", "arguments": {"path": "a", "days": "soon"}}',
            "argument 'days' must be an integer, got \"soon\"",
        ),
        (
            '{"name": "read_file", "arguments": {"path": "a", "days": 5.5}}',
            "argument 'days' must be an integer, got 5.5",
        ),
        ('{"name": "read_file", "arguments": {"path": ["a"]}}', "argument 'path' must be a text, got [\"a\"]"),
        ('{"name": "foo", "arguments": {}}', "there is no tool 'foo'; tools are: read_file, now"),
        ('{"name": "now", "arguments": {"zone": 1}}', "there is no argument 'zone'; arguments are: none"),
        ('{"name": "read_file", "arguments": [1]}', "the arguments must be a JSON object"),
        ('{"name": "read_file", "arguments": "a.txt"}', "the arguments are no valid JSON: 'a.txt' is no value"),
        ('{"arguments": {}}', "there is no tool ''; tools are: read_file, now"),
        ("5", "a call must be a JSON object with a name and arguments"),
        ('{"name": "now", "name": "now"}', "the call is no valid JSON: a name stands twice in one object"),
        ("see above", "the call is no valid JSON"),
    ],
)
def test_the_first_fault_is_named_in_one_concrete_line(body, complaint):
    answer = parse(body)
    assert answer.calls == ()
    assert answer.error.startswith(complaint)
    assert "\n" not in answer.error


NESTED = ToolSpec(
    "plan",
    "",
    {
        "properties": {
            "unit": {"type": "string", "enum": ["C", "F"]},
            "steps": {"type": "array", "items": {"$ref": "#/$defs/step"}, "maxItems": 2},
            "limit": {"anyOf": [{"type": "number"}, {"type": "null"}]},
            "on": {"type": "boolean"},
            "code": {"type": "string"},
        },
        "$defs": {"step": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}},
    },
)


@pytest.mark.parametrize(
    ("given_arguments", "wanted"),
    [
        ({"steps": [{"n": "3"}]}, {"steps": [{"n": 3}]}),
        ({"steps": '[{"n": 3}]'}, {"steps": [{"n": 3}]}),
        ({"limit": "2.5", "on": "True"}, {"limit": 2.5, "on": True}),
        ({"limit": None}, {"limit": None}),
        ({"limit": 5}, {"limit": 5.0}),
        ({"code": 12345}, {"code": "12345"}),
    ],
)
def test_values_are_brought_into_the_wanted_type_where_nothing_is_lost(given_arguments, wanted):
    answer = parse(json.dumps({"name": "plan", "arguments": given_arguments}), [NESTED])
    assert not answer.error
    assert answer.calls[0].arguments == wanted
    assert [type(value) for value in answer.calls[0].arguments.values()] == [type(value) for value in wanted.values()]


@pytest.mark.parametrize(
    ("given_arguments", "complaint"),
    [
        ({"unit": "K"}, 'argument \'unit\' must be one of "C", "F", got "K"'),
        ({"steps": [{"n": 1}, {}]}, "argument 'steps[1].n' is missing"),
        ({"steps": [{"n": 1}] * 3}, "argument 'steps'"),
        ({"on": 1}, "argument 'on' must be true or false, got 1"),
        ({"steps": [{"n": 80.5}]}, "argument 'steps[0].n' must be an integer"),
    ],
)
def test_faults_deep_inside_are_named_with_their_place(given_arguments, complaint):
    assert parse(json.dumps({"name": "plan", "arguments": given_arguments}), [NESTED]).error.startswith(complaint)


def test_calls_before_a_wrong_one_are_kept():
    answer = parse_answer('{"name": "now"}\n{"name": "read_file", "arguments": {}}', TOOLS)
    assert [call.name for call in answer.calls] == ["now"]
    assert "path" in answer.error


def test_an_answer_that_was_cut_off_is_not_completed_by_guessing():
    half = '<tool_call>\n{"name": "read_file", "arguments": {"path": "a"'
    assert parse_answer(half, TOOLS).calls[0].arguments == {"path": "a"}
    assert "not complete" in parse_answer(half, TOOLS, cut=True).error
    assert "not complete" in parse_answer(half[:-1], TOOLS).error


def test_a_schema_that_points_elsewhere_opens_no_connection():
    tool = ToolSpec("t", "", {"properties": {"a": {"$ref": "https://example.org/a.json"}}})
    assert "reference" in parse('{"name": "t", "arguments": {"a": 1}}', [tool]).error


@pytest.mark.parametrize("opener", ["[", "{", '{"a":', "[[", '{"arguments":'])
def test_a_hundred_thousand_brackets_are_an_error(opener):
    answer = parse(f'{{"name": "read_file", "arguments": {opener * 100_000}')
    assert answer.calls == ()
    assert answer.error


def test_a_megabyte_of_argument_is_read():
    text = 'a\\n\\"b' * 200_000
    assert len(arguments(f'{{"path": "{text}"}}')["path"]) == 800_000
    assert len(arguments(f"{{'path': '{text}'}}")["path"]) == 800_000


@pytest.mark.parametrize("word", ['"\\ud83d"', "'\\ud83d'", "1e999", "NaN", "Infinity", "-Infinity", "9" * 5000])
def test_numbers_that_are_none_are_errors(word):
    with pytest.raises(ValueError):  # noqa: PT011 -- the kind of error is the promise
        read_json(word)


@settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(text=st.lists(st.sampled_from([*"{}[]:,'\"\\ u0a1-.\n", "true", "None", "&quot;"]), max_size=25).map("".join))
def test_any_text_is_a_value_or_a_value_error(text):
    try:
        value, end = read_json(text)
    except ValueError:
        return
    json.dumps(value)
    assert 0 < end <= len(text)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(value=VALUES)
def test_the_forgiving_reader_reads_json_as_json_does(value):
    from desktop_agent.llm.json_repair import _Reader

    text = json.dumps(value)
    assert _Reader(text, cut=True).read(0) == (json.loads(text), len(text))


def test_the_end_of_the_text_within_a_string_is_told_apart():
    with pytest.raises(Unclosed):
        read_json('{"a": "b')
