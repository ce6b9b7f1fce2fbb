"""One look at a supergraph.yaml: its subgraphs' SDL from files and over HTTP, or what is wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from router.compose.config import (
    Config,
    ConfigError,
    InlineSchema,
    Introspection,
    Member,
    SchemaFile,
    parse_config,
)
from router.compose.subgraph import Source
from router.expansion import Variables
from router.federation.directives import NEWEST, Version

STANDARD_INPUT = "-"
NOTHING: Mapping[str, Path] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found: the sources, or the problems in reading them.

    `files` are all that were looked at; `is_remote` tells that running subgraphs were asked too.
    """

    sources: tuple[Source, ...] = ()
    problems: tuple[str, ...] = ()
    newest: Version = NEWEST
    files: tuple[Path, ...] = ()
    is_remote: bool = False


def read_sources(config: str, replaced: Mapping[str, Path] = NOTHING) -> Reading:
    """Read the configuration in the file `config`, or on standard input for `-`.

    `replaced` names schema files to take instead of what it says, or for further subgraphs.
    """
    is_piped = config == STANDARD_INPUT
    folder = Path.cwd() if is_piped else Path(config).resolve().parent
    files = () if is_piped else (Path(config),)
    try:
        text = sys.stdin.read() if is_piped else Path(config).read_text()
        parsed = parse_config(text, Variables(os.environ, folder, is_typed=False))
    except OSError as error:
        return Reading(problems=(f"{error.filename}: {error.strerror}.",), files=files)
    except UnicodeDecodeError as error:
        return Reading(problems=(f"{config} is not UTF-8: {error.reason}.",), files=files)
    except ConfigError as error:
        return Reading(problems=error.problems, files=files)
    return _resolved(_with(parsed, replaced), files)


def _with(config: Config, replaced: Mapping[str, Path]) -> Config:
    members = {member.name: member for member in config.members}
    for name, path in replaced.items():
        known = members.get(name)
        members[name] = Member(name, known.routing_url if known else "", SchemaFile(path))
    return replace(config, members=tuple(members.values()))


def _resolved(config: Config, files: tuple[Path, ...]) -> Reading:
    asked = [member for member in config.members if isinstance(member.schema, Introspection)]
    answers = _introspected(asked) if asked else {}
    sources: list[Source] = []
    problems: list[str] = []
    for member in config.members:
        try:
            sources.append(_source(member, answers))
        except ConfigError as error:
            problems += error.problems
    named = [item.schema.path for item in config.members if isinstance(item.schema, SchemaFile)]
    return Reading(
        sources=() if problems else tuple(sources),
        problems=tuple(problems),
        newest=config.newest,
        files=(*files, *named, *config.files),
        is_remote=bool(asked),
    )


def _source(member: Member, answers: dict[str, str | ConfigError]) -> Source:
    """The subgraph with its SDL. Raises ConfigError."""
    match member.schema:
        case InlineSchema(sdl):
            return Source(member.name, member.routing_url, sdl, "")
        case SchemaFile(path):
            try:
                return Source(member.name, member.routing_url, path.read_text(), shown(path))
            except OSError as error:
                reason = f"{shown(path)} cannot be read: {error.strerror}"
            except UnicodeDecodeError as error:
                reason = f"{shown(path)} is not UTF-8: {error.reason}"
            raise ConfigError(f'subgraph "{member.name}": {reason}.')
        case Introspection(url):
            answer = answers[member.name]
            if isinstance(answer, ConfigError):
                raise answer
            return Source(member.name, member.routing_url, answer, url)


def shown(path: Path) -> str:
    """A path as people and editors can follow it: from here where it is below."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def _introspected(members: list[Member]) -> dict[str, str | ConfigError]:
    """What each running subgraph answers, asked side by side."""
    # Only supergraphs with running subgraphs need these.
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    from router.commands.introspect import introspect  # noqa: PLC0415

    def ask(member: Member) -> str | ConfigError:
        assert isinstance(member.schema, Introspection)  # noqa: S101 - only those are asked
        try:
            return introspect(member.schema.url, member.schema.headers)
        except ConfigError as error:
            return ConfigError(*(f'subgraph "{member.name}": {one}' for one in error.problems))

    with ThreadPoolExecutor(max_workers=8) as pool:
        return dict(zip([one.name for one in members], pool.map(ask, members), strict=True))
