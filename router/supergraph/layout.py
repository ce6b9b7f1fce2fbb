"""How SDL is laid out: one directive a line on types, one line a field, descriptions as blocks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from graphql import (
    BooleanValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)
from graphql.language.block_string import is_printable_as_block_string

INDENT = "  "


def quoted(text: str) -> str:
    """A string value."""
    return json.dumps(text, ensure_ascii=False)


def value_text(node: ValueNode) -> str:
    """A literal on one line."""
    if isinstance(node, StringValueNode):
        return quoted(node.value)
    if isinstance(node, ListValueNode):
        return f"[{', '.join(value_text(item) for item in node.values)}]"
    if isinstance(node, ObjectValueNode):
        fields = ", ".join(f"{item.name.value}: {value_text(item.value)}" for item in node.fields)
        return f"{{{fields}}}"
    if isinstance(node, BooleanValueNode):
        return "true" if node.value else "false"
    if isinstance(node, NullValueNode):
        return "null"
    if isinstance(node, VariableNode):
        return f"${node.name.value}"
    return str(getattr(node, "value", ""))


def described(description: str | None, text: str, indent: str = "") -> str:
    """What `text` defines with its description above it, both at an indentation."""
    if not description:
        return f"{indent}{text}"
    if not is_printable_as_block_string(description):
        return f"{indent}{quoted(description)}\n{indent}{text}"
    escaped = description.replace('"""', '\\"""')
    lines = ['"""', *escaped.split("\n"), '"""', text]
    return "\n".join(f"{indent}{line}" if line else "" for line in lines)


def arguments(given: Sequence[tuple[str | None, str]], indent: str = "") -> str:
    """(description, `name: Type = default @directive`) in parentheses, a line each if described."""
    if not given:
        return ""
    if not any(description for description, _ in given):
        return f"({', '.join(text for _, text in given)})"
    lines = (described(description, text, f"{indent}{INDENT}") for description, text in given)
    return "(\n" + "\n".join(lines) + f"\n{indent})"


def definition(
    description: str | None,
    head: str,
    directives: Sequence[str] = (),
    members: Iterable[str] | None = None,
    tail: str = "",
) -> str:
    """A type: its head, a line a directive, and its members (already indented) in braces.

    `tail` is what a union has instead of members.
    """
    text = described(description, head)
    for directive in directives:
        text += f"\n{INDENT}{directive}"
    if members is not None:
        body = "\n".join(members)
        text += ("\n{" if directives else " {") + f"\n{body}\n}}"
    if tail:
        text += f"\n{INDENT}{tail}" if directives else f" {tail}"
    return text
