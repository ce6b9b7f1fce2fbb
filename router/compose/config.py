"""supergraph.yaml (Rover's format) as data: which subgraphs there are and where their SDL is.

https://www.apollographql.com/docs/rover/commands/supergraphs#yaml-configuration-file
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from router.diagnostics import did_you_mean
from router.expansion import ExpansionError, Variables, expand, files_named
from router.federation.directives import FEDERATION_1, NEWEST

KEYS = ("federation_version", "subgraphs")
SUBGRAPH_KEYS = ("routing_url", "schema")
SCHEMA_KEYS = ("file", "subgraph_url", "sdl", "introspection_headers", "graphref", "subgraph")
SOURCES = ("file", "subgraph_url", "sdl", "graphref")
ONE_OF = "one of file, subgraph_url or sdl"


class ConfigError(Exception):
    """supergraph.yaml cannot be used; each of `problems` says where, why and what to do."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class SchemaFile:
    """SDL in a file."""

    path: Path


@dataclass(frozen=True, slots=True)
class Introspection:
    """SDL that a running subgraph gives for `{ _service { sdl } }`."""

    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InlineSchema:
    """SDL in the configuration itself."""

    sdl: str


SchemaSource: TypeAlias = SchemaFile | Introspection | InlineSchema


@dataclass(frozen=True, slots=True)
class Member:
    """One subgraph; the routing URL is empty where nothing says it."""

    name: str
    routing_url: str
    schema: SchemaSource


@dataclass(frozen=True, slots=True)
class Config:
    """A whole supergraph.yaml.

    `newest` is the newest Federation that a subgraph may link, as (major, minor). `files` are
    those that `${file.…}` names.
    """

    members: tuple[Member, ...]
    newest: tuple[int, int] = NEWEST
    files: tuple[Path, ...] = ()


def parse_config(text: str, variables: Variables) -> Config:
    """Read a supergraph.yaml; its files are relative to the variables' folder.

    Raises ConfigError with all that is wrong with it.
    """
    try:
        written = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
        config = expand(written, variables)
    except yaml.YAMLError as error:
        raise ConfigError(f"It is not YAML: {_reason(error)}.") from error
    except ExpansionError as error:
        raise ConfigError(f"{error}.") from error
    except OSError as error:
        raise ConfigError(f"{error.filename}: {error.strerror}.") from error
    subgraphs = config.get("subgraphs") if isinstance(config, dict) else None
    if not isinstance(config, dict) or not isinstance(subgraphs, dict) or not subgraphs:
        raise ConfigError(
            'It needs a mapping "subgraphs" of at least one name to its routing_url and schema.'
        )
    problems = [*_unknown(config, KEYS, "The file")]
    newest = _newest(config.get("federation_version"), problems)
    members = []
    for name, given in subgraphs.items():
        wrong = list(_wrong(str(name), given))
        problems += wrong
        if not wrong:
            members.append(_member(str(name), given, variables.folder))
    if problems:
        raise ConfigError(*problems)
    return Config(tuple(members), newest, tuple(files_named(written, variables.folder)))


class _Loader(yaml.SafeLoader):
    """YAML in which no key stands twice: of two subgraphs of one name, one would be lost."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        """A mapping. Raises ConstructorError for a key that stands in it twice."""
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for index, key in enumerate(keys):
            if key in keys[:index]:
                again = node.value[index][0].start_mark
                raise yaml.constructor.ConstructorError(None, None, f'"{key}" stands twice', again)
        return super().construct_mapping(node, deep)


def _reason(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return str(error)
    return f"{getattr(error, 'problem', error)} at line {mark.line + 1}, column {mark.column + 1}"


def _newest(version: object, problems: list[str]) -> tuple[int, int]:
    """The newest Federation that `1`, `2` or `=2.14.0` lets subgraphs link."""
    text = "2" if version is None else str(version)
    found = re.fullmatch(r"=?v?([012])(?:\.(\d+))?(?:\.\d+)?", text)
    if found is None:
        problems.append(
            f'federation_version is "{text}": write 1, 2 or an exact version as =2.14.0.'
        )
        return NEWEST
    if found[1] != "2":
        return FEDERATION_1
    pinned = (2, int(found[2])) if found[2] else NEWEST
    if pinned > NEWEST:
        known = ".".join(map(str, NEWEST))
        problems.append(
            f'federation_version is "{text}", but this composer knows Federation up to {known}: '
            f"write ={known}.0 or 2."
        )
    return pinned


def _unknown(given: Mapping[object, object], keys: tuple[str, ...], where: str) -> Iterator[str]:
    for key in given:
        if key not in keys:
            advice = did_you_mean(str(key), keys) or f" It may be: {', '.join(keys)}."
            yield f'{where} has an unknown key "{key}".{advice}'


def _wrong(name: str, given: object) -> Iterator[str]:
    """What is wrong with one subgraph."""
    where = f'subgraph "{name}"'
    schema = given.get("schema") if isinstance(given, dict) else None
    if not isinstance(given, dict) or not isinstance(schema, dict):
        yield f'{where} needs a "schema" with {ONE_OF}.'
        return
    yield from _unknown(given, SUBGRAPH_KEYS, where)
    yield from _unknown(schema, SCHEMA_KEYS, f"the schema of {where}")
    if not isinstance(given.get("routing_url", ""), str):
        yield f"{where}: routing_url must be text."
    found = [key for key in SOURCES if key in schema]
    if not found:
        yield f"{where} needs {ONE_OF} in its schema."
    elif len(found) > 1:
        yield f"{where} has its schema twice, as {' and '.join(found)}: keep one of them."
    elif found == ["graphref"]:
        yield (
            f"{where} is in a registry (graphref), and this composer works offline: save its "
            f"schema (rover subgraph fetch {schema['graphref']} --name "
            f"{schema.get('subgraph', name)}) and write that as file."
        )
    elif not isinstance(schema[found[0]], str) or not schema[found[0]]:
        yield f"{where}: {found[0]} must be text that is not empty."
    if found == ["subgraph_url"] and not re.match(r"https?://.", str(schema["subgraph_url"])):
        yield f'{where}: subgraph_url is "{schema["subgraph_url"]}"; write an http(s):// URL.'
    headers = schema.get("introspection_headers")
    if headers is not None and (found != ["subgraph_url"] or not isinstance(headers, dict)):
        yield f"{where}: introspection_headers are a mapping that belongs to a subgraph_url."


def _member(name: str, given: Mapping[str, object], folder: Path) -> Member:
    schema = given["schema"]
    assert isinstance(schema, dict)  # noqa: S101 - checked before
    url = str(given.get("routing_url") or schema.get("subgraph_url") or "")
    if "sdl" in schema:
        return Member(name, url, InlineSchema(schema["sdl"]))
    if "file" in schema:
        return Member(name, url, SchemaFile(folder / schema["file"]))
    headers = schema.get("introspection_headers") or {}
    return Member(
        name,
        url,
        Introspection(schema["subgraph_url"], {str(k): str(v) for k, v in headers.items()}),
    )
