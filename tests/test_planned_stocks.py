"""A stock against its plan: opened down to where both began, flow by flow."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from shinro.analysis.decompose import Found, Reader, Tree, decompose
from shinro.analysis.planned_stocks import from_plan
from shinro.cli import main
from shinro.definitions.grammar import formula
from shinro.findings.gaps import Decomposition, Kind, Off, Part, Way, Why

STOCK = {"companies": "previous + new - gone"}
PLAN: dict[str, Sequence[str | int]] = {
    "companies": (100, 117, 134, 151),
    "new": (20, 20, 20, 20),
    "gone": (3, 3, 3, 3),
}
REAL: dict[str, Sequence[str | int]] = {"companies": (100, 109, 121, 126), "new": (10, 12, 15, 9), "gone": (2, 3, 4, 5)}


def tree(**formulas: str) -> Tree:
    return Tree({name: formula(text) for name, text in formulas.items()})


def months(numbers: dict[str, Sequence[str | int]]) -> Reader:
    """Numbers by month, the explained one last; what lies before them is missing."""

    def read(name: str, back: int) -> Found:
        known = numbers.get(name, ())
        return Fraction(known[-1 - back]) if back < len(known) else Why.MISSING

    return read


def brought(found: Decomposition) -> dict[tuple[str, int], Fraction]:
    return {(leaf.name, leaf.back): leaf.contribution for leaf in found.leaves}


def adds_up(part: Part) -> bool:
    """The law of a place, and of all below it."""
    if not part.opened or part.contribution is None:
        return True
    below = sum((child.contribution or Fraction(0) for child in part.children), Fraction(0))
    return part.contribution == below + part.off_before + part.off_after and all(map(adds_up, part.children))


def whole(found: Decomposition) -> Fraction:
    leaves, off = (sum((each.contribution for each in lines), Fraction(0)) for lines in (found.leaves, found.off))
    return leaves + off


def test_the_flows_since_both_began_are_the_causes_and_not_the_month_before() -> None:
    found = from_plan(tree(**STOCK), "companies", months(PLAN), months(REAL))
    assert found.change == -25
    assert (found.way, found.steps) == (Way.MOVEMENT, 3)
    assert brought(found) == {("companies", 3): 0, ("new", 0): -24, ("gone", 0): -3}
    children = found.root.children
    assert [(part.name, part.over) for part in children] == [("companies", 1), ("new", 3), ("gone", 3)]
    assert [part.before for part in children] == [100, 60, 9]
    assert [part.after for part in children] == [100, 36, 12]
    assert found.off == (Off("companies", None, None, Fraction(2), after=True, over=3),)
    assert adds_up(found.root)
    assert whole(found) == found.change


def test_a_gap_that_was_there_at_the_beginning_is_told_as_that() -> None:
    real = {**REAL, "companies": (90, 99, 111, 116)}
    found = from_plan(tree(**STOCK), "companies", months(PLAN), months(real))
    assert brought(found)["companies", 3] == -10
    assert whole(found) == found.change == -35


def test_a_level_that_is_aimed_at_is_no_plan_of_the_way_there() -> None:
    """150 every month, and 17 more in each: the plan does not add up, so it is not opened further."""
    plan = {**PLAN, "companies": (150, 150, 150, 150)}
    found = from_plan(tree(**STOCK), "companies", months(plan), months(REAL))
    assert found == decompose(tree(**STOCK), "companies", months(plan), months(REAL))
    assert {leaf.kind for leaf in found.leaves if leaf.name == "companies"} == {Kind.PREVIOUS}


def test_it_is_opened_as_far_as_the_plan_adds_up() -> None:
    plan = {**PLAN, "companies": (50, 117, 134, 151)}
    found = from_plan(tree(**STOCK), "companies", months(plan), months(REAL))
    assert found.steps == 2
    assert brought(found)["companies", 2] == -8
    assert whole(found) == found.change


def test_what_little_the_plan_lacks_is_one_line() -> None:
    plan = {**PLAN, "companies": (100, 118, 136, 154)}
    found = from_plan(tree(**STOCK), "companies", months(plan), months(REAL))
    assert found.off == (
        Off("companies", None, None, Fraction(-3), after=False, over=3),
        Off("companies", None, None, Fraction(2), after=True, over=3),
    )
    assert adds_up(found.root)


def test_a_flow_is_opened_into_its_own_drivers_over_all_months() -> None:
    """New companies are leads times a rate; the stock stands in a product."""
    made = tree(**STOCK, new="leads * rate", mrr="companies * arpa")
    plan = {**PLAN, "leads": (100,) * 4, "rate": ("1/5",) * 4, "arpa": (10,) * 4, "mrr": (1000, 1170, 1340, 1510)}
    real = {**REAL, "leads": (100, 60, 100, 90), "rate": ("1/10", "1/5", "3/20", "1/10"), "arpa": (12,) * 4}
    found = from_plan(made, "mrr", months(plan), months(real))
    assert found.steps == 3
    assert set(brought(found)) == {("companies", 3), ("leads", 0), ("rate", 0), ("gone", 0), ("arpa", 0)}
    assert brought(found)["leads", 0] + brought(found)["rate", 0] == -24 * 11
    new = next(part for part in found.parts() if part.name == "new")
    assert [(part.name, part.before, part.after) for part in new.children] == [
        ("leads", None, None),
        ("rate", None, None),
    ]
    assert adds_up(found.root)
    assert whole(found) == found.change == 126 * 12 - 1510


@pytest.mark.parametrize("text", ["previous + new - previous * rate", "previous + new + previous"])
def test_what_is_no_plain_stock_stays_as_it_is(text: str) -> None:
    plan = {**PLAN, "rate": ("1/10",) * 4}
    found = from_plan(tree(companies=text), "companies", months(plan), months({**REAL, "rate": ("1/10",) * 4}))
    assert (found.way, found.steps) == (Way.ENDS, 1)


PROJECT = """\
company: Aozora
timezone: Asia/Tokyo
languages: [en, ja]
sources: {sheet: {type: files, path: data/*.csv}}
tables: {signups: {from: sheet.signups, key: id, time: at, dimensions: [channel]}}
metrics:
  new: {label: {en: New, ja: 新規}, count: signups, better: higher}
  gone: {label: {en: Gone, ja: 解約}, reported: sheet.m, value: gone, every: month, nature: flow, better: lower}
  companies:
    label: {en: Companies, ja: 契約社数}
    reported: sheet.m
    value: companies
    every: month
    nature: stock
    better: higher
north_star: {metric: companies}
tree: {companies: previous + new - gone}
targets:
  companies: {steps: {2026-01-01: 100, 2026-02-01: 117, 2026-03-01: 134, 2026-04-01: 151}}
  new: 20 per month
  gone: 3 per month
"""


def written(folder: Path) -> None:
    """Twenty a month, ten of them by events, of which two come from February on."""
    signups, sheet, level = ["id,at,channel"], ["date,gone,companies"], 83
    for n in range(16):
        year, month = divmod(2025 * 12 + n, 12)
        events = 2 if (year, month) >= (2026, 1) else 10
        for who in range(10 + events):
            channel = "web" if who < 10 else "event"
            signups.append(f"{n}-{who},{year}-{month + 1:02d}-{1 + who:02d},{channel}")
        if year == 2026:
            level += 7 + events
            sheet.append(f"{year}-{month + 1:02d}-01,3,{level}")
    (folder / "data").mkdir()
    (folder / "data" / "signups.csv").write_text("\n".join([*signups, "x,2026-05-01,web"]) + "\n", encoding="utf-8")
    (folder / "data" / "m.csv").write_text("\n".join(sheet) + "\n", encoding="utf-8")
    (folder / "shinro.yaml").write_text(PROJECT, encoding="utf-8")


SAID = {
    "en": (
        "The main cause is New (-24, above all in channel event)",
        "Companies, 3 periods earlier",
        "New by segment: Target → Feb – Apr 2026",
    ),
    "ja": ("主因は新規(-24、特に", "契約社数(3期間前)", "増減: 3期間の出入りの合計です。"),
}


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_cause_is_cut_over_the_same_months(tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str) -> None:
    written(tmp_path)
    with pytest.raises(SystemExit):
        main(["explain", "-p", str(tmp_path), "--to", "2026-04", "--lang", lang])
    said = " ".join(capsys.readouterr().out.split())
    for each in SAID[lang]:
        assert each in said
