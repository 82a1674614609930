"""Every valid value passes the grammar of its schema, and whatever passes is valid."""

import json

import jsonschema
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_agent.llm.gbnf import arguments_grammar, call_grammar, value_grammar
from desktop_agent.llm.gbnf_rules import whole_numbers
from desktop_agent.llm.grammar import SafeGrammar
from desktop_agent.messages import ToolSpec

PROPERTIES = settings(
    deadline=None, max_examples=60, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
# SmolLM2 has no tokens for the bytes of some unassigned planes.
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x7f", max_codepoint=0xFFFF) | st.sampled_from(
    "😀🜚"
)
TEXT = st.text(LETTERS, max_size=12)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-999, 999) | st.floats(-1e9, 1e9) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def texts(draw):
    least = draw(st.integers(0, 4))
    most = draw(st.none() | st.integers(least, 9))
    schema = {"type": "string", "minLength": least} | ({} if most is None else {"maxLength": most})
    return schema, st.text(LETTERS, min_size=least, max_size=12 if most is None else most)


@st.composite
def integers(draw):
    low = draw(st.none() | st.integers(-3000, 3000))
    high = draw(st.none() | st.integers(-3000 if low is None else low, 10**9))
    bounds = {"minimum": low, "maximum": high}
    schema = {"type": "integer"} | {key: value for key, value in bounds.items() if value is not None}
    return schema, st.integers(-(10**15) if low is None else low, 10**15 if high is None else high)


@st.composite
def enums(draw):
    values = draw(st.lists(ANY, min_size=1, max_size=4))
    return {"enum": values}, st.sampled_from(values)


@st.composite
def lists(draw, inner):
    schema, values = draw(inner)
    least = draw(st.integers(0, 2))
    most = draw(st.none() | st.integers(max(1, least), 4))
    bounds = {"minItems": least} | ({} if most is None else {"maxItems": most})
    return {"type": "array", "items": schema, **bounds}, st.lists(values, min_size=least, max_size=most or 4)


@st.composite
def objects(draw, inner):
    members = draw(st.dictionaries(TEXT, st.tuples(inner, st.booleans()), max_size=4))
    declared = {name: schema for name, ((schema, _), _) in members.items()}
    must = {name: values for name, ((_, values), required) in members.items() if required}
    may = {name: values for name, ((_, values), required) in members.items() if not required}
    schema = {"type": "object", "properties": declared, "required": list(must), "additionalProperties": False}
    values = st.fixed_dictionaries(must, optional=may)
    return schema, values.map(lambda found: {name: found[name] for name in declared if name in found})


@st.composite
def choices(draw, inner):
    (left, lefts), (right, rights) = draw(inner), draw(inner)
    return {"anyOf": [left, right]}, lefts | rights


FLAT = st.one_of(
    texts(),
    integers(),
    enums(),
    st.just(({"type": "number"}, st.floats(-1e9, 1e9))),
    st.just(({"type": "boolean"}, st.booleans())),
    st.just(({"type": ["string", "null"]}, st.none() | TEXT)),
    st.just(({}, ANY)),
)
SCHEMAS = st.recursive(FLAT, lambda inner: st.one_of(lists(inner), objects(inner), choices(inner)), max_leaves=5)


@PROPERTIES
@given(data=st.data(), case=SCHEMAS)
def test_a_valid_value_passes(tiny_vocab, data, case):
    schema, values = case
    value = data.draw(values)
    assert tiny_vocab.accepts(value_grammar(schema), json.dumps(value, ensure_ascii=False))


@PROPERTIES
@given(data=st.data(), case=SCHEMAS, other=ANY)
def test_another_value_passes_only_if_it_is_valid(tiny_vocab, data, case, other):
    schema, values = case
    gbnf = value_grammar(schema)
    own = data.draw(values)
    broken = data.draw(st.sampled_from([other, [own], {"x": own}, str(own), [], {}, None, 10**12, -1]))
    if tiny_vocab.accepts(gbnf, json.dumps(broken, ensure_ascii=False)):
        jsonschema.validate(broken, schema)


@PROPERTIES
@given(data=st.data(), case=SCHEMAS)
def test_damaged_text_passes_only_if_it_is_valid(tiny_vocab, data, case):
    schema, values = case
    text = json.dumps(data.draw(values), ensure_ascii=False)
    at = data.draw(st.integers(0, len(text)))
    damaged = text[:at] + data.draw(st.sampled_from(["", '"', "\\", ",", "}", "0", "\n", "\x01", "a"])) + text[at + 1 :]
    if tiny_vocab.accepts(value_grammar(schema), damaged):
        jsonschema.validate(json.loads(damaged), schema)


