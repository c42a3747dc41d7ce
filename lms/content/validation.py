"""From plain data to a model, with every refusal told in Dutch and on its own line."""

from __future__ import annotations

import json
import types
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from lms.content.drafts import FOLDER_PATTERN, LESSON_FILE_PATTERN
from lms.content.problems import Problem
from lms.content.rehearsal_models import CLOCK_PATTERN
from lms.content.yaml import Document, Steps, walk

Value = TypeVar("Value")

_PATTERNS = {
    FOLDER_PATTERN: "de naam van een map: kleine letters, cijfers en streepjes",
    LESSON_FILE_PATTERN: "de naam van een lesbestand: kleine letters, cijfers en streepjes, met .md op het einde",
    CLOCK_PATTERN: 'een uur tussen aanhalingstekens, zoals "10.25"',
}
_IDENTIFIER = "kleine letters en cijfers, met een punt, streepje of _ ertussen"
_TYPES = {
    "string_type": "tekst",
    "int_type": "een geheel getal",
    "int_from_float": "een geheel getal",
    "bool_type": "true of false",
    "tuple_type": "een lijst",
    "dict_type": "sleutels met een waarde",
    "model_type": "sleutels met een waarde",
    "model_attributes_type": "sleutels met een waarde",
}


def validate(kind: Any, document: Document, file: str, problems: list[Problem]) -> Any | None:
    """The data of ``document`` as ``kind`` (a model or a union told apart by ``kind``), or None with problems added.

    Validation goes through JSON in strict mode: there a list may become a tuple, while "yes" never becomes true.
    """
    try:
        return _adapter(kind).validate_json(json.dumps(document.data), strict=True)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        problems.extend(_problem(kind, document, file, one) for one in errors if not _is_echo(one, errors))
        return None


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _is_echo(details: ErrorDetails, errors: list[ErrorDetails]) -> bool:
    """Whether this error only repeats another one: an author wants to hear of one mistake once."""
    if details["type"] == "too_short":
        # Values with a mistake of their own were not counted.
        return len(details["input"]) >= details["ctx"]["min_length"]
    if details["type"] == "missing":
        # The key is there, but misspelt.
        place, name = details["loc"][:-1], str(details["loc"][-1])
        unknown = [one["loc"] for one in errors if one["type"] == "extra_forbidden"]
        return any(get_close_matches(name, [str(loc[-1])]) for loc in unknown if loc[:-1] == place)
    return False


def _problem(kind: Any, document: Document, file: str, details: ErrorDetails) -> Problem:
    location = tuple(details["loc"])
    cause, expected = _words(kind, location, details)
    steps = _steps(document.data, location)
    if details["type"] == "union_tag_invalid":
        steps = (*steps, "kind")
    return Problem(file, document.line(steps), cause, expected)


def _steps(data: Any, location: tuple[Any, ...]) -> Steps:
    """The location of an error without the names of union members that pydantic weaves in."""
    steps: list[str | int] = []
    for step in location:
        if any(True for _ in walk(data, (step,))):
            data = data[step]
            steps.append(step)
    return tuple(steps)


def _words(kind: Any, location: tuple[Any, ...], details: ErrorDetails) -> tuple[str, str]:
    """The cause and what was expected instead."""
    error, value, context = details["type"], details["input"], details.get("ctx", {})
    if error == "extra_forbidden":
        return f'onbekende sleutel "{location[-1]}"', "een van: " + _keys(kind, location)
    if error == "missing":
        return f'sleutel "{location[-1]}" ontbreekt', "deze sleutels: " + _keys(kind, location, required=True)
    if error == "union_tag_not_found":
        return 'sleutel "kind" ontbreekt', "kind met een van: " + _tags(kind, location)
    if error == "union_tag_invalid":
        return f'"kind" is "{_short(context["tag"])}"', "een van: " + _tags(kind, location)
    name = _name(location)
    if location and location[-1] == "[key]" and error == "literal_error":
        return f"onbekende sleutel {name}", "een van: " + _choices(context)
    if error == "literal_error":
        return f"{name} is {_shown(value)}", "een van: " + _choices(context)
    if error == "string_pattern_mismatch":
        return f"{name} is {_shown(value)}", _PATTERNS.get(context["pattern"], _IDENTIFIER)
    return _size_words(error, name, value, context)


