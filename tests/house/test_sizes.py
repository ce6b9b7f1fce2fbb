"""House rule: a module holds one concept (300 lines), a function one thought (40 lines)."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULE_LINES, FUNCTION_LINES = 300, 40
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "base"}
GENERATED = ("_pb2.py", "_pb2_grpc.py")
# A limit that would make the code worse is raised here for that file, with the reason beside it.
RAISED: dict[str, tuple[int, int]] = {}


def sources() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / line for line in listed.stdout.splitlines()]
    return [path for path in paths if path.exists() and not path.name.endswith(GENERATED)]


def lines_without_docstring(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = function.body[0]
    length = (function.end_lineno or function.lineno) - function.lineno + 1
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        length -= (first.end_lineno or first.lineno) - first.lineno + 1
    return length


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def limits(path: Path) -> tuple[int, int]:
    return RAISED.get(str(path.relative_to(ROOT)), (MODULE_LINES, FUNCTION_LINES))


def test_no_module_is_longer_than_the_limit() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in sources()}
    too_long = {str(p.relative_to(ROOT)): n for p, n in lengths.items() if n > limits(p)[0]}
    assert too_long == {}


def test_no_function_is_longer_than_the_limit() -> None:
    too_long = {
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}": length
        for path in sources()
        for function in functions(path)
        if (length := lines_without_docstring(function)) > limits(path)[1]
    }
    assert too_long == {}


def test_no_module_is_a_drawer() -> None:
    drawers = [
        path.relative_to(ROOT)
        for path in sources()
        if path.stem in DRAWERS or path.parent.name in DRAWERS
    ]
    # proto/common is the established name of the messages that all contracts share.
    assert [path for path in drawers if path.parts[0] != "proto"] == []