@settings(PROPERTIES, max_examples=15)
@given(case=SCHEMAS, seed=st.integers(0, 2**32 - 1))
def test_whatever_the_grammar_lets_a_model_write_is_valid(tiny_vocab, case, seed):
    schema, _ = case
    grammar = SafeGrammar(tiny_vocab.pointer, value_grammar(schema))
    random = np.random.default_rng(seed)
    # A model that likes to come to an end, and otherwise writes anything.
    ends = np.array([piece in (b'"', b"}", b"]", b"<|im_end|>") for piece in map(tiny_vocab.piece, range(49152))])
    written = b""
    for _step in range(40):
        token = grammar.choose((random.normal(size=49152) + 4 * ends).astype(np.float32), 49152)
        if tiny_vocab.piece(token) in (b"<|im_end|>", b"<|endoftext|>"):
            jsonschema.validate(json.loads(written.decode(errors="replace")), schema)
            break
        grammar.accept(token)
        written += tiny_vocab.piece(token)
    grammar.close()


@given(low=st.integers(-5000, 5000), span=st.integers(0, 5000), other=st.integers(-11000, 11000))
@PROPERTIES
def test_ranges_of_whole_numbers_are_exact(tiny_vocab, low, span, other):
    gbnf = f"root ::= {whole_numbers(low, low + span)}"
    assert tiny_vocab.accepts(gbnf, str(low))
    assert tiny_vocab.accepts(gbnf, str(low + span))
    assert tiny_vocab.accepts(gbnf, str(other)) == (low <= other <= low + span)


def accepted(vocab, schema, *values):
    gbnf = value_grammar(schema)
    return [vocab.accepts(gbnf, value if isinstance(value, str) else json.dumps(value)) for value in values]


def test_odd_type_names_of_benchmarks_and_python(tiny_vocab):
    schema = {"type": "dict", "properties": {"a": {"type": "float"}, "b": {"type": "tuple", "items": {"type": "int"}}}}
    assert accepted(tiny_vocab, schema, {"a": 1.5, "b": [1, 2]}, {"a": "x"}, {"b": [1.5]}) == [True, False, False]
    assert accepted(tiny_vocab, {"type": "any"}, 1, "x", {"y": [None]}) == [True, False, True]
    assert accepted(tiny_vocab, {"type": "no such type"}, '"x"') == [True]


def test_an_enum_beside_a_list_of_types_keeps_its_values(tiny_vocab):
    schema = {"type": ["string", "null"], "enum": ["a\\b", 'say "hi"', "größer", None]}
    assert accepted(tiny_vocab, schema, '"a\\\\b"', '"say \\"hi\\""', '"größer"', "null", '"c"') == [True] * 4 + [False]


def test_members_come_in_the_declared_order_and_optional_ones_may_be_left_out(tiny_vocab):
    schema = {"properties": {name: {"type": "integer"} for name in "abc"}, "required": ["b"]}
    values = (
        '{"b": 1}',
        '{"a": 1,"b":2, "c": 3}',
        '{"b": 1, "c": 2}',
        '{"a": 1}',
        '{"b": 1, "a": 2}',
        '{"b": 1, "d": 2}',
    )
    assert accepted(tiny_vocab, schema, *values) == [True, True, True, False, False, False]


def test_free_form_and_additional_members(tiny_vocab):
    assert accepted(tiny_vocab, {"type": "object"}, {"anything": [1]}) == [True]
    assert accepted(tiny_vocab, {"type": "object", "properties": {}}, {}, {"x": 1}) == [True, False]
    schema = {"properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "integer"}}
    assert accepted(tiny_vocab, schema, {"a": "x", "y": 1, "z": 2}, {"y": 1}, {"y": "no"}) == [True, True, False]


def test_strings_hold_no_raw_line_break_no_control_character_and_no_half_character(tiny_vocab):
    values = ('"a\nb"', '"a\\nb"', '"\x1b"', '"\\ud83d"', '"\\u00e9"', '"😀"')
    assert accepted(tiny_vocab, {"type": "string"}, *values) == [False, True, False, False, True, True]


def test_a_length_beyond_what_llama_can_count_is_not_counted(tiny_vocab):
    for schema in ({"maxLength": 100_000}, {"minLength": 5000}, {"maxLength": 1999}, {"maxLength": 2000}):
        assert accepted(tiny_vocab, {"type": "string", **schema}, '"' + "word " * 500 + '"') == [
            schema != {"maxLength": 1999}
        ]


def test_a_list_of_words_from_a_closed_set_comes_to_an_end(tiny_vocab):
    schema = {"type": "array", "items": {"enum": ["a", "b"]}}
    assert accepted(tiny_vocab, schema, ["a", "b"] * 8, ["a"] * 17) == [True, False]
    assert accepted(tiny_vocab, schema | {"maxItems": 20}, ["a"] * 17, ["a"] * 21) == [True, False]


def test_dates_and_times(tiny_vocab):
    day, clock, moment = ({"type": "string", "format": form} for form in ("date", "time", "date-time"))
    assert accepted(tiny_vocab, day, '"2026-02-28"', '"2026-13-01"', '"28.2.2026"') == [True, False, False]
    assert accepted(tiny_vocab, clock, '"23:59"', '"23:59:59.5Z"', '"24:00"') == [True, True, False]
    assert accepted(tiny_vocab, moment, '"2026-02-28T08:30:00+01:00"', '"2026-02-28"') == [True, False]


def test_numbers_keep_their_sign_and_have_no_leading_zeros(tiny_vocab):
    assert accepted(tiny_vocab, {"type": "number", "minimum": 0}, "0.5", "-0.5", "1e5", "01") == [
        True,
        False,
        True,
        False,
    ]
    assert accepted(tiny_vocab, {"type": "integer"}, "0", "-7", "007", "1.0", "9" * 19, "9" * 20) == [
        True, True, False, False, True, False,
    ]  # fmt: skip
    assert accepted(tiny_vocab, {"type": "integer", "exclusiveMinimum": 0, "maximum": 3}, "0", "1", "3", "4") == [
        False, True, True, False,
    ]  # fmt: skip


TREE = {
    "$ref": "#/$defs/node",
    "$defs": {
        "node": {
            "type": "object",
            "properties": {
                "name": {"$ref": "#/$defs/a~1b/properties/node"},
                "children": {"type": "array", "items": {"$ref": "#/$defs/node", "description": "a child"}},
            },
            "required": ["name"],
        },
        "a/b": {"properties": {"node": {"type": "string"}}},
    },
}


def test_references_may_be_recursive_and_share_their_last_step(tiny_vocab):
    good = {"name": "a", "children": [{"name": "b", "children": []}, {"name": "c"}]}
    assert accepted(tiny_vocab, TREE, good, {"name": "a", "children": [{"children": []}]}) == [True, False]


def test_all_of_is_merged(tiny_vocab):
    part = {"properties": {"b": {"type": "boolean"}}, "required": ["b"]}
    schema = {
        "allOf": [{"$ref": "#/$defs/p"}, {"properties": {"c": {"const": 1}}}],
        "type": "object",
        "$defs": {"p": part},
    }
    assert accepted(tiny_vocab, schema, {"b": True, "c": 1}, {"b": True}, {"c": 1}) == [True, True, False]


def test_alternatives_are_joined_with_what_stands_beside_them(tiny_vocab):
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
    }
    assert accepted(tiny_vocab, schema, {"a": "x"}, {"b": "x"}, {}) == [True, True, False]


