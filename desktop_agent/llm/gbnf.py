"""From the JSON schemas of tools to a llama.cpp grammar (GBNF) for a call of one of them.

The grammar may accept a little more than the schema (`pattern`, `multipleOf`, bounds of fractions): the arguments are
validated afterwards in any case. Members come in the declared order, separated as `json.dumps` does it.
"""

import math
from collections.abc import Callable, Sequence
from graphlib import TopologicalSorter
from typing import Any

from desktop_agent.llm.gbnf_rules import MOST_REPEATS, NOTHING, Rules, json_literal, literal, repeat, whole_numbers
from desktop_agent.llm.schema import NOTES, TYPES, Schema, merge, normalise, resolve, types_of
from desktop_agent.messages import ToolSpec

_MOST_OF_A_SET = 16


def call_grammar(tools: Sequence[ToolSpec], closing: str = "\n</tool_call>") -> str:
    """Return the grammar of `{"name": …, "arguments": {…}}` for any of the tools, followed by `closing`.

    Raises ValueError when a schema cannot be understood or when there is no tool.
    """
    if len({tool.name for tool in tools}) != len(tools) or not tools:
        raise ValueError("a grammar needs at least one tool, and every name once")
    rules = Rules()
    calls = [f'{json_literal(tool.name)} comma "\\"arguments\\"" colon {_arguments(tool, rules)}' for tool in tools]
    return rules.text(f'"{{\\"name\\"" colon ({" | ".join(calls)}) {literal("}" + closing)}')


def arguments_grammar(tool: ToolSpec, closing: str = "\n</tool_call>") -> str:
    """Return the grammar of what follows `{"name": "the tool", "arguments":`, then `closing`. Raises as above."""
    rules = Rules()
    return rules.text(f'" "? {_arguments(tool, rules)} {literal("}" + closing)}')


def value_grammar(schema: Any) -> str:
    """Return the grammar of one value of a schema. Raises ValueError when the schema cannot be understood."""
    rules = Rules()
    return rules.text(_SchemaRules(normalise(schema), rules).root())


def _arguments(tool: ToolSpec, rules: Rules) -> str:
    try:
        return _SchemaRules(normalise({"type": "object", **tool.parameters}), rules).root()
    except ValueError as error:
        raise ValueError(f"the parameters of the tool {tool.name!r}: {error}") from error


