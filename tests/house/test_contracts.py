"""What is written by people and what is made from it, or implements it, say the same."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from subgraphs.chassis.contract import normalised

ROOT = Path(__file__).parents[2]
SUBGRAPHS = ("account", "catalog", "inventory", "order", "payment")
GENERATED = ("*_pb2.py", "*_pb2.pyi", "*_pb2_grpc.py", "*_pb2_grpc.pyi")


@pytest.mark.parametrize("name", SUBGRAPHS)
def test_a_subgraph_implements_its_contract(name: str) -> None:
    package = importlib.import_module(f"subgraphs.{name}.graphql_api")
    schema = getattr(package, "schema", None)
    if schema is None:
        schema = importlib.import_module(f"{package.__name__}.operations").schema
    contract = (ROOT / "subgraphs" / name / "schema.graphql").read_text()
    assert normalised(schema.as_str()) == normalised(contract)


def stubs(root: Path) -> dict[str, bytes]:
    paths = (path for pattern in GENERATED for path in root.glob(f"proto/*/v1/{pattern}"))
    return {str(path.relative_to(root)): path.read_bytes() for path in paths}


def test_the_stubs_are_those_of_their_protos(tmp_path: Path) -> None:
    kinds = [f"--{kind}_out={tmp_path}" for kind in ("python", "grpc_python", "mypy", "mypy_grpc")]
    protos = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("proto/*/v1/*.proto"))
    plugins = {"PATH": str(Path(sys.executable).parent)}
    command = [sys.executable, "-m", "grpc_tools.protoc", "-I", ".", *kinds, *protos]
    subprocess.run(command, check=True, cwd=ROOT, env=plugins, timeout=60)
    for pattern in GENERATED:
        made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob(pattern)}
        kept = {
            path.relative_to(ROOT): path.read_bytes() for path in ROOT.glob(f"proto/*/v1/{pattern}")
        }
        assert made, "protoc has made nothing"
        assert made == kept, "run make proto"
