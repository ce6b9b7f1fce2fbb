"""@listSize as our contract writes it: what is not said there is left to the specification."""

from __future__ import annotations

from strawberry import UNSET
from strawberry.federation.schema_directives import ListSize


def assumed(size: int) -> ListSize:
    """@listSize(assumedSize:)."""
    return ListSize(
        assumed_size=size,
        slicing_arguments=UNSET,
        sized_fields=UNSET,
        require_one_slicing_argument=UNSET,
    )
