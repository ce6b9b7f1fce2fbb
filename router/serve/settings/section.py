"""What every block of settings is."""

from __future__ import annotations

from msgspec import Struct


class Section(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A block of settings; a key it does not name is an error."""
