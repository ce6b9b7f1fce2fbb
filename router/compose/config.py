"""supergraph.yaml (Rover's format) -> the sources to compose."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from router.compose.subgraph import Source
from router.diagnostics import did_you_mean

Introspect = Callable[[str, Mapping[str, str]], str]
KEYS = {"federation_version", "subgraphs"}
SUBGRAPH_KEYS = {"routing_url", "schema"}
SCHEMA_KEYS = {"file", "sdl", "subgraph_url", "introspection_headers", "graphref", "subgraph"}
VARIABLE = re.compile(r"\$\$|\$\{(env|file)\.([^}:]+)(?::-([^}]*))?\}")


class ConfigError(Exception):
    """supergraph.yaml cannot be used; the message says where, why and what to do."""


def read_config(text: str, folder: Path, introspect: Introspect) -> list[Source]:
    """The subgraphs of a supergraph.yaml; relative files are looked up in `folder`.

    `introspect(url, headers)` asks a running subgraph for its SDL. Raises ConfigError.
    """
    try:
        config = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"supergraph.yaml is not YAML: {error}") from error
    if not isinstance(config, dict) or not isinstance(config.get("subgraphs"), dict):
        raise ConfigError(
            'supergraph.yaml needs a mapping "subgraphs": name -> routing_url and schema.'
        )
    config = _expanded(config, folder)
    _known(config, KEYS, "supergraph.yaml")
    version = str(config.get("federation_version", "2"))
    if not re.fullmatch(r"=?[12](\.\d+){0,2}", version):
        raise ConfigError(
            f'federation_version is "{version}": write 1, 2 or an exact version as =2.14.0.'
        )
    return [
        _source(str(name), given, folder, introspect) for name, given in config["subgraphs"].items()
    ]


def _known(given: Mapping[str, Any], keys: set[str], where: str) -> None:
    for key in given:
        if key not in keys:
            hint = did_you_mean(str(key), sorted(keys))
            raise ConfigError(f'{where} has an unknown key "{key}".{hint}')


def _source(name: str, given: object, folder: Path, introspect: Introspect) -> Source:
    where = f'subgraph "{name}"'
    if not isinstance(given, dict) or not isinstance(given.get("schema"), dict):
        raise ConfigError(f'{where} needs a "schema" with file, subgraph_url or sdl.')
    _known(given, SUBGRAPH_KEYS, where)
    schema = given["schema"]
    _known(schema, SCHEMA_KEYS, f"the schema of {where}")
    url = given.get("routing_url") or schema.get("subgraph_url") or ""
    if "sdl" in schema:
        return Source(name, str(url), str(schema["sdl"]), "")
    if "file" in schema:
        path = folder / str(schema["file"])
        try:
            return Source(name, str(url), path.read_text(), str(schema["file"]))
        except OSError as error:
            raise ConfigError(f"{where}: {path} cannot be read: {error.strerror}.") from error
    if "subgraph_url" in schema:
        headers = schema.get("introspection_headers") or {}
        text = introspect(str(schema["subgraph_url"]), {k: str(v) for k, v in headers.items()})
        return Source(name, str(url), text, str(schema["subgraph_url"]))
    if "graphref" in schema:
        raise ConfigError(
            f"{where} is in a registry (graphref): this composer works offline. Fetch its schema "
            "into a file and name that."
        )
    raise ConfigError(f"{where} needs one of file, subgraph_url or sdl in its schema.")


def _expanded(value: Any, folder: Path) -> Any:
    if isinstance(value, dict):
        return {
            key: item if key == "sdl" else _expanded(item, folder) for key, item in value.items()
        }
    if isinstance(value, list):
        return [_expanded(item, folder) for item in value]
    return (
        VARIABLE.sub(lambda found: _replacement(found, folder), value)
        if isinstance(value, str)
        else value
    )


def _replacement(found: re.Match[str], folder: Path) -> str:
    if found[0] == "$$":
        return "$"
    kind, name, default = found[1], found[2], found[3]
    if kind == "env":
        value = os.environ.get(name, default)
        if value is None:
            raise ConfigError(
                f"The environment variable {name} is not set; set it, or give a default as "
                f"${{env.{name}:-value}}."
            )
        return value
    try:
        return (folder / name).read_text().strip()
    except OSError as error:
        if default is not None:
            return default
        raise ConfigError(f"${{file.{name}}}: {error.strerror}.") from error


def schema_files(config: Path) -> list[Path]:
    """The schema files a supergraph.yaml names, as far as it can be read."""
    try:
        read = yaml.safe_load(config.read_text())
        listed = [
            item["schema"]["file"]
            for item in read["subgraphs"].values()
            if "file" in item["schema"]
        ]
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError):
        return []
    return [config.resolve().parent / str(name) for name in listed]
