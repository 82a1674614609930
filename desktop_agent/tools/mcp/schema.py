"""The schema of a server's tool, brought down to what is understood here: it is a stranger's, and a model reads it.

No patterns (one can be made to run forever), no references (they can lead anywhere and in circles), no more depth and
length than a tool needs.
"""

import json
from collections.abc import Mapping
from typing import Any

from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Json
from desktop_agent.tools.shown import shown

Schema = dict[str, Any]

DESCRIPTION = 160
_DEEPEST, _WIDEST, _LONGEST_NAME = 8, 32, 64
_TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")
_NUMBERS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")
_CHOICES = ("anyOf", "oneOf")


def plain(schema: Json) -> Schema:
    """Return the schema of a tool's arguments: always an object."""
    made = _plain(_resolved(schema, schema, 0), 0)
    return {"properties": {}, **made, "type": "object"}


def check(schema: Schema, tool: str, arguments: Mapping[str, Json]) -> dict[str, Json]:
    """Return the arguments if they fit a plain schema; raises UserFacingError, in one line, if not."""
    from jsonschema import Draft202012Validator

    given = dict(arguments)
    names = schema["properties"]
    faults = [f"there is no '{shown(name, 60)}'" for name in given if names and name not in names]
    for error in Draft202012Validator(schema).iter_errors(given):
        where = ".".join(map(str, error.absolute_path))
        faults.append(f"'{shown(where, 60)}': {shown(error.message, 120)}" if where else shown(error.message, 120))
    if faults:
        hint = f"{tool} takes: {', '.join(names) or 'none'}."
        raise UserFacingError(f"Wrong arguments: {'; '.join(faults[:3])}.", hint)
    return given


def words(text: object, limit: int) -> str:
    """Return a stranger's words as one line that the prompt can hold: nothing in it looks like a mark of a template."""
    line = " ".join(text.split()) if isinstance(text, str) else ""
    return shown(line.replace("<", "‹").replace(">", "›").replace("[INST", "(INST").replace("[/INST", "(/INST"), limit)


def _resolved(node: Any, root: Any, depth: int) -> Any:
    """Return the node with references into the schema itself put in their place, as far as depth allows."""
    if not isinstance(node, Mapping) or depth > _DEEPEST:
        return {}
    reference = node.get("$ref")
    if isinstance(reference, str):
        found = _at(root, reference)
        return _resolved({**found, **{key: value for key, value in node.items() if key != "$ref"}}, root, depth + 1)
    made = dict(node)
    for key in ("items", "additionalProperties"):
        if isinstance(made.get(key), Mapping):
            made[key] = _resolved(made[key], root, depth + 1)
    if isinstance(made.get("properties"), Mapping):
        made["properties"] = {name: _resolved(part, root, depth + 1) for name, part in _some(made["properties"])}
    for key in _CHOICES:
        if isinstance(made.get(key), list):
            made[key] = [_resolved(part, root, depth + 1) for part in made[key][:_WIDEST]]
    return made


def _at(root: Any, reference: str) -> dict[str, Any]:
    node = root
    for step in reference.split("/")[1:] if reference.startswith("#/") else ():
        node = node.get(step) if isinstance(node, Mapping) else None
    return dict(node) if isinstance(node, Mapping) and node is not root else {}


def _plain(node: Mapping[str, Any], depth: int) -> Schema:
    """Return the parts of a schema that are understood; what is not leaves any value valid."""
    made: Schema = {}
    if kind := _kind(node.get("type")):
        made["type"] = kind
    if description := words(node.get("description"), DESCRIPTION):
        made["description"] = description
    choices = node.get("enum", [node["const"]] if "const" in node else None)
    if isinstance(choices, list) and 0 < len(choices) <= _WIDEST and all(map(_is_scalar, choices)):
        made["enum"] = choices
    made |= {key: node[key] for key in _NUMBERS if type(node.get(key)) in (int, float)}
    if depth < _DEEPEST:
        made |= _parts(node, depth + 1)
    return made


def _parts(node: Mapping[str, Any], depth: int) -> Schema:
    made: Schema = {}
    if isinstance(node.get("items"), Mapping):
        made["items"] = _plain(node["items"], depth)
    for key in _CHOICES:
        if isinstance(node.get(key), list) and node[key]:
            made["anyOf"] = [_plain(part, depth) for part in node[key] if isinstance(part, Mapping)]
    if isinstance(node.get("properties"), Mapping):
        made["properties"] = {name: _plain(part, depth) for name, part in _some(node["properties"])}
        required = node.get("required")
        if isinstance(required, list) and (kept := [name for name in required if name in made["properties"]]):
            made["required"] = kept
    return made


def _some(properties: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the properties that a tool may have: so many, with names that are nothing but names."""
    fit = [(name, part) for name, part in properties.items() if shown(name, _LONGEST_NAME) == name and name.strip()]
    return [(name, part if isinstance(part, Mapping) else {}) for name, part in fit[:_WIDEST]]


def _kind(kind: Any) -> Any:
    if isinstance(kind, list):
        return [name for name in kind if name in _TYPES] or None
    return kind if kind in _TYPES else None


def _is_scalar(value: Any) -> bool:
    return value is None or (isinstance(value, str | int | float | bool) and len(json.dumps(value)) <= DESCRIPTION)
