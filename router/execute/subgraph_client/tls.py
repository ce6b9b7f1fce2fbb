"""TLS to subgraphs: whom we trust, and who we are."""

from __future__ import annotations

import ssl
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


class TlsError(Exception):
    """A certificate or a key cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A client certificate (with the chain up to its authority) and its key, both PEM."""

    certificate_chain: str
    key: str


@lru_cache(maxsize=8)
def tls_context(authorities: str | None = None, identity: Identity | None = None) -> ssl.SSLContext:
    """TLS 1.2 or newer, the server's name checked.

    `authorities` (PEM) are trusted instead of the system's. Raises TlsError.
    """
    try:
        context = ssl.create_default_context(cadata=authorities)
    except (ssl.SSLError, ValueError) as error:
        raise TlsError(f"certificate_authorities: no certificates in PEM ({error})") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    if identity is not None:
        _identify(context, identity)
    return context


def _identify(context: ssl.SSLContext, identity: Identity) -> None:
    """OpenSSL's wrapper reads files only, so these are there for a moment, for us alone."""
    with tempfile.TemporaryDirectory(prefix="router-tls-") as folder:
        chain, key = Path(folder) / "chain.pem", Path(folder) / "key.pem"
        chain.write_text(identity.certificate_chain)
        key.touch(mode=0o600)
        key.write_text(identity.key)
        try:
            context.load_cert_chain(chain, key, password=_no_password)
        except (ssl.SSLError, OSError, ValueError) as error:
            reason = f"certificate_chain and key do not fit or are not PEM ({error})"
            raise TlsError(f"client_authentication: {reason}") from error


def _no_password() -> str:
    """Asked for a key that is encrypted; without this, OpenSSL would ask at the terminal."""
    raise ValueError("the key is encrypted; give it without a password")
