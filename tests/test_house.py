"""The house itself: the lock, the wheel, the pages that people read first."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from hatch_build import ROOT, catalogs, compiled

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md"), *ROOT.glob("bench/*.md")]
)
DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))


def locked() -> dict[str, str]:
    """Package -> its version for this Python: the lock may hold another one for a later Python."""
    every = re.findall(r"^([a-z0-9-]+==[^\\\n]+)", LOCK, re.MULTILINE)
    found = [Requirement(line.strip()) for line in every]
    mine = [each for each in found if each.marker is None or each.marker.evaluate()]
    assert len({each.name for each in mine}) == len(mine)
    return {each.name: str(each.specifier).removeprefix("==") for each in mine}


def asked() -> list[Requirement]:
    """All that pyproject asks for: to run, to work on it, to build it."""
    dev, build = PROJECT["dependency-groups"]["dev"], PROJECT["build-system"]["requires"]
    return [Requirement(line) for line in (*PROJECT["project"]["dependencies"], *dev, *build)]


def test_the_lock_names_no_place_to_download_from() -> None:
    assert re.findall(r"\w+://\S*|^\s*-[-\w]*(?:index|links)\S*|@ ", LOCK, re.MULTILINE) == []


def test_every_locked_package_has_its_hashes() -> None:
    packages = re.split(r"\n(?=[a-z0-9])", LOCK.strip())
    assert len(packages) >= len(locked())
    assert [text.splitlines()[0] for text in packages if "--hash=sha256:" not in text] == []


@pytest.mark.parametrize("requirement", asked(), ids=str)
def test_the_lock_holds_what_pyproject_asks_for(requirement: Requirement) -> None:
    assert requirement.specifier.contains(locked()[canonicalize_name(requirement.name)])


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_carries_every_catalog_compiled(wheel: zipfile.ZipFile) -> None:
    inside = {po: po.with_suffix(".mo").relative_to(ROOT / "src").as_posix() for po in catalogs()}
    assert {po.name for po, name in inside.items() if wheel.read(name) != compiled(po)} == set()


def test_the_wheel_carries_the_command_and_nothing_from_outside_the_package(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert tops == {"shinro", f"shinro-{PROJECT['project']['version']}.dist-info"}
    commands = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "shinro = shinro.cli:process" in wheel.read(commands).decode()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_decisions_are_numbered_without_gaps_and_say_context_decision_and_consequences() -> None:
    numbers = [int(page.name.partition("-")[0]) for page in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))
    parts = ["## Context", "## Decision", "## Consequences"]
    for page in DECISIONS:
        assert re.findall(r"^## .*$", page.read_text(encoding="utf-8"), re.MULTILINE) == parts, page.name


def test_every_threshold_stands_with_its_source_and_its_value() -> None:
    text = (ROOT / "docs/decisions/0017-thresholds.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w.]+)\.([A-Z_]+)` \| (\S+) \| .+ \| .+ \|$", text, re.MULTILINE)
    said = {(module, name): Fraction(value) for module, name, value in rows}
    found = {(module, name): getattr(import_module(module), name) for module, name in said}
    assert {key: Fraction(str(value)) for key, value in found.items()} == said
    assert {"BAND", "SMALL", "RELATED", "MANY"} <= {name for _, name in said}


def test_both_readmes_show_the_same_story_and_the_same_commands() -> None:
    english, japanese = (
        re.findall(r"```(?:yaml|sh)\n.*?```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
        for name in ("README.md", "README.ja.md")
    )
    assert english
    assert english == japanese


@pytest.mark.parametrize("name", ["README.md", "README.ja.md", "CONTRIBUTING.md", "bench/README.md", ".ci/run"])
def test_every_make_target_that_a_page_names_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(
        re.findall(r"(?:^|`)make (?:[A-Z]+=\S+ )?([a-z]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert named
    assert named - targets == set()


def test_no_value_of_ours_goes_by_two_names() -> None:
    renamed = re.compile(r"^(?:from shinro\b.* import .*|    )\b[A-Z]\w+ as [A-Z]\w+", re.MULTILINE)
    sources = (ROOT / "src").rglob("*.py")
    assert [path.name for path in sources if renamed.search(path.read_text(encoding="utf-8"))] == []
