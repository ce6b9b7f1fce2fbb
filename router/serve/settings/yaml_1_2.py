"""YAML as Apollo Router reads it: `on`, `off`, `yes` and `no` are words, not booleans.

https://yaml.org/spec/1.2.2/#1032-tag-resolution
"""

from __future__ import annotations

import re

import yaml
from yaml import YAMLError

__all__ = ["YAMLError", "load"]
BOOLEAN = "tag:yaml.org,2002:bool"


class Loader(yaml.SafeLoader):
    """PyYAML's safe loader, which follows YAML 1.1 but for this."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in known if tag != BOOLEAN]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


Loader.add_implicit_resolver(
    BOOLEAN, re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def load(text: str) -> object:
    """The document. Raises YAMLError."""
    return yaml.load(text, Loader)  # noqa: S506 - a safe loader
