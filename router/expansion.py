"""`${env.NAME}`, `${env.NAME:-default}` and `${file.PATH}` in the values of a settings file.

Router settings and supergraph.yaml share it, as Apollo Router and Rover do:
https://www.apollographql.com/docs/graphos/routing/configuration/overview#variable-expansion
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

VARIABLE = re.compile(r"\$\$|\$\{(?P<kind>env|file)\.(?P<name>[^}:]+)(?::-(?P<default>[^}]*))?\}")


class ExpansionError(ValueError):
    """A variable has no value; the message names it and says where it is used."""


@dataclass(frozen=True, slots=True)
class Variables:
    """Where values come from: the environment, and the folder that files are relative to.

    `is_typed`: a string that is nothing but one variable becomes what YAML would have read
    (`true`, `8080`); otherwise it stays a string.
    """

    environment: Mapping[str, str]
    folder: Path = Path()
    is_typed: bool = True


def expand(value: object, variables: Variables, place: str = "") -> object:
    """The value with the variables of all its strings filled in; keys are left alone.

    Raises ExpansionError for a variable without value and default.
    """
    match value:
        case dict():
            return {
                key: expand(item, variables, f"{place}.{key}".strip("."))
                for key, item in value.items()
            }
        case list():
            return [expand(item, variables, f"{place}[{i}]") for i, item in enumerate(value)]
        case str():
            return _expanded(value, variables, place)
        case _:
            return value


def files_named(value: object, folder: Path) -> Iterator[Path]:
    """Each file that a variable somewhere in the value names, whether it exists or not."""
    match value:
        case dict():
            for item in value.values():
                yield from files_named(item, folder)
        case list():
            for item in value:
                yield from files_named(item, folder)
        case str():
            for found in VARIABLE.finditer(value):
                if found["kind"] == "file":
                    yield folder / found["name"]


def _expanded(text: str, variables: Variables, place: str) -> object:
    def found(match: re.Match[str]) -> str:
        return "$" if match[0] == "$$" else _lookup(match, variables, place)

    result = VARIABLE.sub(found, text)
    is_one = VARIABLE.fullmatch(text) is not None and text != "$$"
    return _typed(result) if variables.is_typed and is_one else result


def _lookup(match: re.Match[str], variables: Variables, place: str) -> str:
    kind, name, default = match["kind"], match["name"], match["default"]
    if kind == "env":
        known = variables.environment.get(name)
    else:
        path = variables.folder / name
        known = path.read_text().rstrip("\n") if path.is_file() else None
    if known is not None:
        return known
    if default is not None:
        return default
    what = f"environment variable {name} is not set" if kind == "env" else f"no file {name}"
    raise ExpansionError(f"{place}: {what}; set it, or give a default: ${{{kind}.{name}:-...}}")


def _typed(text: str) -> object:
    lowered = text.lower()
    if lowered in {"true", "false"}:
        return lowered == "true"
    return int(text) if re.fullmatch(r"-?\d+", text) else text
