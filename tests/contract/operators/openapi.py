"""A small check of JSON against the schemas of an OpenAPI 3.0 document, kept outside the project.

It knows what our documents use: references, types, enumerations, patterns, lengths, bounds,
required properties, all/any/one of. `additionalProperties` is left out: PI-SPI's composed schemas
forbid with it what their own examples hold.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # no stubs are among our dependencies

SPECS = Path(__file__).parents[3].parent / "shared" / "specs"
_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "number": (int, float),
    "integer": int,
}


class Document:
    """An OpenAPI document."""

    def __init__(self, name: str) -> None:
        """Load it, or skip the test: it is not ours to copy into the project."""
        path = SPECS / name
        if not path.exists():
            pytest.skip(f"the document is not here: ../shared/specs/{name}")
        text = path.read_text(encoding="utf-8")
        self.root: dict[str, Any] = (
            json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
        )

    def schema(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.root["components"]["schemas"][name]
        return found

    def complaints(self, name: str, value: object) -> list[str]:
        """What is wrong with `value` as a schema of that name."""
        return list(self._check(self.schema(name), value, name))

    def _check(self, schema: dict[str, Any], value: object, at: str) -> Iterator[str]:
        if "$ref" in schema:
            yield from self._check(self._target(schema["$ref"]), value, at)
            return
        for part in schema.get("allOf", ()):
            yield from self._check(part, value, at)
        for word in ("anyOf", "oneOf"):  # PI-SPI's choices overlap: one that fits is enough
            choices = schema.get(word, [])
            if choices and all(list(self._check(choice, value, at)) for choice in choices):
                yield f"{at}: {word}: none fits"
        yield from _scalar(schema, value, at)
        if isinstance(value, dict):
            yield from self._object(schema, value, at)
        if isinstance(value, list):
            yield from _bounds(len(value), schema, "Items", at)
            for place, item in enumerate(value):
                yield from self._check(schema.get("items", {}), item, f"{at}[{place}]")

    def _object(self, schema: dict[str, Any], value: dict[str, object], at: str) -> Iterator[str]:
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{at}.{name}: missing"
        for name, part in schema.get("properties", {}).items():
            if name in value:
                yield from self._check(part, value[name], f"{at}.{name}")

    def _target(self, reference: str) -> dict[str, Any]:
        found: Any = self.root
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        target: dict[str, Any] = found
        return target


def _scalar(schema: dict[str, Any], value: object, at: str) -> Iterator[str]:
    wanted = schema.get("type")
    if wanted is not None:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not isinstance(value, _TYPES[wanted]) or (
            wanted in {"number", "integer"} and not is_number
        ):
            yield f"{at}: not {wanted}: {value!r}"
            return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: not listed: {value!r}"
    if isinstance(value, str):
        yield from _bounds(len(value), schema, "Length", at)
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"{at}: not as {schema['pattern']}: {value!r}"
        if str(schema.get("format")).startswith("date") and not _is_date(value):
            yield f"{at}: not a date: {value!r}"


def _bounds(size: int, schema: dict[str, Any], what: str, at: str) -> Iterator[str]:
    if not int(schema.get(f"min{what}", 0)) <= size <= int(schema.get(f"max{what}", size)):
        yield f"{at}: {what.lower()} {size}"


def _is_date(text: str) -> bool:
    """A date or an instant: PI-SPI's schemas say one where its examples have the other."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
