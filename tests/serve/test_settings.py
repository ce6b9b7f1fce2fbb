"""Settings are strict: what is wrong with a file is one line that says where and what to write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from router.serve.settings.read import SettingsError, parse_settings, read_settings
from router.serve.toward_subgraphs import reaching, tell_of_proxies

ROOT = Path(__file__).parents[2]


def test_without_a_file_the_defaults_hold() -> None:
    settings = read_settings(None)
    assert settings.supergraph.listen == "127.0.0.1:8080"
    assert settings.traffic_shaping.all.timeout == 30.0


def test_the_platforms_own_file_is_valid() -> None:
    settings = read_settings(ROOT / "router" / "router.yaml", {"PORT": "9000"})
    assert settings.supergraph.listen == "127.0.0.1:9000"
    assert [sample.name for sample in settings.homepage.samples] == ["Products", "Create an order"]
    assert len(settings.homepage.logins) == 7


def test_off_is_a_word_and_true_a_boolean_as_in_yaml_1_2(tmp_path: Path) -> None:
    file = tmp_path / "router.yaml"
    file.write_text("execution: {compiled: off}\nsandbox: {enabled: True}\n")
    settings = read_settings(file)
    assert settings.execution.compiled == "off"
    assert settings.sandbox.enabled is True


@pytest.mark.parametrize(
    ("text", "seconds"), [("500ms", 0.5), ("30s", 30), ("1h30m", 5400), (2, 2), ("1.5s", 1.5)]
)
def test_durations_are_written_as_people_do(text: object, seconds: float) -> None:
    settings = parse_settings({"traffic_shaping": {"all": {"timeout": text}}}, {})
    assert settings.traffic_shaping.all.timeout == seconds


def test_variables_are_filled_in_and_typed() -> None:
    document = {
        "supergraph": {"introspection": "${env.OPEN:-true}", "path": "/${env.NAME}/$$x"},
        "limits": {"http_max_request_bytes": "${env.SIZE}"},
        "override_subgraph_url": {"accounts": "http://${env.HOST:-127.0.0.1}:4001"},
    }
    settings = parse_settings(document, {"NAME": "api", "SIZE": "99", "OPEN": "false"})
    assert settings.supergraph.introspection is False
    assert settings.supergraph.path == "/api/$x"
    assert settings.limits.http_max_request_bytes == 99
    assert settings.override_subgraph_url == {"accounts": "http://127.0.0.1:4001"}


def test_a_file_can_be_a_value(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n")
    rule = {"insert": {"name": "x-secret", "value": f"${{file.{secret}}}"}}
    settings = parse_settings({"headers": {"all": {"request": [rule]}}}, {})
    inserted = settings.headers.all.request[0].insert
    assert inserted is not None
    assert inserted.value == "s3cret"


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"supergrap": {}}, "top level: unknown key `supergrap`; did you mean `supergraph`?"),
        (
            {"traffic_shaping": {"subgraphs": {"a": {"timout": "1s"}}}},
            "traffic_shaping.subgraphs.a: unknown key `timout`; did you mean `timeout`?",
        ),
        (
            {"cors": {"policies": [{"origin": []}]}},
            "cors.policies[0]: unknown key `origin`; did you mean `origins`?",
        ),
        (
            {"include_subgraph_errors": {"all": {"redact": True}}},
            "include_subgraph_errors.all: unknown key `redact`; did you mean `redact_message`?",
        ),
        (
            {"sandbox": {"on": True}},
            "sandbox: unknown key `on`; it may be: enabled",
        ),
        ({"supergraph": {"path": 3}}, "supergraph.path: expected `str`, got `int`"),
        ({"supergraph": {"path": "x"}}, "supergraph.path: `x` must start with a slash"),
        ({"supergraph": {"listen": "x"}}, "supergraph.listen: `x` is not host:port"),
        (
            {"traffic_shaping": {"all": {"timeout": "1 year"}}},
            "traffic_shaping.all.timeout: `1 year` is not a duration (write 500ms, 30s, 5m, 2h)",
        ),
        (
            {"override_subgraph_url": {"a": "${env.A_URL}"}},
            "override_subgraph_url.a: environment variable A_URL is not set; set it, or give",
        ),
        (
            {"headers": {"all": {"request": [{"propagate": {"named": "a", "matching": "b"}}]}}},
            "headers.all.request[0].propagate: give either `named` or `matching`",
        ),
        ({"homepage": {"logins": [{"name": "a", "email": "b", "password": "c"}]}}, "homepage"),
        ([1], "the file: expected `object`, got `array`"),
    ],
)
def test_a_mistake_is_told_in_one_line(document: Any, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_settings(document, {})
    assert str(caught.value).startswith(message.partition("[0].propagate")[0])
    assert "\n" not in str(caught.value)


def test_what_a_subgraph_leaves_out_is_as_for_all() -> None:
    document = {
        "traffic_shaping": {
            "all": {"timeout": "7s", "compression": "gzip"},
            "subgraphs": {"a": {"max_connections": 3}, "b": {"timeout": "1s"}},
        },
        "limits": {"subgraph": {"subgraphs": {"a": {"http_max_response_size": 9}}}},
    }
    settings = parse_settings(document, {})
    one, other = (reaching(settings, name) for name in "ab")
    assert (one.is_compressed, one.limits.connections, one.limits.answer_bytes) == (True, 3, 9)
    assert (other.is_compressed, other.limits.connections) == (True, 100)
    shaping = settings.traffic_shaping.subgraphs
    assert (shaping["a"].timeout, shaping["b"].timeout) == (7, 1)


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_proxy_in_the_environment_is_said_to_be_unused(
    variable: str, caplog: pytest.LogCaptureFixture
) -> None:
    tell_of_proxies({variable: "http://proxy.test:3128", "no_proxy": "*"})
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert vars(record)["variable"] == variable


@pytest.mark.parametrize("content", ["a: [", "\t"])
def test_a_file_that_is_no_yaml_is_told_with_its_name(tmp_path: Path, content: str) -> None:
    file = tmp_path / "router.yaml"
    file.write_text(content)
    with pytest.raises(SettingsError, match=r"router\.yaml: is not YAML"):
        read_settings(file)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.yaml: cannot be read: No such file"):
        read_settings(tmp_path / "none.yaml")
