"""compose.yaml is a valid Compose file; every image copies what exists and runs without root."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[2]
SUBGRAPHS = ("account", "catalog", "inventory", "order", "payment")
DOCKERFILES = [ROOT / "router/Dockerfile", *(ROOT / f"subgraphs/{n}/Dockerfile" for n in SUBGRAPHS)]
# The part of the Compose specification this file uses; anything else in it is an error.
DURATION = {"type": "string", "pattern": r"^\d+(ms|s|m|h)$"}
STRINGS = {"type": "array", "items": {"type": "string"}}
SERVICE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "anyOf": [{"required": ["image"]}, {"required": ["build"]}],
    "properties": {
        "image": {"type": "string", "pattern": r"^\S+:\S+$"},
        "build": {
            "type": "object",
            "additionalProperties": False,
            "required": ["context"],
            "properties": {"context": {"type": "string"}, "dockerfile": {"type": "string"}},
        },
        "command": STRINGS,
        "environment": {"type": "object", "additionalProperties": {"type": ["string", "number"]}},
        "volumes": STRINGS,
        "tmpfs": STRINGS,
        "ports": {"type": "array", "items": {"type": "string", "pattern": r"^127\.0\.0\.1:"}},
        "networks": STRINGS,
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        "read_only": {"type": "boolean"},
        "security_opt": STRINGS,
        "cap_drop": STRINGS,
        "stop_grace_period": DURATION,
        "depends_on": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["condition"],
                "properties": {
                    "condition": {
                        "enum": [
                            "service_started",
                            "service_healthy",
                            "service_completed_successfully",
                        ]
                    }
                },
            },
        },
        "healthcheck": {
            "type": "object",
            "additionalProperties": False,
            "required": ["test"],
            "properties": {
                "test": STRINGS,
                "interval": DURATION,
                "timeout": DURATION,
                "retries": {"type": "integer"},
            },
        },
    },
}
COMPOSE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["services"],
    "patternProperties": {"^x-": {}},
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "services": {"type": "object", "additionalProperties": SERVICE},
        "networks": {"type": "object"},
        "volumes": {"type": "object"},
    },
}


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return loaded


def test_compose_yaml_is_a_valid_compose_file() -> None:
    problems = [error.message for error in Draft202012Validator(COMPOSE).iter_errors(compose())]
    assert problems == []


def test_compose_yaml_has_the_whole_platform_and_waits_for_what_exists() -> None:
    services = compose()["services"]
    assert {*SUBGRAPHS, "router", "postgres", "redis", "elasticsearch"} <= services.keys()
    for name, service in services.items():
        assert service.get("depends_on", {}).keys() <= services.keys(), name
        build = service.get("build")
        assert build is None or (ROOT / build["dockerfile"]).exists(), name


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.parent.name)
def test_an_image_copies_only_what_exists_runs_without_root_and_is_pinned(path: Path) -> None:
    text = path.read_text()
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        *sources, _ = line.split()
        assert all((ROOT / source).exists() for source in sources), line
    final = text.rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER (?!root)\w+$", final, re.MULTILINE)
    assert "--require-hashes" in text
    assert all(":" in image for image in re.findall(r"^FROM (python\S*)", text, re.MULTILINE))
    command = re.findall(r"^CMD (.+)$", final, re.MULTILINE)[-1]
    assert json.loads(command)[0] == "python"
