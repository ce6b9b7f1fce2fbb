"""Synthetic subgraphs in the shapes of real ones, and in one that is hard to search.

Everything follows from the numbers given, so that every run composes the same.
"""

from __future__ import annotations

from collections.abc import Iterator

# Subgraph name -> SDL.
Subgraphs = dict[str, str]

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", '
    '"@shareable", "@external", "@requires", "@provides", "@tag", "@inaccessible"])'
)
# What most subgraphs of a company define each for themselves.
EVERYWHERE = """
scalar DateTime
enum Currency { EUR USD IDR }
enum Order { ASCENDING DESCENDING }
input Page { first: Int = 20, after: String, order: Order = ASCENDING }
"An amount in the currency's smallest unit."
type Money @shareable { amount: Int! currency: Currency! }
type PageInfo @shareable { endCursor: String hasNextPage: Boolean! }
interface Node { id: ID! }
"""
ENTITIES = 10


def separate(subgraphs: int, types: int) -> Subgraphs:
    """Subgraphs with many types of their own, and a reference to the next subgraph here and there.

    Of ten types four are entities, three value types; one is an enum, an input and a union.
    """
    return {f"s{at}": "\n".join(_separate(at, subgraphs, types)) for at in range(subgraphs)}


def _separate(at: int, subgraphs: int, types: int) -> Iterator[str]:
    after = (at + 1) % subgraphs
    queries = [f"get{at}x{i}(in: In{at}x{i}): E{at}x{i}" for i in _tens(types)]
    yield LINK
    yield f"type Query {{ {' '.join(queries)} }}"
    for i in _tens(types):
        near = [f"E{at}x{i + step}" for step in range(4)]
        yield f'type E{after}x{i} @key(fields: "id", resolvable: false) {{ id: ID! }}'
        for step, name in enumerate(near):
            link = f"abroad: E{after}x{i}" if step == 0 else f"next: {near[step - 1]}!"
            yield f"""
type {name} @key(fields: "id") {{
  id: ID!
  name: String
  count(in: In{at}x{i}): Int
  state: Is{at}x{i}!
  like(first: Int = 5): [{near[-1]}!]!
  value: V{at}x{i}
  {link}
}}"""
        yield f"type V{at}x{i} {{ label: String! below: W{at}x{i}! found: [Any{at}x{i}!]! }}"
        yield f"type W{at}x{i} {{ width: Float height: Float other: X{at}x{i} }}"
        yield f"type X{at}x{i} {{ text: String at: String by: {near[1]} }}"
        yield f"enum Is{at}x{i} {{ NEW OPEN DONE }}"
        yield f"input In{at}x{i} {{ text: String state: Is{at}x{i} = NEW ids: [ID!] }}"
        yield f"union Any{at}x{i} = {' | '.join(near)} | W{at}x{i}"


def _tens(types: int) -> range:
    return range(0, types, 10)


def shared(subgraphs: int) -> Subgraphs:
    """Subgraphs of twenty types each, whose entities others add to, need fields of and provide."""
    return {f"s{at}": "\n".join(_shared(at, subgraphs)) for at in range(subgraphs)}


def _shared(at: int, subgraphs: int) -> Iterator[str]:
    others = sorted({(at + step) % subgraphs for step in (3, 7, 11)} - {at})
    yield from (LINK, EVERYWHERE, _operations(at, others), _own_values(at))
    yield from (_entity(at, number, others) for number in range(ENTITIES))
    for other in others:
        for number in range(ENTITIES):
            yield _contribution(at, other, number)


def _operations(at: int, others: list[int]) -> str:
    provided = " ".join(
        f'promoted{at}x{other}: [E{other}x0!]! @provides(fields: "name")' for other in others
    )
    node = "node(id: ID!): Node" if at == 0 else ""
    return f"""
type Query {{
  item{at}(id: ID!): E{at}x0
  items{at}(filter: Filter{at}, page: Page): Connection{at}!
  search{at}(text: String!, page: Page): [Result{at}!]!
  {provided}
  {node}
}}
type Mutation {{
  create{at}(input: Create{at}!): Created{at}!
  remove{at}(id: ID!, reason: String): Created{at}! @tag(name: "admin")
}}
"""


