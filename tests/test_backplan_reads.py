"""What a condition of a plan reads is what the status reads on the day, were the planned periods to come."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from shinro.analysis.aims import Aim
from shinro.analysis.footing import Footing
from shinro.analysis.planned import unchanged
from shinro.periods import Grain
from shinro.queries.scans import Want
from shinro.reports.forecasts import prospects_json
from shinro.reports.plan_notes import notes
from shinro.reports.plans_json import plan_json
from shinro.reports.readings import Telling
from shinro.reports.words import words
from shinro.run.backplans import Asked, back, footed, wanted_in
from shinro.run.forecasts import prospects
from stories import Story
from test_forecast_read import on_the_day, story

AS_OF = date(2026, 5, 2)
STARTS = "2026-01-15"


def footing_of(made: Story, as_of: date) -> Footing:
    with made.gathered(as_of) as gathered:
        return footed(gathered, wanted_in(gathered, Asked()), Grain.MONTH)[1]


def along_what_came(made: Story, as_of: date) -> dict[str, Fraction]:
    """Conditions read as of an earlier day, where the months to come are as they came."""
    footing = footing_of(made, as_of)
    assert not footing.unread
    with made.gathered(date(2026, 12, 30)) as later:
        wants = {each.metric: Want(each.metric, Grain.MONTH) for each in footing.aims}
        came = {metric: later.measure([want])[want][0] for metric, want in wants.items()}

    def at(aim: Aim) -> Fraction:
        def value(metric: str, n: int) -> Fraction:
            point = came[metric].at(footing.periods[n] if n >= 0 else footing.base)
            assert point
            assert point.value is not None
            return point.value

        return Fraction(aim.read(value))

    return {each.milestone: at(each) for each in footing.aims}


@pytest.mark.parametrize(
    ("starts", "asked"),
    [
        (
            STARTS,
            [
                ("deals >= 1 since start", "2026-07-31"),
                ("lost >= 1 since start", "2026-07-31"),
                ("paid.new_companies >= 1 since start", "2026-07-31"),
                ("deals >= 1 per quarter", "2026-07-31"),  # its first month is over
                ("deals >= 1 per quarter", "2026-09-30"),
                ("deals >= 1 per quarter", "2026-11-20"),
                ("paid.new_companies >= 1 per quarter", "2026-07-31"),
                ("typed >= 1 per quarter", "2026-07-31"),
                ("stood >= 1 per quarter", "2026-07-15"),
            ],
        ),
        ("2026-01-01", [("typed >= 1 since start", "2026-07-31")]),
        ("2026-06-01", [("typed >= 1 since start", "2026-08-31"), ("deals >= 1 since start", "2026-07-31")]),  # to come
        ("2025-01-06", [("deals >= 1 since start", "2026-07-31")]),  # before the first row
    ],
)
def test_a_condition_reads_what_the_status_reads(tmp_path: Path, starts: str, asked: list[tuple[str, str]]) -> None:
    made = story(tmp_path, asked, starts)
    found = along_what_came(made, AS_OF)
    assert len(found) == len(asked)
    for title, value in found.items():
        assert float(value) == on_the_day(made, title[-10:])[title], title


def test_a_start_within_a_month_to_come_counts_its_working_days(tmp_path: Path) -> None:
    made = story(tmp_path, [("deals >= 1 since start", "2026-05-31")], "2026-05-18")
    (aim,) = footing_of(made, AS_OF).aims
    assert aim.read(lambda *_: Fraction(21)) == 21 * Fraction(10, 21)  # of May


def test_a_quarter_is_that_of_the_calendar_also_a_step_later(tmp_path: Path) -> None:
    """What alone would do is a later quarter, not three months that no quarter is."""
    made = story(tmp_path, [("deals >= 1 per quarter", "2026-07-31")])
    footing = footing_of(made, AS_OF)
    (aim,) = footing.aims
    steady = unchanged(footing)
    assert (footing.periods[aim.index].last, aim.step) == (date(2026, 6, 30), 3)
    level = steady["deals"][0]
    assert level is not None
    assert aim.read(lambda *_: level, aim.index + aim.step) == 3 * level


@pytest.mark.parametrize(
    ("condition", "due", "starts", "gap", "why"),
    [
        ("typed >= 1 since start", "2026-07-31", "2026-01-01", "2026-05", "plan.so_far"),
        ("typed >= 1 since start", "2026-07-31", STARTS, "none", "plan.so_far"),  # within a month that is typed in
        ("typed >= 1 since start", "2026-10-31", "2026-07-15", "none", "plan.so_far"),  # one to come
        ("typed >= 1 per quarter", "2026-08-31", "2026-01-01", "none", "plan.past"),
        ("typed >= 1 per year", "2026-12-31", "2026-01-01", "2026-05", "plan.so_far"),
        ("typed >= 1 per quarter", "2026-10-31", "2026-01-01", "2026-05", None),
    ],
)
def test_what_is_not_known_is_left_out_and_said(
    tmp_path: Path, condition: str, due: str, starts: str, gap: str, why: str | None
) -> None:
    made = story(tmp_path, [(condition, due)], starts, gap)
    with made.gathered(date(2026, 7, 2)) as gathered:
        plan, project = back(gathered, Asked()), gathered.opened.project
    assert [key for _, key in plan.unread] == ([why] if why else [])
    for lang in ("en", "ja"):
        telling = Telling(words(lang), project)
        said = " ".join(notes(plan, telling))
        assert (telling.say(why) in said and telling.say(why) != why) if why else "plan." not in said
        assert (why is None) is (plan_json(plan, telling)["left_out"] == [])


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("people >= 1 since start", False),
        ("people >= 1 per quarter", False),
        ("people >= 1 per month", True),
        ("income >= 1 since start", False),
        ("income >= 1 per quarter", False),
        ("income >= 1 per month", True),
        ("lost >= 1 since start", True),
        ("lost >= 1 per quarter", True),
    ],
)
def test_what_does_not_add_up_has_no_probability_over_several_periods(
    tmp_path: Path, condition: str, told: bool
) -> None:
    """Who comes in two months is one of a quarter's people; a quarter's price is not its months' added."""
    made = story(tmp_path, [(condition, "2026-10-31")])
    more = "  people: {count_distinct: deals.id}\n  income: {derived: deals * rate}\nmilestones:\n"
    text = (tmp_path / "shinro.yaml").read_text(encoding="utf-8")
    made.write("shinro.yaml", text.replace("milestones:\n", more))
    with made.gathered(AS_OF) as gathered:
        found, plan, project = prospects(gathered, back=False), back(gathered, Asked()), gathered.opened.project
    (odds,) = found.milestones
    metric = condition.partition(" ")[0]
    assert (odds.probability is not None, odds.conditions[0].probability is not None) == (told, told)
    assert found.untold == (() if told else ((metric, "forecast.sums"),))
    assert (plan.chances == ()) is not told
    for lang, why in (("en", "do not add up"), ("ja", "足しても")):
        plain = str(prospects_json(found, Telling(words(lang), project)))
        assert (why in plain) is not told
