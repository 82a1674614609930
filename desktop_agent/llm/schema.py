"""JSON schemas of tools, brought into one plain shape before anything is made of them."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

Schema = dict[str, Any]

TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")
NOTES = {"title", "description", "default", "examples", "$defs", "definitions", "$schema"}
"""Members that do not say which values are valid."""

_OTHER_NAMES = {
    "dict": "object", "map": "object", "float": "number", "double": "number", "int": "integer", "long": "integer",
    "tuple": "array", "list": "array", "set": "array", "str": "string", "bool": "boolean", "none": "null",
}  # fmt: skip
_DEEPEST = 32


def normalise(schema: Any, depth: int = 0) -> Schema:
    """Return a copy with JSON Schema's own type names; an unknown type is dropped, which means any value.

    Raises ValueError for what is no schema, and for one that is nested deeper than 32 levels.
    """
    if schema is True:
        return {}
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        raise ValueError(f"this is no schema, or too deep a one: {str(schema)[:80]}")
    plain = dict(schema)
    _rename_types(plain)
    for key in ("properties", "$defs", "definitions"):
        if key in plain:
            plain[key] = {str(name): normalise(part, depth + 1) for name, part in _mapping(plain, key).items()}
    for key in ("anyOf", "oneOf", "allOf"):
        if key in plain:
            plain[key] = [normalise(part, depth + 1) for part in _list(plain, key)]
    if not isinstance(plain.get("additionalProperties", True), bool):
        plain["additionalProperties"] = normalise(plain["additionalProperties"], depth + 1)
    if "items" in plain:
        plain["items"] = {} if isinstance(plain["items"], list) else normalise(plain["items"], depth + 1)
    return _checked(plain)


def resolve(root: Schema, ref: Any) -> Schema:
    """Return what a `$ref` of the form `#/a/b` names. Raises ValueError when there is nothing."""
    if not isinstance(ref, str) or not (ref == "#" or ref.startswith("#/")):
        raise ValueError(f"only references into the schema itself are understood, not {ref!r}")
    node: Any = root
    for step in unquote(ref).split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(node, Mapping) or name not in node:
            raise ValueError(f"the reference {ref!r} leads nowhere")
        node = node[name]
    return normalise(node)


def merge(left: Schema, right: Schema) -> Schema:
    """Return a schema that asks for both. Raises ValueError where they contradict each other."""
    both = {**left, **right}
    for key in left.keys() & right.keys():
        if key == "properties":
            both[key] = {**left[key], **right[key]}
        elif key == "required":
            both[key] = [*left[key], *(name for name in right[key] if name not in left[key])]
        elif left[key] != right[key] and key not in NOTES:
            raise ValueError(f"two parts of the schema disagree about {key!r}")
    return both


def types_of(schema: Schema) -> Sequence[str]:
    """Return the types a value may have; all of them when the schema does not say."""
    kind = schema.get("type")
    if kind is None:
        kind = "object" if "properties" in schema else "array" if "items" in schema else None
    return TYPES if kind is None else [kind] if isinstance(kind, str) else list(kind)


def _rename_types(schema: Schema) -> None:
    """Give the types their usual names, in place."""
    kinds = schema.get("type")
    if kinds is None:
        return
    names = kinds if isinstance(kinds, list) else [kinds]
    if not names or not all(isinstance(name, str) for name in names):
        raise ValueError(f"this is no type: {kinds!r}")
    plain = [_OTHER_NAMES.get(name.lower(), name.lower()) for name in names]
    if all(name in TYPES for name in plain):
        schema["type"] = list(dict.fromkeys(plain)) if isinstance(kinds, list) else plain[0]
    else:
        del schema["type"]


def _checked(schema: Schema) -> Schema:
    """Return the schema when its plain members have the shapes they must have. Raises ValueError otherwise."""
    if "enum" in schema and not _list(schema, "enum"):
        raise ValueError("an enum needs at least one value")
    if not all(isinstance(name, str) for name in _list(schema, "required")):
        raise ValueError("required must be a list of names")
    for least, most in (("minLength", "maxLength"), ("minItems", "maxItems")):
        low, high = _count(schema, least, 0), _count(schema, most, None)
        if high is not None and low is not None and low > high:
            raise ValueError(f"{least} is larger than {most}")
    return schema


def _count(schema: Schema, key: str, default: int | None) -> int | None:
    value = schema.get(key, default)
    if value is not None and (isinstance(value, bool) or value != int(value) or value < 0):
        raise ValueError(f"{key} must be a count, not {value!r}")
    return None if value is None else int(value)


def _mapping(schema: Schema, key: str) -> Mapping[str, Any]:
    if not isinstance(schema[key], Mapping):
        raise ValueError(f"{key} must be an object")
    found: Mapping[str, Any] = schema[key]
    return found


def _list(schema: Schema, key: str) -> list[Any]:
    value = schema.get(key, [])
    if not isinstance(value, list | tuple):
        raise ValueError(f"{key} must be a list")
    return list(value)
