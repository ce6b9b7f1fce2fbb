"""Opening an account."""

from __future__ import annotations

from datetime import UTC, datetime

from subgraphs.account import store
from subgraphs.account.domain import (
    Account,
    AccountProblem,
    ProblemCode,
    Role,
    checked_display_name,
    checked_locale,
    checked_password,
    normalised_email,
)
from subgraphs.account.events import UserRegistered
from subgraphs.account.handlers.resources import Resources
from subgraphs.account.handlers.sessions import SignedIn, new_session
from subgraphs.chassis.ids import new_id
from subgraphs.chassis.outbox import Event


async def register(
    resources: Resources,
    *,
    email: str,
    password: str,
    display_name: str,
    locale: str | None,
    guest_cart_id: str | None,
) -> SignedIn:
    """Open an account and a session. Raises AccountProblem; an address is used once."""
    email_norm = normalised_email(email)
    checked_password(password, email_norm)
    user = store.UserRow(
        id=new_id("usr"),
        email=email.strip(),
        email_norm=email_norm,
        password_hash="",
        display_name=checked_display_name(display_name),
        locale=checked_locale(locale),
        created_at=datetime.now(UTC),
    )
    user.password_hash = await resources.passwords.hash(password)
    row, token = new_session(user.id)
    fact = UserRegistered(user.id, user.locale, guest_cart_id)
    payload = {"locale": fact.locale, "guest_cart_id": fact.guest_cart_id}
    try:
        async with resources.database.session() as session:
            await store.add_user(session, user, [Role.CUSTOMER])
            session.add(row)
            event = Event(fact.type, user.id, payload, actor=user.id)
            await resources.outbox.append_in_session(session, [event])
    except store.EmailTakenError:
        raise AccountProblem(
            ProblemCode.EMAIL_TAKEN,
            "An account with this e-mail address exists. Sign in instead.",
            "input",
            "email",
        ) from None
    account = _opened(user)
    return SignedIn(account, resources.keys.sign(account, row.id), token)


def _opened(user: store.UserRow) -> Account:
    return Account(
        id=user.id,
        email=user.email,
        email_verified=False,
        display_name=user.display_name,
        locale=user.locale,
        roles=(Role.CUSTOMER,),
        version=user.version,
        created_at=user.created_at or datetime.now(UTC),
    )
