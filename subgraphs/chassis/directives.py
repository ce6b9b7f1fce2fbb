"""Federation directives with the optional arguments optional, for Strawberry's `directives=`."""

from __future__ import annotations

from collections.abc import Sequence

from strawberry import UNSET
from strawberry.federation.schema_directives import Key, ListSize
from strawberry.federation.types import FieldSet


def reference_key(fields: str) -> Key:
    """@key(fields:, resolvable: false): an entity of another subgraph, only pointed at."""
    return Key(fields=FieldSet(fields), resolvable=False)


def assumed_size(size: int) -> ListSize:
    """@listSize(assumedSize:): how long a list is guessed to be before it is asked for."""
    return ListSize(assumed_size=size, slicing_arguments=UNSET, sized_fields=UNSET)


def sliced_by(*arguments: str, sized: Sequence[str] | None = None) -> ListSize:
    """@listSize(slicingArguments:, sizedFields:): the arguments that say how long the list is."""
    fields = list(sized) if sized is not None else UNSET
    return ListSize(assumed_size=UNSET, slicing_arguments=list(arguments), sized_fields=fields)
