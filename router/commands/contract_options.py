"""`--contract` and `--hide-unreachable-types`, for the commands that compose."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from router.compose.contract import Contract

Command = Callable[..., Any]


def contract_options(command: Command) -> Command:
    """Add both options."""
    add_contract = click.option("--contract", help="Only what tags choose: include=a,b,exclude=c.")
    add_hide = click.option("--hide-unreachable-types", is_flag=True, help="With --contract.")
    return add_contract(add_hide(command))


def chosen_contract(text: str | None, *, hides_unreachable: bool) -> Contract | None:
    """The contract asked for, if one is. Raises BadParameter."""
    from router.compose.contract import ContractError, parse_contract  # noqa: PLC0415 - on demand

    if text is None:
        if hides_unreachable:
            raise click.BadParameter("needs --contract", param_hint="--hide-unreachable-types")
        return None
    try:
        return parse_contract(text, hides_unreachable=hides_unreachable)
    except ContractError as error:
        raise click.BadParameter(str(error), param_hint="--contract") from error
