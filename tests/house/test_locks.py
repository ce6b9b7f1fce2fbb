"""Lock files pin every dependency, with hashes and without addresses, and agree with each other."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
MEMBERS = sorted(
    path.parent for path in ROOT.glob("**/pyproject.toml") if ".venv" not in path.parts
)
DEV_LOCK = ROOT / "requirements-dev.lock"


def pinned(lock: Path) -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", lock.read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def lock_of(member: Path) -> Path:
    return DEV_LOCK if member == ROOT else member / "requirements.lock"


def declared(member: Path) -> list[Requirement]:
    project = tomllib.loads((member / "pyproject.toml").read_text())
    listed = project["project"].get("dependencies", [])
    listed += project.get("dependency-groups", {}).get("dev", [])
    return [Requirement(text) for text in listed]


@pytest.mark.parametrize("member", MEMBERS, ids=lambda path: path.name)
def test_every_declared_dependency_is_locked_at_a_version_it_allows(member: Path) -> None:
    for lock in {lock_of(member), DEV_LOCK}:
        versions = pinned(lock)
        for requirement in declared(member):
            version = versions.get(canonicalize_name(requirement.name))
            assert version, f"{requirement.name} is not in {lock.name}: run make lock"
            assert requirement.specifier.contains(version, prereleases=True), (
                f"run make lock: {lock}"
            )


@pytest.mark.parametrize("member", MEMBERS, ids=lambda path: path.name)
def test_a_lock_agrees_with_the_development_lock_and_has_hashes_but_no_addresses(
    member: Path,
) -> None:
    lock = lock_of(member)
    everything = pinned(DEV_LOCK)
    for name, version in pinned(lock).items():
        assert everything.get(name) == version, f"{name} differs: run make lock"
    text = lock.read_text()
    assert "://" not in text
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert all("--hash=sha256:" in entry for entry in entries)
