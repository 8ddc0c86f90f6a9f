"""The examples of docs/methods/backplan.md and what-if.md, as the pages say them, by the paths of the command."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from shinro.analysis.targets import course_of
from shinro.periods import Grain
from shinro.problems import CannotGoOn
from shinro.reports.numbers import level, number
from shinro.reports.plans import plan_report
from shinro.reports.plans_json import plan_json, what_if_json
from shinro.reports.readings import Telling
from shinro.reports.report import Lines, Report, Table
from shinro.reports.status import status_report
from shinro.reports.whatif import what_if_report
from shinro.reports.words import words
from shinro.run.backplans import Asked, back, bearings_for
from shinro.run.goalposts import save
from shinro.run.status import status_of
from shinro.run.whatifs import suppose
from stories import Story

DOCS = Path(__file__).parent.parent / "docs" / "methods"
PAGE, OTHER = ((DOCS / name).read_text("utf-8") for name in ("backplan.md", "what-if.md"))
TEXT, ROWS = (re.findall(rf"```{kind}[^\n]*\n(.*?)```", PAGE, re.DOTALL)[0] for kind in ("yaml", "csv"))
AS_OF = date(2026, 1, 1)
KEY = re.compile(r"\b(?:back|plan|whatif|length|status)\.[a-z_]+")  # of a sentence that nobody wrote


def rows(page: str, first: str) -> list[list[str]]:
    table = page[page.index(f"| {first} |") :].split("\n\n", maxsplit=1)[0]
    return [line.strip("| ").split(" | ") for line in table.splitlines() if not line.startswith("|---")]


def made(folder: Path, text: str = TEXT) -> Story:
    found = Story(folder, datetime(2026, 1, 1, 3, tzinfo=UTC))
    found.write("shinro.yaml", text)
    found.write("data/months.csv", ROWS)
    return found


def texts(report: Report) -> str:
    said: list[str] = []
    for block in report.blocks:
        if isinstance(block, Lines):
            said += [line.text for line in block.lines]
        elif isinstance(block, Table):
            said += [cell.text for row in block.rows for cell in row]
        else:
            said.append(block.text)
    return "\n".join(said)


def test_the_example_is_what_the_page_says(tmp_path: Path) -> None:
    with made(tmp_path).gathered(AS_OF) as gathered:
        plan = back(gathered)
        telling = Telling(words("en"), gathered.opened.project)
    levers = {telling.label(each.lever.metric): each for each in plan.levers}
    for name, today, *knots in rows(PAGE, "driver")[1:]:
        each = levers[name]
        shown = [level(found, each.lever.meaning, "en") for found in each.knots]
        assert (number(each.lever.start, each.lever.meaning, "en"), shown) == (today, knots)
    assert f"{plan.effort:.2f}" == "5.55"
    assert not levers["ARPA"].moved
    assert f"{plan.easings[0].effort:.2f}" == "3.33"


def test_the_infeasible_variant_is_what_the_page_says(tmp_path: Path) -> None:
    narrow = TEXT.replace("20 per month", "8 per month").replace("at_most: 45%", "at_most: 30%")
    with made(tmp_path, narrow).gathered(AS_OF) as gathered:
        plan = back(gathered)
        telling = Telling(words("en"), gathered.opened.project)
    said = texts(plan_report(plan, telling))
    for words_ in ("Paying companies ≥ 3", "1.8", "New trials at 25", "Conversion at 52.9%", "Apr 2026"):
        assert words_ in said
    assert "No level alone would do of: Churn." in said


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_everything_is_said_in_both_languages(tmp_path: Path, lang: str) -> None:
    narrow = TEXT.replace("20 per month", "8 per month").replace("arpa: {at_most: 40000}", "paid: {at_most: 50}")
    for folder, text in (("wide", TEXT), ("narrow", narrow)):
        with made(tmp_path / folder, text).gathered(AS_OF) as gathered:
            telling = Telling(words(lang), gathered.opened.project)
            for asked in (
                Asked(),
                Asked(goal="mrr >= 200,000", by="+9 months"),
                Asked(goal="trials >= 5"),
                Asked(sure=0.8),
            ):
                plan = back(gathered, asked)
                assert KEY.findall(texts(plan_report(plan, telling))) == []
                assert json.loads(json.dumps(plan_json(plan, telling)))["periods"]
            found = suppose(gathered, ["conversion + 10pt from 2026-03", "arpa x2"], Asked())
            assert KEY.findall(texts(what_if_report(found, telling))) == []
            assert json.loads(json.dumps(what_if_json(found, telling)))["changes"][0]["metric"] == "conversion"


def test_the_what_if_example_is_what_its_page_says(tmp_path: Path) -> None:
    with made(tmp_path).gathered(AS_OF) as gathered:
        found = suppose(gathered, ["conversion + 10pt from 2026-03"], Asked())
    known = {f"{each.period.start:%Y-%m}": each for each in found.outcomes}
    for month, before, after in rows(OTHER, "month")[1:]:
        each = known[month]
        for value, said in ((each.before, before), (each.after, after)):
            assert value is not None
            assert abs(value - Fraction(said)) <= Fraction(1, 200)


def test_saving_writes_dated_targets_that_read_as_the_plan(tmp_path: Path) -> None:
    story = made(tmp_path, TEXT + "targets:\n  conversion: 25%  # what we hoped for\n")
    with story.gathered(AS_OF) as gathered:
        changed = save(gathered, back(gathered), AS_OF)
    text = (tmp_path / "shinro.yaml").read_text("utf-8")
    assert changed.lines
    assert "# what we hoped for" in text
    with story.gathered(AS_OF) as gathered:
        targets = {str(metric): target for metric, target in gathered.opened.project.targets.items()}
        telling = Telling(words("en"), gathered.opened.project)
        said = texts(plan_report(back(gathered), telling))
        status = texts(status_report(status_of(gathered), gathered.opened.project, words("en"), gathered.meanings))
    assert set(targets) == {"conversion", "new_trials", "churn"}
    assert str(targets["conversion"].before[0].was) == "25%"
    assert str(targets["new_trials"].steps[date(2026, 3, 1)].text) == "20"
    kept = "Conversion: the target before (25%, until Jan 1, 2026) is kept in sight."
    assert kept in said
    assert f"Targets that were moved\n{kept}" in status


@pytest.mark.parametrize(
    ("asked", "code"),
    [(Asked(goal="paid"), "Q110"), (Asked(goal="payed >= 3"), "Q140"), (Asked(goal="paid >= 3", by="soon"), "Q129")],
)
def test_a_goal_that_cannot_be_read_is_told(tmp_path: Path, asked: Asked, code: str) -> None:
    with made(tmp_path).gathered(AS_OF) as gathered, pytest.raises(CannotGoOn) as stop:
        back(gathered, asked)
    assert [each.code for each in stop.value.problems] == [code]


@pytest.mark.parametrize(("text", "code"), [("paid", "Q111"), ("payed + 3", "Q140"), ("paid + 3 from soon", "Q129")])
def test_a_change_that_cannot_be_read_is_told(tmp_path: Path, text: str, code: str) -> None:
    with made(tmp_path).gathered(AS_OF) as gathered, pytest.raises(CannotGoOn) as stop:
        suppose(gathered, [text], Asked())
    assert [each.code for each in stop.value.problems] == [code]


def test_without_milestones_ahead_that_is_said(tmp_path: Path) -> None:
    text = re.sub(r"milestones:\n(?:  - .*\n)+", "", TEXT)
    with made(tmp_path, text).gathered(AS_OF) as gathered:
        telling = Telling(words("en"), gathered.opened.project)
        assert "There is no milestone ahead" in texts(plan_report(back(gathered), telling))
        with pytest.raises(CannotGoOn):
            back(gathered, Asked(goal="paid >= 3"))
        assert suppose(gathered, ["arpa x2"], Asked()).star == "paid"


def test_the_past_keeps_the_target_that_it_had(tmp_path: Path) -> None:
    text = TEXT.replace("{starts: 2026-01-01}", "{starts: 2025-11-01}") + "targets: {conversion: 25%}\n"
    text = text.replace("+3 months", "+5 months").replace("+6 months", "+8 months").replace("+12 months", "+14 months")
    story = made(tmp_path, text)
    with story.gathered(AS_OF) as gathered:
        save(gathered, back(gathered), AS_OF)
    with story.gathered(AS_OF) as gathered:
        bearings = bearings_for(gathered, ["conversion"], Grain.MONTH)
    course = course_of(bearings, "conversion", Grain.MONTH)
    assert course
    assert [course.level(day) for day in (date(2025, 10, 31), date(2025, 11, 1), date(2025, 12, 31))] == [
        None,
        Fraction(1, 4),
        Fraction(1, 4),
    ]
    assert course.level(AS_OF) != Fraction(1, 4)
