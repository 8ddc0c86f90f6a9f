"""A milestone, an initiative, a KPI, a target put into a project file: every other character stays."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from checking import assert_said
from shinro.drafts.changes import with_initiative, with_kpi, with_milestone, with_target
from shinro.problems import CannotGoOn
from shinro.run.add import Change, add

TODAY = date(2026, 6, 1)
STORY = """\
company: 青空  # our name
story: {starts: 2026-04-01}
sources: {crm: {type: files, path: data/*.csv}}
tables:
  deals: {from: crm.deals, key: id, time: closed}   # one row a deal

metrics:
  won: {count: deals, where: stage = 'won'}
  closed: {count: deals}
  win_rate: {ratio: won / closed}
# the rest is ours
departments:
  sales: {label: 営業, owns: [won]}
kpis:
  won: {owner: 佐藤, cadence: weekly}  # asked on Monday

milestones:
  - id: m3
    by: +3 months   # June
    reach:
      - won >= 10 per month
"""
MILESTONE: Change = lambda text, opened: with_milestone(  # noqa: E731 - a change is a function
    text, opened.project, "m6", "+6 months", ["won >= 20 per month", "win_rate >= 30% over 3 months"]
)


def kpi(metric: str, department: str = "", **body: str) -> Change:
    return lambda text, opened: with_kpi(text, opened.project, metric, body, department)


def target(metric: str, steps: dict[str, str] | None = None, **body: str) -> Change:
    values = {key.rstrip("_"): value for key, value in body.items()}
    return lambda text, _: with_target(text, metric, values, steps or {})


def initiative(**body: str) -> Change:
    return lambda text, _: with_initiative(text, body)


CHANGES: dict[str, tuple[Change, list[str]]] = {
    "milestone": (
        MILESTONE,
        ["  - {id: m6, by: +6 months, reach: [won >= 20 per month, win_rate >= 30% over 3 months]}"],
    ),
    "initiative": (
        initiative(name="台本改訂", starts="2026-05-11", moves="win_rate", expect="+2pt", owner="", cost="20万円"),
        ["initiatives:", "  - {name: 台本改訂, starts: 2026-05-11, moves: win_rate, expect: +2pt, cost: 20万円}"],
    ),
    "kpi": (
        kpi("win_rate", "sales", owner="田中", cadence="monthly", focus="true", decides=""),
        [
            "  sales: {label: 営業, owns: [won, win_rate]}",
            "  win_rate:",
            "    owner: 田中",
            "    cadence: monthly",
            "    focus: true",
        ],
    ),
    "owner of a KPI": (kpi("won", owner="鈴木"), ["  won: {owner: 鈴木, cadence: weekly}  # asked on Monday"]),
    "level": (target("win_rate", level="30%"), ["targets:", "  win_rate: 30%"]),
    "way": (
        target("won", per="month", from_="8", to="20", by="2026-12-31"),
        ["targets:", "  won:", "    per: month", "    from: 8", "    to: 20", "    by: 2026-12-31"],
    ),
    "steps": (
        target("win_rate", {"2026-07-01": "25%", "2026-10-01": "30%"}),
        ["targets:", "  win_rate:", "    steps:", "      2026-07-01: 25%", "      2026-10-01: 30%"],
    ),
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shinro.yaml"
    path.write_bytes(STORY.encode())
    return path


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_leaves_every_other_line_as_it_was(name: str, file: Path) -> None:
    change, lines = CHANGES[name]
    made = add(file.parent, change, TODAY)
    assert list(made.lines) == lines
    before, after = STORY.splitlines(), file.read_text("utf-8").splitlines()
    kept = [line for line in after if line not in made.lines]
    changed = {line for line in before if line not in after}
    assert kept == [line for line in before if line not in changed]
    assert len(changed) == sum(line.lstrip().startswith(("sales:", "won: {owner")) for line in made.lines)


@pytest.mark.parametrize(("ends", "mark"), [("\r\n", b""), ("\n", b"\xef\xbb\xbf"), ("\r\n", b"\xef\xbb\xbf")])
def test_line_ends_and_the_mark_in_front_stay(ends: str, mark: bytes, file: Path) -> None:
    file.write_bytes(mark + STORY.replace("\n", ends).encode())
    add(file, target("win_rate", level="30%"), TODAY)
    assert file.read_bytes() == mark + f"{STORY}targets:\n  win_rate: 30%\n".replace("\n", ends).encode()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text, opened: with_milestone(text, opened.project, "m3", "+4 months", ["won >= 1 per month"]), "S105"),
        (lambda text, opened: with_milestone(text, opened.project, "m9", "soon", ["won >= 1 per month"]), "Q129"),
        (lambda text, opened: with_milestone(text, opened.project, "m9", "+9 months", ["won > many"]), "Q109"),
        (lambda text, opened: with_milestone(text, opened.project, "m9", "+9 months", ["wonn >= 1 per month"]), "T201"),
        (kpi("win_rate", owner="田中", cadence="hourly"), "S114"),
        (kpi("win_rat", owner="田中", cadence="weekly"), "T201"),
        (kpi("win_rate", "marketing", owner="田中", cadence="weekly"), "Q140"),
        (target("win_rate", level="high"), "Q109"),
        (target("win_rate", {"July": "30%"}), "S120"),
        (initiative(name="x", moves="won", expect="much"), "Q111"),
    ],
)
def test_a_change_that_could_not_be_read_is_not_written(change: Change, code: str, file: Path) -> None:
    with pytest.raises(CannotGoOn) as caught:
        add(file.parent, change, TODAY)
    assert caught.value.problems[0].code == code
    for problem in caught.value.problems:
        assert_said(problem)
    assert file.read_bytes() == STORY.encode()


def test_what_is_wrong_with_a_story_is_shown_and_written(file: Path) -> None:
    made = add(file.parent, initiative(name="展示会"), TODAY)
    assert "I501" in {problem.code for problem in made.problems}
    assert "展示会" in file.read_text("utf-8")


def test_only_what_a_change_brings_is_shown(file: Path) -> None:
    made = add(file.parent, kpi("won", owner="鈴木"), TODAY)
    assert made.problems == ()


def test_a_project_that_cannot_be_read_is_not_touched(file: Path) -> None:
    file.write_text("a: [", encoding="utf-8")
    with pytest.raises(CannotGoOn):
        add(file.parent, MILESTONE, TODAY)
    assert file.read_text("utf-8") == "a: ["


def test_what_is_included_is_read_and_not_written(file: Path) -> None:
    file.write_text(STORY + "include: [goals.yaml]\n", encoding="utf-8")
    goals = file.parent / "goals.yaml"
    goals.write_text("targets: {won: {level: 10 per month}}\n", encoding="utf-8")
    add(file.parent, target("win_rate", level="30%"), TODAY)
    assert goals.read_text("utf-8") == "targets: {won: {level: 10 per month}}\n"


def test_a_list_that_is_none_is_said(file: Path) -> None:
    file.write_text(STORY.replace("milestones:\n", "milestones: later\nother:\n"), encoding="utf-8")
    with pytest.raises(CannotGoOn) as caught:
        add(file.parent, MILESTONE, TODAY)
    assert_said(caught.value.problems[0])