def _own_values(at: int) -> str:
    return f"""
interface Item{at} {{ id: ID! name: String! price: Money }}
union Result{at} = E{at}x0 | E{at}x1 | E{at}x2 | E{at}x3
type Connection{at} {{ edges: [Edge{at}!]! pageInfo: PageInfo! total: Int }}
type Edge{at} {{ node: Item{at}! cursor: String! }}
type Region{at} {{ code: String! country: Country{at}! }}
type Country{at} {{ code: String! name: String! @inaccessible }}
type Created{at} {{ item: Item{at} problems: [String!]! }}
enum State{at} {{ DRAFT ACTIVE "No longer sold." ARCHIVED }}
input Filter{at} {{ states: [State{at}!] = [ACTIVE], text: String, since: DateTime }}
input Create{at} {{ name: String!, amount: Int!, currency: Currency = EUR, of: Filter{at} }}
"""


def _entity(at: int, number: int, others: list[int]) -> str:
    """An entity where it belongs: every third has a second key, every fourth a nested one."""
    keys = ['@key(fields: "id")']
    keys += ['@key(fields: "sku")'] if number % 3 == 1 else []
    keys += ['@key(fields: "code region { code }")'] if number % 4 == 2 else []
    related = " ".join(f"related{other}: [E{other}x{number}!]!" for other in others)
    return f"""
"Item {number} of subgraph {at}."
type E{at}x{number} implements Node & Item{at} {" ".join(keys)} {{
  id: ID!
  sku: String!
  code: String!
  "What people call it."
  name: String! {"" if number else "@shareable"}
  weight: Int!
  state: State{at}! @deprecated(reason: "Ask for the region.")
  price: Money
  region: Region{at}!
  updated: DateTime!
  next: E{at}x{(number + 1) % ENTITIES}
  others(page: Page, state: State{at} = ACTIVE): Connection{at}!
  {related}
}}
"""


def _contribution(at: int, other: int, number: int) -> str:
    """What a subgraph knows of another's entity: fields of its own, or only the key."""
    name = f"E{other}x{number}"
    if number % 2:
        return f'type {name} @key(fields: "id", resolvable: false) {{ id: ID! }}'
    provided = "" if number else "name: String! @external"
    return f"""
type {name} @key(fields: "id") {{
  id: ID!
  {provided}
  weight: Int! @external
  stock{at}: Int!
  shipping{at}: Money! @requires(fields: "weight")
}}
"""


def entangled(subgraphs: int, entities: int) -> Subgraphs:
    """Every subgraph has every entity under two keys of its own ring, and each leads to each.

    Value types are nested without end, and interfaces and unions have every entity as a member.
    """
    return {f"s{at}": "\n".join(_entangled(at, subgraphs, entities)) for at in range(subgraphs)}


def _entangled(at: int, subgraphs: int, entities: int) -> Iterator[str]:
    keys = (f"key{at}", f"key{(at + 1) % subgraphs}")
    names = [f"E{number}" for number in range(entities)]
    yield LINK
    yield "type Query @shareable { any: Any all: [One!]! deep: Deep0 " + f"only{at}: E0 }}"
    yield f"union Any = {' | '.join(names)}"
    yield "interface One { one: One any: Any }"
    for number, name in enumerate(names):
        links = " ".join(f"to{other}: {other}" for other in names)
        yield (
            f'type {name} implements One @key(fields: "{keys[0]}") @key(fields: "{keys[1]}") '
            f"@shareable {{ {keys[0]}: ID! {keys[1]}: ID! deep: Deep{number % 5} one: One any: Any "
            f"{links} own{at}: Int }}"
        )
    for level in range(5):
        yield (
            f"type Deep{level} @shareable {{ down: Deep{(level + 1) % 5} up: Deep{(level + 4) % 5} "
            f"one: One any: Any entity: E{level % entities} text: String }}"
        )