DEEP: dict = {}
for _ in range(100):
    DEEP = {"type": "array", "items": DEEP}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": []},
        {"type": 5},
        {"enum": []},
        {"anyOf": []},
        {"properties": {"a": False}},
        {"properties": {"a": "string"}},
        {"required": True},
        {"type": "string", "minLength": 5, "maxLength": 2},
        {"type": "array", "minItems": -1},
        {"type": "array", "maxItems": "many"},
        {"type": "integer", "minimum": 5, "maximum": 4},
        {"type": "integer", "minimum": "five"},
        {"type": "number", "minimum": float("nan")},
        {"$ref": "https://example.org/schema.json"},
        {"$ref": "#/$defs/nowhere"},
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}},
        {"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/a"}]}}},
        {"$ref": "#/$defs/a", "$defs": {"a": {"allOf": [{"$ref": "#/$defs/a"}]}}},
        {"allOf": [{"type": "string"}, {"type": "integer"}]},
        {"const": {1, 2}},
        {"enum": ["\ud800"]},
        DEEP,
        "string",
        None,
    ],
    ids=lambda schema: str(schema)[:60],
)
def test_what_is_no_schema_is_refused_before_llama_sees_it(schema):
    with pytest.raises(ValueError):  # noqa: PT011 -- the kind of error is the promise
        value_grammar(schema)


TOOLS = (
    ToolSpec("read_file", "", {"properties": {"path": {"type": "string"}}, "required": ["path"]}),
    ToolSpec("now", "", {"type": "object", "properties": {}}),
)


def test_a_call_names_an_offered_tool_and_has_that_tools_arguments(tiny_vocab):
    gbnf = call_grammar(TOOLS)
    good = '{"name": "read_file", "arguments": {"path": "a.txt"}}\n</tool_call>'
    assert tiny_vocab.accepts(gbnf, good)
    assert tiny_vocab.accepts(gbnf, '{"name": "now", "arguments": {}}\n</tool_call>')
    for bad in (
        good[:-1],
        good.replace("read_file", "now"),
        good.replace("read_file", "rm"),
        good.replace("path", "file"),
    ):
        assert not tiny_vocab.accepts(gbnf, bad)


def test_the_arguments_alone(tiny_vocab):
    gbnf = arguments_grammar(TOOLS[0], "\n```")
    assert tiny_vocab.accepts(gbnf, ' {"path": "a.txt"}}\n```')
    assert not tiny_vocab.accepts(gbnf, ' {"path": "a.txt"}}\n</tool_call>')


def test_no_tools_and_twice_the_same_are_refused():
    for tools in ((), (TOOLS[0], TOOLS[0])):
        with pytest.raises(ValueError, match="at least one tool"):
            call_grammar(tools)


def test_a_bad_schema_is_reported_with_its_tool():
    with pytest.raises(ValueError, match="'broken'"):
        call_grammar((*TOOLS, ToolSpec("broken", "", {"properties": {"a": {"enum": []}}})))


def test_a_schema_that_would_need_thousands_of_rules_is_refused():
    wide = {"properties": {f"argument_{number}": {"enum": [number]} for number in range(3000)}}
    with pytest.raises(ValueError, match="too large"):
        value_grammar(wide)