class _SchemaRules:
    """Writes the rules of one schema. `owner` below is the reference that could still be the value itself."""

    def __init__(self, schema: Schema, rules: Rules) -> None:
        self._schema = schema
        self._rules = rules
        self._references: dict[str, str] = {}
        self._leads_to: dict[str, set[str]] = {}
        self._by_type: dict[str, Callable[[Schema], str]] = {
            "object": self._object, "array": self._array, "string": self._string, "integer": self._integer,
            "number": self._number, "boolean": lambda _: "boolean", "null": lambda _: "null",
        }  # fmt: skip

    def root(self) -> str:
        """Return the name of the rule for the whole schema. Raises ValueError, also for a value defined as itself."""
        try:
            name = self._reference("#", "")
        except RecursionError as error:
            raise ValueError("the schema refers to itself without end") from error
        TopologicalSorter(self._leads_to).prepare()  # raises a ValueError for a circle
        return name

    def _value(self, schema: Schema, owner: str = "") -> str:
        """Return the name of the rule for a schema."""
        if "$ref" in schema and not schema.keys() - {"$ref", *NOTES}:
            return self._reference(schema["$ref"], owner)
        if "enum" in schema or "const" in schema:
            values = schema.get("enum", [schema.get("const")])
            return self._rules.add(" | ".join(dict.fromkeys(map(json_literal, values))))
        for key in ("$ref", "allOf", "anyOf", "oneOf"):
            if key in schema:
                return self._combined(key, schema, owner)
        types = types_of(schema)
        if set(types) == set(TYPES):
            return "any-4"
        names = dict.fromkeys(self._by_type[kind](schema) for kind in types)
        return self._rules.add(" | ".join(names)) if len(names) > 1 else next(iter(names))

    def _reference(self, ref: Any, owner: str) -> str:
        target = resolve(self._schema, ref)
        self._leads_to.setdefault(owner, set()).add(ref)
        if ref not in self._references:
            self._references[ref] = self._rules.reserve()
            self._rules.define(self._references[ref], self._value(target, ref))
        return self._references[ref]

    def _combined(self, key: str, schema: Schema, owner: str) -> str:
        """Return the rule of a schema that is made of others and of what stands beside them."""
        rest = {name: part for name, part in schema.items() if name != key}
        if key == "$ref":
            return self._value(merge(rest, resolve(self._schema, schema[key])), owner)
        if key == "allOf":
            for part in schema[key]:
                rest = merge(rest, resolve(self._schema, part["$ref"]) if "$ref" in part else part)
            return self._value(rest, owner)
        parts = [merge(rest, part) if rest.keys() - NOTES else part for part in schema[key]]
        if not parts:
            raise ValueError(f"{key} needs at least one schema")
        return self._rules.add(" | ".join(dict.fromkeys(self._value(part, owner) for part in parts)))

    def _object(self, schema: Schema) -> str:
        declared = {name: schema.get("properties", {}).get(name, {}) for name in schema.get("required", ())}
        properties = {**schema.get("properties", {}), **declared}
        extra = schema.get("additionalProperties", "properties" not in schema and not declared)
        if not properties and extra is True:
            return "object-4"
        pairs = [
            (f"{json_literal(name)} colon {self._value(part)}", name in declared) for name, part in properties.items()
        ]
        tail = "" if extra is False else self._rules.add(f"string colon {self._value(normalise(extra))}")
        return self._rules.add(f'"{{" {self._members(pairs, tail)} "}}"')

    def _members(self, pairs: Sequence[tuple[str, bool]], tail: str) -> str:
        """Return the rule of an object's inside: `first` is it with nothing before, `more` with a member before."""
        more = self._rules.add(f"(comma {tail})*") if tail else NOTHING
        first = self._rules.add(f"({tail} {more})?") if tail else NOTHING
        for pair, required in reversed(pairs):
            first = self._rules.add(f"{pair} {more}" if required else f"{pair} {more} | {first}")
            more = self._rules.add(f"comma {pair} {more}" if required else f"(comma {pair})? {more}")
        return first

    def _array(self, schema: Schema) -> str:
        item = self._value(schema.get("items", {}))
        least, most = int(schema.get("minItems", 0)), schema.get("maxItems")
        if most is None and "enum" in schema.get("items", {}):
            # Small models repeat one word of a closed set for ever.
            most = max(least, _MOST_OF_A_SET, len(schema["items"]["enum"]))
        if most == 0:
            return self._rules.add('"[]"')
        following = self._rules.add(f"comma {item}")
        inside = f"{item} {repeat(following, max(0, least - 1), None if most is None else int(most) - 1)}"
        return self._rules.add(f'"[" {inside} "]"' if least else f'"[" ({inside})? "]"')

    def _string(self, schema: Schema) -> str:
        form = {"date": "date", "time": "time", "date-time": 'date "T" time'}.get(str(schema.get("format")))
        if form:
            return self._rules.add(rf'"\"" {form} "\""')
        least, most = int(schema.get("minLength", 0)), schema.get("maxLength")
        chars = repeat("char", min(least, MOST_REPEATS), None if most is None else int(most))
        return self._rules.add(rf'"\"" {chars} "\""')

    def _integer(self, schema: Schema) -> str:
        lows = [math.ceil(low) for low in _bounds(schema, "minimum")]
        lows += [math.floor(low) + 1 for low in _bounds(schema, "exclusiveMinimum")]
        highs = [math.floor(high) for high in _bounds(schema, "maximum")]
        highs += [math.ceil(high) - 1 for high in _bounds(schema, "exclusiveMaximum")]
        if not lows and not highs:
            return "integer"
        return self._rules.add(whole_numbers(max(lows, default=None), min(highs, default=None)))

    def _number(self, schema: Schema) -> str:
        """Of a fraction's bounds the grammar keeps the sign."""
        low = max(_bounds(schema, "minimum", "exclusiveMinimum"), default=-math.inf)
        high = min(_bounds(schema, "maximum", "exclusiveMaximum"), default=math.inf)
        if low > high:
            raise ValueError(f"no number lies between {low} and {high}")
        if low >= 0:
            return self._rules.add("magnitude fraction")
        return self._rules.add('"-" magnitude fraction') if high < 0 else "number"


def _bounds(schema: Schema, *keys: str) -> list[float]:
    """Return those of the named bounds that the schema has. Raises ValueError when one is no number."""
    bounds = [schema[key] for key in keys if not isinstance(schema.get(key), bool | None)]  # draft 4 had booleans here
    if not all(isinstance(bound, int | float) and math.isfinite(bound) for bound in bounds):
        raise ValueError(f"a bound must be a number, not {bounds!r}")
    return bounds
