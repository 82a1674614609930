"""The arguments of a call against the tool's schema: harmless differences mended, the first real one named."""

import json
import re
from collections.abc import Mapping
from typing import Any

from desktop_agent.llm.json_repair import read_json
from desktop_agent.llm.schema import Schema, normalise, resolve, types_of

_INTEGER = re.compile(r"-?\d{1,18}")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")
_WORDS: dict[str, dict[str, bool | None]] = {
    "boolean": {"true": True, "false": False},
    "null": {"null": None, "none": None},
}
_EXACT = 2**53
_DEEPEST = 16
_SAID = {
    "object": "an object", "array": "a list", "string": "a text", "integer": "an integer", "number": "a number",
    "boolean": "true or false", "null": "null",
}  # fmt: skip


class BadArguments(ValueError):
    """The arguments do not fit; the message is one line for the model."""


def fit_arguments(arguments: Mapping[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments as the schema wants them ("5" for an integer becomes 5). Raises BadArguments."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    try:
        schema = _closed(normalise({"type": "object", **parameters}))
        fitted: dict[str, Any] = _coerce(dict(arguments), schema, schema, 0)
        # An empty registry: a schema must not make the program open a socket.
        error = best_match(Draft202012Validator(schema, registry=Registry()).iter_errors(fitted))
    except (Unresolvable, ValueError, TypeError, RecursionError, re.error) as fault:
        raise BadArguments(f"the tool's schema cannot be used: {fault}") from fault
    if error:
        raise BadArguments(_complaint(error, schema))
    return fitted


def _closed(schema: Schema) -> Schema:
    """Return the schema with unknown arguments forbidden where it names the known ones."""
    return {"additionalProperties": False, **schema} if "properties" in schema else schema


def _complaint(error: Any, schema: Schema) -> str:
    """Return what is wrong in one concrete line."""
    place = _place(error.absolute_path)
    got = f"got {_short(error.instance)}"
    if error.validator == "required":
        missing = next(name for name in error.validator_value if name not in error.instance)
        return f"argument {_place([*error.absolute_path, missing])!r} is missing"
    if error.validator == "additionalProperties":
        known = ", ".join(error.schema.get("properties", ())) or "none"
        unknown = next(name for name in error.instance if name not in error.schema.get("properties", ()))
        return f"there is no argument {_place([*error.absolute_path, unknown])!r}; arguments are: {known}"
    if error.validator == "type":
        wanted = " or ".join(_SAID[kind] for kind in types_of({"type": error.validator_value}))
        return f"argument {place!r} must be {wanted}, {got}"
    if error.validator == "enum":
        return f"argument {place!r} must be one of {', '.join(map(_short, error.validator_value))}, {got}"
    return f"argument {place!r}: {' '.join(error.message.split())[:200]}"


def _place(path: Any) -> str:
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return steps.removeprefix(".")


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _coerce(value: Any, schema: Schema, root: Schema, depth: int) -> Any:
    """Return the value in the type that the schema asks for, where nothing is lost by it."""
    if depth > _DEEPEST:
        return value
    if "$ref" in schema:
        return _coerce(value, resolve(root, schema["$ref"]), root, depth + 1)
    for part in schema.get("anyOf") or schema.get("oneOf") or ():
        converted = _coerce(value, part, root, depth + 1)
        if _is_any(converted, _types(part, root)):
            return converted
    kinds = types_of(schema)
    if not _is_any(value, kinds):
        value = _converted(value, kinds)
    if isinstance(value, dict):
        known = schema.get("properties", {})
        return {name: _coerce(part, known.get(name, {}), root, depth + 1) for name, part in value.items()}
    if isinstance(value, list):
        return [_coerce(item, schema.get("items", {}), root, depth + 1) for item in value]
    return value


def _types(schema: Schema, root: Schema) -> Any:
    return types_of(resolve(root, schema["$ref"]) if "$ref" in schema else schema)


def _is_any(value: Any, kinds: Any) -> bool:
    """Tell whether the value has one of JSON Schema's types; a whole float still wants conversion to an integer."""
    kind = {dict: "object", list: "array", str: "string", bool: "boolean", float: "number", type(None): "null"}
    return kind.get(type(value), "integer") in kinds


def _converted(value: Any, kinds: Any) -> Any:
    """Return the value as one of these types where that is certain, else the value itself."""
    if isinstance(value, str):
        return _from_text(value.strip(), kinds, value)
    if isinstance(value, float) and "integer" in kinds and value.is_integer():
        return int(value)
    if type(value) is int:
        if "number" in kinds and abs(value) < _EXACT:
            return float(value)
        return str(value) if "string" in kinds else value
    return value


def _from_text(text: str, kinds: Any, value: str) -> Any:
    """Return what a text says when it is no text that is wanted."""
    if "integer" in kinds and _INTEGER.fullmatch(text):
        return int(text)
    if "number" in kinds and _NUMBER.fullmatch(text):
        return float(text)
    for kind, words in _WORDS.items():
        if kind in kinds and text.lower() in words:
            return words[text.lower()]
    return _from_json(text, value) if {"array", "object"} & set(kinds) and text[:1] in ("[", "{") else value


def _from_json(text: str, value: str) -> Any:
    try:
        return read_json(text, cut=True)[0]
    except ValueError:
        return value
