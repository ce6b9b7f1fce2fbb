"""The two ways out of the compiled tier, both back to the interpreter."""

from __future__ import annotations


class Uncovered(Exception):  # noqa: N818 - a decision, not a fault
    """This operation stays with the interpreter; the message says what is not compiled."""


class Surprise(Exception):  # noqa: N818 - a decision, not a fault
    """This request goes to the interpreter: an answer is not what the compiled code expects."""
