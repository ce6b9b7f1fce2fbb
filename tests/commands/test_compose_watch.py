"""`compose --watch`: a process that composes again on each change until it is stopped."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.commands.running_subgraph import RunningSubgraph, running

ROOT = Path(__file__).parents[2]
CONFIG = """subgraphs:
  a: { routing_url: "${file.host}", schema: { file: a.graphql } }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "supergraph.yaml").write_text(CONFIG)
    (tmp_path / "host").write_text("http://first")
    (tmp_path / "a.graphql").write_text("type Query { first: Int }")
    return tmp_path


@pytest.fixture
def watching(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "router", "compose", "--watch"]
    command += ["--config", str(folder / "supergraph.yaml"), "--output", str(folder / "out")]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that must come."""
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def said(process: subprocess.Popen[str], words: str) -> list[str]:
    """What the process says up to a line with some words."""
    assert process.stderr is not None
    lines: list[str] = []
    while not lines or words not in lines[-1]:
        line = process.stderr.readline()
        assert line, lines
        lines.append(line)
    return lines


def test_each_change_of_a_schema_the_configuration_or_a_named_file_composes_again(
    folder: Path, watching: subprocess.Popen[str]
) -> None:
    out = folder / "out"

    def has(words: str) -> Callable[[], bool]:
        return lambda: out.exists() and words in out.read_text()

    assert said(watching, "Watching")[-1] == "Watching 3 files; Ctrl-C stops.\n"
    assert has("first: Int")()
    (folder / "a.graphql").write_text("type Query { second: Int }")
    until(has("second: Int"))
    (folder / "host").write_text("http://second")
    until(has("http://second"))
    (folder / "b.graphql").write_text("type Query { third: Int }")
    (folder / "supergraph.yaml").write_text(CONFIG.replace("a.graphql", "b.graphql"))
    until(has("third: Int"))
    (folder / "b.graphql").write_text("type Query { fourth: Int }")
    until(has("fourth: Int"))


def test_an_error_is_told_keeps_the_last_output_and_ends_nothing(
    folder: Path, watching: subprocess.Popen[str]
) -> None:
    said(watching, "Watching")
    before = (folder / "out").read_text()
    (folder / "a.graphql").write_text("type Query { a: Nothing }")
    assert any("INVALID_GRAPHQL" in line for line in said(watching, "Watching"))
    (folder / "a.graphql").unlink()
    assert any("No such file" in line for line in said(watching, "Watching"))
    (folder / "supergraph.yaml").write_text("subgraphs: [")
    assert any("It is not YAML" in line for line in said(watching, "Watching"))
    assert (folder / "out").read_text() == before
    (folder / "a.graphql").write_text("type Query { mended: Int }")
    (folder / "supergraph.yaml").write_text(CONFIG)
    until(lambda: "mended: Int" in (folder / "out").read_text())


def test_ctrl_c_stops_it_with_success(watching: subprocess.Popen[str]) -> None:
    said(watching, "Watching")
    watching.send_signal(signal.SIGINT)
    assert watching.wait(timeout=60) == 0


def test_a_running_subgraph_is_asked_again_and_again(folder: Path) -> None:
    with running(RunningSubgraph("type Query { first: Int }")) as subgraph:
        (folder / "supergraph.yaml").write_text(
            f"subgraphs: {{ a: {{ schema: {{ subgraph_url: '{subgraph.url}' }} }} }}"
        )
        command = [sys.executable, "-m", "router", "compose", "--watch"]
        command += ["--config", str(folder / "supergraph.yaml"), "--output", str(folder / "out")]
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
            assert "and asking running subgraphs" in said(process, "Watching")[-1]
            subgraph.sdl = "type Query { second: Int }"
            until(lambda: "second: Int" in (folder / "out").read_text())
            process.kill()
