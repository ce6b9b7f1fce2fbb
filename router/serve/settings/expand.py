"""`${env.NAME}`, `${env.NAME:-default}` and `${file.PATH}` in the values of a settings file.

https://www.apollographql.com/docs/graphos/routing/configuration/overview#variable-expansion
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

VARIABLE = re.compile(r"\$\$|\$\{(?P<kind>env|file)\.(?P<name>[^}:]+)(?::-(?P<default>[^}]*))?\}")


class ExpansionError(ValueError):
    """A variable has no value; the message names it and says where it is used."""


def expand(value: object, environment: Mapping[str, str], place: str = "") -> object:
    """The value with the variables of all its strings filled in; keys are left alone.

    A string that is nothing but one variable becomes what YAML would have read (`true`, `8080`).
    Raises ExpansionError for a variable without value and default.
    """
    match value:
        case dict():
            return {
                key: expand(item, environment, f"{place}.{key}".strip("."))
                for key, item in value.items()
            }
        case list():
            return [expand(item, environment, f"{place}[{i}]") for i, item in enumerate(value)]
        case str():
            return _expanded(value, environment, place)
        case _:
            return value


def _expanded(text: str, environment: Mapping[str, str], place: str) -> object:
    def found(match: re.Match[str]) -> str:
        return "$" if match[0] == "$$" else _lookup(match, environment, place)

    result = VARIABLE.sub(found, text)
    return _typed(result) if VARIABLE.fullmatch(text) and text != "$$" else result


def _lookup(match: re.Match[str], environment: Mapping[str, str], place: str) -> str:
    kind, name, default = match["kind"], match["name"], match["default"]
    if kind == "env":
        known = environment.get(name)
    else:
        path = Path(name)
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
