"""A settings file read, or one line that says what is wrong with it."""

from __future__ import annotations

import os
import types
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from router.expansion import ExpansionError, Variables, expand
from router.serve.settings.amounts import Duration, Heartbeat, duration, heartbeat
from router.serve.settings.model import Settings


class SettingsError(Exception):
    """The file cannot be used; the message is one line: which file, which key, what to write."""


def read_settings(path: Path | None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read a settings file; without one everything is as in `model`. Raises SettingsError."""
    if path is None:
        return Settings()
    # A router without a file need not have the megabyte that the library takes.
    from router.serve.settings.yaml_1_2 import YAMLError, load  # noqa: PLC0415

    try:
        text = path.read_text()
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        document = load(text)
    except YAMLError as error:
        reason = " ".join(str(error).split())
        raise SettingsError(f"{path}: is not YAML: {reason}") from error
    try:
        return parse_settings(document, environment)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from error


def parse_settings(document: object, environment: Mapping[str, str]) -> Settings:
    """Check a document against the model. Raises SettingsError, without the file's name."""
    if document is None:
        return Settings()
    for place, key, known in _unknown_keys(Settings, document, ""):
        import difflib  # noqa: PLC0415 - only a wrong file pays for it

        close = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
        advice = f"did you mean `{close[0]}`?" if close else f"it may be: {', '.join(known)}"
        raise SettingsError(f"{place}: unknown key `{key}`; {advice}")
    try:
        expanded = inherited(expand(document, Variables(environment)))
        settings = msgspec.convert(expanded, Settings, dec_hook=_read_amount)
    except ExpansionError as error:
        raise SettingsError(str(error)) from error
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `")
        key = place.rstrip("`").removeprefix("$").removeprefix(".") or "the file"
        raise SettingsError(f"{key}: {message[:1].lower()}{message[1:]}") from error
    _check_together(settings)
    return settings


def _read_amount(kind: type, value: object) -> object:
    if kind is Duration:
        return duration(value)
    if kind is Heartbeat:
        return heartbeat(value)
    raise NotImplementedError(kind)


def inherited(document: object) -> object:
    """The document with what each block below `subgraphs` leaves out taken from `all` beside it,
    where the subgraphs' settings replace those of all instead of adding to them.
    """
    if not isinstance(document, dict):
        return document
    changed = dict(document)
    if "traffic_shaping" in document:
        changed["traffic_shaping"] = _filled_from_all(document["traffic_shaping"])
    for key in ("limits", "tls"):
        block = document.get(key)
        if isinstance(block, dict) and "subgraph" in block:
            changed[key] = {**block, "subgraph": _filled_from_all(block["subgraph"])}
    return changed


def _filled_from_all(block: object) -> object:
    match block:
        case {"all": dict(common), "subgraphs": dict(own), **others}:
            filled = {
                name: {**common, **item} if isinstance(item, dict) else item
                for name, item in own.items()
            }
            return {**others, "all": common, "subgraphs": filled}
        case _:
            return block


def _unknown_keys(
    kind: object, value: object, place: str
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each key the model does not name: where, which, and what could stand there."""
    kind = _chosen(kind, value)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, dict):
        fields = {item.encode_name: item.type for item in msgspec.structs.fields(kind)}
        for key, item in value.items():
            if key not in fields:
                yield place or "top level", str(key), tuple(fields)
            else:
                yield from _unknown_keys(fields[key], item, f"{place}.{key}".strip("."))
    elif typing.get_origin(kind) is dict and isinstance(value, dict):
        for key, item in value.items():
            yield from _unknown_keys(typing.get_args(kind)[1], item, f"{place}.{key}")
    elif typing.get_origin(kind) is list and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unknown_keys(typing.get_args(kind)[0], item, f"{place}[{index}]")


def _chosen(kind: object, value: object) -> object:
    """Of a union, the member that the value could be: a block for a mapping."""
    if typing.get_origin(kind) in {typing.Union, types.UnionType} and isinstance(value, dict):
        members = typing.get_args(kind)
        structs = [m for m in members if isinstance(m, type) and issubclass(m, msgspec.Struct)]
        return structs[0] if structs else kind
    return kind


def _check_together(settings: Settings) -> None:
    """What no single key can say."""
    if not settings.supergraph.path.startswith("/"):
        raise SettingsError(
            f"supergraph.path: `{settings.supergraph.path}` must start with a slash"
        )
    if settings.sandbox.enabled and not settings.supergraph.introspection:
        raise SettingsError("sandbox.enabled: needs supergraph.introspection: true")
    listen_address(settings.supergraph.listen)
    if settings.subscription.mode.callback is not None:
        raise SettingsError(
            "subscription.mode.callback: not supported; subgraphs are subscribed at over HTTP or "
            "WebSocket (subscription.mode.passthrough)"
        )
    if settings.homepage.logins and settings.homepage.login is None:
        raise SettingsError("homepage.logins: needs homepage.login (the operation to sign in with)")


def listen_address(listen: str) -> tuple[str, int]:
    """`host:port` as a pair. Raises SettingsError."""
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise SettingsError(f"supergraph.listen: `{listen}` is not host:port")
    return host.strip("[]") or "127.0.0.1", int(port)
