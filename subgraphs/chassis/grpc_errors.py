"""One table between refusals and gRPC: google.rpc.Status with ErrorInfo, both ways.

ErrorInfo.reason is the refusal's code; its metadata are the details, as JSON text where they are
not strings. https://google.aip.dev/193
"""

from __future__ import annotations

from dataclasses import dataclass

import grpc
import orjson
from google.protobuf.any_pb2 import Any as AnyMessage
from google.rpc.error_details_pb2 import ErrorInfo  # type: ignore[import-untyped]
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]
from grpc_status import rpc_status  # type: ignore[import-untyped]

from subgraphs.chassis.refusal import JSON, PeerSilent, Refusal

# What a code of ours is in gRPC's words; any other refusal is a broken precondition.
_STATUS_BY_CODE = {
    "INVALID_INPUT": grpc.StatusCode.INVALID_ARGUMENT,
    "NOT_FOUND": grpc.StatusCode.NOT_FOUND,
    "UNAUTHENTICATED": grpc.StatusCode.UNAUTHENTICATED,
    "FORBIDDEN": grpc.StatusCode.PERMISSION_DENIED,
    "VERSION_CONFLICT": grpc.StatusCode.ABORTED,
    "IDEMPOTENCY_MISMATCH": grpc.StatusCode.ALREADY_EXISTS,
    "UNAVAILABLE": grpc.StatusCode.UNAVAILABLE,
}
# After these nobody knows whether the call was carried out.
_SILENT = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.CANCELLED,
    grpc.StatusCode.UNKNOWN,
    grpc.StatusCode.INTERNAL,
    grpc.StatusCode.DATA_LOSS,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
}
_DEFAULT = grpc.StatusCode.FAILED_PRECONDITION


def to_status(refusal: Refusal, domain: str) -> grpc.Status:
    """The status a servicer aborts with; `domain` names the service that refuses."""
    info = ErrorInfo(reason=refusal.code, domain=domain)
    for name, value in refusal.details.items():
        info.metadata[name] = value if isinstance(value, str) else orjson.dumps(value).decode()
    detail = AnyMessage()
    detail.Pack(info)
    code = _STATUS_BY_CODE.get(refusal.code, _DEFAULT)
    number: int = code.value[0]
    status: grpc.Status = rpc_status.to_status(
        Status(code=number, message=refusal.message, details=[detail])
    )
    return status


def bare_status(code: grpc.StatusCode, details: str) -> grpc.Status:
    """A status without ErrorInfo: nobody refused, something failed."""
    return _Bare(code, details)


@dataclass(frozen=True, slots=True)
class _Bare(grpc.Status):
    code: grpc.StatusCode
    details: str
    trailing_metadata: tuple[tuple[str, str], ...] = ()


def from_rpc_error(error: grpc.aio.AioRpcError, peer: str) -> Refusal | PeerSilent:
    """What a failed call means to the caller: a definite refusal, or no answer at all."""
    status = rpc_status.from_call(error)
    for detail in status.details if status is not None else ():
        info = ErrorInfo()
        if detail.Unpack(info) and error.code() is not grpc.StatusCode.UNAVAILABLE:
            details = {name: _json(value) for name, value in info.metadata.items()}
            return Refusal(info.reason, error.details() or info.reason, details)
    if error.code() in _SILENT:
        return PeerSilent(f"{peer}: {error.code().name}: {error.details()}")
    return Refusal(f"PEER_{error.code().name}", f"{peer}: {error.details()}")


def _json(text: str) -> JSON:
    try:
        return orjson.loads(text) if text[:1] in "[{" else text
    except orjson.JSONDecodeError:
        return text
