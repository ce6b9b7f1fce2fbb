"""@listSize as our contract writes it: what is not said there is left to the specification."""

from __future__ import annotations

from strawberry import UNSET
from strawberry.federation.schema_directives import ListSize

PAGED = ListSize(
    assumed_size=UNSET,
    slicing_arguments=["first"],
    sized_fields=["edges"],
    require_one_slicing_argument=UNSET,
)
