"""The JSON schema of a tool's arguments, from the signature of its function, and the check of what a model passes."""

import inspect
from collections.abc import Callable, Mapping
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Json
from desktop_agent.tools.shown import shown


def arguments_model(function: Callable[..., Any], skip: frozenset[str]) -> type[BaseModel]:
    """Return a model with one field for each parameter not in `skip`; `Annotated[str, "…"]` describes a parameter."""
    hints = get_type_hints(function, include_extras=True)
    fields: dict[str, Any] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if name not in skip:
            default = ... if parameter.default is inspect.Parameter.empty else parameter.default
            fields[name] = (_described(hints[name]), default)
    return create_model(function.__name__, __config__=ConfigDict(extra="forbid"), **fields)


def small_schema(model: type[BaseModel]) -> dict[str, Json]:
    """Return the model's JSON schema without what says nothing: every token of it is read in every conversation."""
    schema: dict[str, Json] = _pruned(model.model_json_schema())
    return {"type": "object", "properties": {}, **schema}


def checked(model: type[BaseModel], arguments: Mapping[str, Json]) -> dict[str, Any]:
    """Return the arguments in the types of the signature; raises UserFacingError, in one line, for faults."""
    try:
        values = model.model_validate(dict(arguments))
    except ValidationError as error:
        faults = "; ".join(_fault(fault) for fault in error.errors(include_url=False)[:3])
        names = ", ".join(model.model_fields) or "none"
        raise UserFacingError(f"Wrong arguments: {faults}.", f"{model.__name__} takes: {names}.") from error
    return {name: getattr(values, name) for name in model.model_fields}


def _described(hint: Any) -> Any:
    """Return the type with a bare string of its annotation turned into a description."""
    if get_origin(hint) is not Annotated:
        return hint
    kind, *rest = get_args(hint)
    notes = (Field(description=note) if isinstance(note, str) else note for note in rest)
    return Annotated[(kind, *notes)]


def _pruned(schema: Any, names: bool = False) -> Any:
    """Drop titles and additionalProperties; with `names` the keys are the names of properties and all stay."""
    if isinstance(schema, list):
        return [_pruned(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _pruned(value, names=key in ("properties", "$defs") and not names)
        for key, value in schema.items()
        if names or key not in ("title", "additionalProperties")
    }


def _fault(fault: Mapping[str, Any]) -> str:
    where = shown(".".join(map(str, fault["loc"])), 60)
    if fault["type"] == "missing":
        return f"'{where}' is missing"
    if fault["type"] == "extra_forbidden":
        return f"there is no '{where}'"
    return f"'{where}': {str(fault['msg']).removeprefix('Input ')}"
