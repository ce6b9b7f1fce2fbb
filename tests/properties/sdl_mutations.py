"""Schemas gone wrong: what a hurried hand, a bad merge or a stranger could make of an SDL."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import lru_cache

from graphql import GraphQLSyntaxError, parse

from tests.properties.sdl_pieces import DEFINITIONS, DIRECTIVES, KEYWORDS, PIECES

TOKEN = re.compile(
    r'"""(?:[^"]|"(?!""))*"""|"(?:\\.|[^"\\\n])*"|#[^\n]*|[A-Za-z_]\w*|\.\.\.|\S', re.ASCII
)
NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
Texts = dict[str, str]
Mutation = Callable[[random.Random, Texts, str], str]

# A field with its directives, as far as it stands on one line.
FIELD = r"\b\w+(?:\([^()]*\))?: \[*\w+[\]!]*(?: @\w+(?:\([^()]*\))?)*(?= *[\n}\w])"
TYPE = r"(?:type|interface|union|enum|input|scalar) \w+"
TYPE_NAME = re.compile(r"(?:type|interface|union|enum|input|scalar) (\w+)")


def mutated(dice: random.Random, texts: Texts) -> Texts:
    """The subgraphs with one to five things wrong, or merely different.

    Mostly what is still GraphQL, since nothing is read of what is not.
    """
    found = dict(texts)
    if dice.random() < 0.9:
        found = {name: _importing_all(text) for name, text in found.items()}
    for _ in range(dice.choice((1, 1, 2, 2, 3, 5))):
        name = dice.choice(list(found))
        mutations = FITTING if dice.random() < 0.9 else BREAKING
        found[name] = dice.choice(mutations)(dice, found, name)
    return found


def _importing_all(text: str) -> str:
    """With every directive of Federation's imported, so that one more finds its definition."""
    names = ", ".join(f'"@{name}"' for name in DIRECTIVES)
    pattern = r'"https://specs.apollo.dev/federation/v2\.\d+"(,?\s*)import: \[[^\]{}]*\]'
    link = f'"https://specs.apollo.dev/federation/v2.14", import: [{names}]'
    return re.sub(pattern, link, text, count=1)


def _replaced_token(dice: random.Random, texts: Texts, name: str) -> str:
    return _at_token(dice, texts[name], lambda _: _piece(dice, texts))


def _inserted_token(dice: random.Random, texts: Texts, name: str) -> str:
    return _at_token(dice, texts[name], lambda old: f"{old} {_piece(dice, texts)}")


def _dropped_token(dice: random.Random, texts: Texts, name: str) -> str:
    return _at_token(dice, texts[name], lambda _: "")


def _swapped_tokens(dice: random.Random, texts: Texts, name: str) -> str:
    words = TOKEN.findall(texts[name])
    if len(words) > 1:
        at = dice.randrange(len(words) - 1)
        words[at], words[at + 1] = words[at + 1], words[at]
    return "\n".join(words)


def _other_nullability(dice: random.Random, texts: Texts, name: str) -> str:
    def changed(old: str) -> str:
        return dice.choice((old.rstrip("!"), f"{old.rstrip('!')}!", f"[{old}]"))

    return _at(dice, texts[name], r"(?<=: )[A-Z]\w+!?", changed)


def _other_type(dice: random.Random, texts: Texts, name: str) -> str:
    return _at(dice, texts[name], r"(?<=: )\[?\w+", lambda _: _type_name(dice, texts, name))


def _dropped_field(dice: random.Random, texts: Texts, name: str) -> str:
    return _at(dice, texts[name], rf"{FIELD}(?=\s+\w+[(:])", lambda _: "")


def _moved_field(dice: random.Random, texts: Texts, name: str) -> str:
    """A field of any type of any subgraph, in some type here."""
    fields = re.findall(FIELD, texts[dice.choice(list(texts))]) or ["lost: Int"]
    return _at(dice, texts[name], FIELD, lambda old: f"{old} {dice.choice(fields)}")


def _other_implements(dice: random.Random, texts: Texts, name: str) -> str:
    def implementing(old: str) -> str:
        return f"{old} implements {_type_name(dice, texts, name)}"

    return _at(dice, texts[name], r"(?:type|interface) \w+(?! implements)", implementing)


def _other_name(dice: random.Random, texts: Texts, name: str) -> str:
    """One type, wherever it stands in this subgraph, is called as another one."""
    old, new = _type_name(dice, texts, name), _type_name(dice, texts, dice.choice(list(texts)))
    return re.sub(rf"\b{re.escape(old)}\b", new, texts[name])


def _other_kind(dice: random.Random, texts: Texts, name: str) -> str:
    kinds = "|".join(KEYWORDS)
    return _at(dice, texts[name], rf"\b(?:{kinds})\b", lambda _: dice.choice(KEYWORDS))


def _other_directive(dice: random.Random, texts: Texts, name: str) -> str:
    directives = [piece for piece in PIECES if piece.startswith("@")]
    pattern = r"@\w+(?:\([^()]*\))?"
    return _at(dice, texts[name], pattern, lambda _: dice.choice((*directives, "")))


def _more_directives(dice: random.Random, texts: Texts, name: str) -> str:
    directives = [piece for piece in PIECES if piece.startswith("@")]
    place = dice.choice((FIELD, FIELD, rf"(?:{TYPE}|extend schema)"))
    return _at(dice, texts[name], place, lambda old: f"{old} {dice.choice(directives)}")


def _other_field_set(dice: random.Random, texts: Texts, name: str) -> str:
    def changed(old: str) -> str:
        words = TOKEN.findall(old) or [""]
        at = dice.randrange(len(words))
        words[at] = dice.choice(
            (
                "",
                _name(dice, texts),
                _name(dice, texts),
                "{",
                "id",
                "id { id }",
                "... on User { id }",
            )
        )
        return " ".join(words)

    return _at(dice, texts[name], r'(?<=fields: ")[^"]*', changed)


def _other_version(dice: random.Random, texts: Texts, name: str) -> str:
    version = dice.choice(("v2.14", "v2.14", "v2.13", "v2.12", "v2.11", "v2.0", "v9.9"))
    return _at(dice, texts[name], r"v2\.\d+", lambda _: version)


def _dropped_definition(dice: random.Random, texts: Texts, name: str) -> str:
    found = list(_definitions(texts[name]))
    del found[dice.randrange(len(found))]
    return "\n".join(found)


def _moved_definition(dice: random.Random, texts: Texts, name: str) -> str:
    """A definition of any subgraph, here too; perhaps as an extension, perhaps shared."""
    moved = dice.choice(_definitions(texts[dice.choice(list(texts))]))
    if dice.random() < 0.7:
        moved = re.sub(r"(type \w+)", r"\1 @shareable", moved, count=1)
    if dice.random() < 0.2:
        moved = f"extend {moved}"
    kept = [item for item in _definitions(texts[name]) if item.split()[:2] != moved.split()[:2]]
    return "\n".join([*(kept if dice.random() < 0.7 else [texts[name]]), moved])


@lru_cache(maxsize=4096)
def _definitions(text: str) -> tuple[str, ...]:
    """The text of each definition; all of it, where it cannot be read."""
    try:
        nodes = parse(text).definitions
    except GraphQLSyntaxError:
        return (text,)
    return tuple(text[node.loc.start : node.loc.end] for node in nodes if node.loc)


def _dropped_line(dice: random.Random, texts: Texts, name: str) -> str:
    lines = texts[name].splitlines() or [""]
    del lines[dice.randrange(len(lines))]
    return "\n".join(lines)


def _moved_line(dice: random.Random, texts: Texts, name: str) -> str:
    lines = texts[name].splitlines()
    foreign = texts[dice.choice(list(texts))].splitlines() or [""]
    lines.insert(dice.randrange(len(lines) + 1), dice.choice(foreign))
    return "\n".join(lines)


def _more_definitions(dice: random.Random, texts: Texts, name: str) -> str:
    return f"{texts[name]}\n{dice.choice(DEFINITIONS)}"


def _cut(dice: random.Random, texts: Texts, name: str) -> str:
    return texts[name][: dice.randrange(len(texts[name]) + 1)]


def _other_character(dice: random.Random, texts: Texts, name: str) -> str:
    text = texts[name]
    at = dice.randrange(len(text) + 1)
    return (
        text[:at]
        + chr(dice.choice((0, 9, 34, 92, 123, 0xE9, 0x2028, 0xD800, 0x1F600)))
        + text[at + 1 :]
    )


def _piece(dice: random.Random, texts: Texts) -> str:
    return dice.choice(PIECES) if dice.random() < 0.6 else _name(dice, texts)


def _name(dice: random.Random, texts: Texts) -> str:
    return dice.choice(NAME.findall(texts[dice.choice(list(texts))]) or ["Lost"])


def _type_name(dice: random.Random, texts: Texts, name: str) -> str:
    return dice.choice(TYPE_NAME.findall(texts[name]) or ["Lost"])


def _at_token(dice: random.Random, text: str, change: Callable[[str], str]) -> str:
    return _at(dice, text, TOKEN, change)


def _at(
    dice: random.Random, text: str, pattern: str | re.Pattern[str], change: Callable[[str], str]
) -> str:
    """The text with one match of the pattern, drawn by lot, changed."""
    matches = list(re.finditer(pattern, text))
    if not matches:
        return text
    one = dice.choice(matches)
    return text[: one.start()] + change(one[0]) + text[one.end() :]


FITTING: tuple[Mutation, ...] = (
    _other_nullability,
    _other_type,
    _other_name,
    _other_directive,
    _more_directives,
    _more_directives,
    _other_field_set,
    _other_version,
    _dropped_field,
    _moved_field,
    _moved_field,
    _other_implements,
    _dropped_definition,
    _moved_definition,
    _moved_definition,
    _moved_definition,
    _more_definitions,
)
BREAKING: tuple[Mutation, ...] = (
    _replaced_token,
    _inserted_token,
    _dropped_token,
    _swapped_tokens,
    _other_kind,
    _dropped_line,
    _moved_line,
    _cut,
    _other_character,
)