def _size_words(error: str, name: str, value: Any, context: dict[str, Any]) -> tuple[str, str]:
    if error == "string_too_short":
        return f"{name} is leeg", "tekst"
    if error == "string_too_long":
        return f"{name} telt {len(value)} tekens", f"hoogstens {context['max_length']} tekens"
    if error == "too_short":
        return f"{name} telt {context['actual_length']}", f"minstens {context['min_length']}"
    if error == "greater_than_equal":
        return f"{name} is {value}", f"minstens {context['ge']}"
    if error == "less_than_equal":
        return f"{name} is {value}", f"hoogstens {context['le']}"
    expected = _TYPES.get(error, "een andere waarde (zie docs/authors.md)")
    if error == "string_type" and isinstance(value, bool | int | float):
        expected = "tekst (zet er aanhalingstekens rond)"
    return f"{name} is {_shown(value)}", expected


def _name(location: tuple[Any, ...]) -> str:
    """How an author would call the place: the last key, and the how-manieth value of it."""
    steps = [step for step in location if step != "[key]"]
    if not steps:
        return "dit"
    if isinstance(steps[-1], int):
        names = [step for step in steps if isinstance(step, str)]
        return f'waarde {steps[-1] + 1} van "{names[-1]}"' if names else f"waarde {steps[-1] + 1}"
    return f'"{steps[-1]}"'


def _shown(value: Any) -> str:
    if value is None:
        return "leeg"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"het getal {value}"
    if isinstance(value, str):
        return f'"{_short(value)}"' if value else "leeg"
    return "een lijst" if isinstance(value, list) else "een reeks sleutels"


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 40 else text[:39] + "…"


def _choices(context: dict[str, Any]) -> str:
    """The values of a Literal, which pydantic lists as ``'a', 'b' or 'c'``."""
    return context["expected"].replace(" or ", ", ").replace("'", "")


def _keys(kind: Any, location: tuple[Any, ...], *, required: bool = False) -> str:
    models = [option for option in _options_at(kind, location[:-1]) if _is_model(option)]
    fields = models[0].model_fields if models else {}
    return ", ".join(name for name, field in fields.items() if field.is_required() or not required)


def _tags(kind: Any, location: tuple[Any, ...]) -> str:
    models = [option for option in _options_at(kind, location) if _is_model(option)]
    return ", ".join(str(get_args(model.model_fields["kind"].annotation)[0]) for model in models)


def _is_model(option: Any) -> bool:
    return isinstance(option, type) and issubclass(option, BaseModel)


def _options_at(kind: Any, location: tuple[Any, ...]) -> list[Any]:
    """The types that may stand at ``location``, found by walking through the annotations."""
    options = _flat(kind)
    for step in location:
        tagged = [option for option in options if len(options) > 1 and _is_model(option) and _has_tag(option, step)]
        options = tagged or [inner for option in options for inner in _inside(option, step)]
    return options


def _has_tag(model: Any, step: Any) -> bool:
    field = model.model_fields.get("kind")
    return field is not None and step in get_args(field.annotation)


def _inside(option: Any, step: Any) -> list[Any]:
    if _is_model(option):
        return _flat(option.model_fields[step].annotation) if step in option.model_fields else []
    origin, arguments = get_origin(option), get_args(option)
    if origin is tuple:
        return _flat(arguments[0])
    return _flat(arguments[1]) if origin is dict else []


def _flat(annotation: Any) -> list[Any]:
    """A union as the list of its members; any other type as a list of one."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _flat(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [inner for argument in get_args(annotation) for inner in _flat(argument)]
    return [annotation]
