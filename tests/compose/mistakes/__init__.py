"""One planted mistake for each error code that can be reached, in the contracts of the shop."""

from tests.compose.mistakes import (
    authorization,
    contexts,
    costs,
    external_fields,
    inaccessible,
    interfaces,
    keys,
    links,
    merging,
    overriding,
    reachability,
    requires_and_provides,
    schemas,
)

MISTAKES = (
    *schemas.MISTAKES,
    *links.MISTAKES,
    *keys.MISTAKES,
    *requires_and_provides.MISTAKES,
    *external_fields.MISTAKES,
    *interfaces.MISTAKES,
    *merging.MISTAKES,
    *overriding.MISTAKES,
    *inaccessible.MISTAKES,
    *authorization.MISTAKES,
    *contexts.MISTAKES,
    *costs.MISTAKES,
    *reachability.MISTAKES,
)
