"""JSON as Python has it, named once: the rest of the router knows no bare `Any`."""

from __future__ import annotations

from typing import Any

import msgspec

JSON = dict[str, Any]
Value = Any
# msgspec keeps integers of any size, which a custom scalar may hold; orjson turns them to floats.
decode = msgspec.json.Decoder().decode
encode = msgspec.json.Encoder().encode
