"""What an effect is measured by and held against: the expectation's periods, amounts over its time, falls as rises."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from made_up import project_of
from shinro.analysis.effect_sought import judged_by
from shinro.findings.effects import Effect, Placed, Verdict
from shinro.periods import Grain
from shinro.reports.effects import effects_report
from shinro.reports.effects_json import effects_json
from shinro.reports.readings import Telling
from shinro.reports.report import Lines
from shinro.reports.words import words
from shinro.run.effects import effects
from shinro.run.opening import open_project
from stories import Story
from test_effects import HEAD, judged, keys, rows
from test_periodic import PROJECT

LOST = """\
company: A
currency: JPY
timezone: Asia/Tokyo
sources: {crm: {type: files, path: data/*.csv}}
tables: {subs: {from: crm.subs, entity: company, starts: starts, ends: ends, amount: amount}}
metrics: {earned: {recurring: subs}}
north_star: {metric: earned.companies}
kpis: {earned.churn_rate: {owner: Ann, cadence: %s}}
initiatives: [{name: A, starts: 2026-02-01, moves: earned.churn_rate, expect: %s}]
"""


def lost(folder: Path, cadence: str, expect: str) -> Effect:
    """Of 300 places 1 in 250 is given up a day, from February on 1 in 1,000, and taken by another company."""
    chance = random.Random(5)  # noqa: S311 - made-up rows
    taken, rows = [date(2024, 5, 1)] * 300, ["company,starts,ends,amount"]
    for day in (date(2024, 6, 1) + timedelta(days=n) for n in range(738)):
        for place, since in enumerate(taken):
            if chance.random() < (1 / 250 if day < date(2026, 2, 1) else 1 / 1000):
                rows.append(f"{len(rows)},{since},{day},100")
                taken[place] = day
    rows += [f"{len(rows) + n},{since},,100" for n, since in enumerate(taken)]
    made = Story(folder, datetime(2026, 6, 10, 3, tzinfo=UTC))
    made.write("shinro.yaml", LOST % (cadence, expect))
    made.write("data/subs.csv", "\n".join(rows) + "\n")
    return effects(open_project(folder), made.moment()).effects[0]


def test_a_rate_of_what_stands_is_measured_by_the_period_that_its_expectation_is_told_in(tmp_path: Path) -> None:
    """A week's churn is a quarter of a month's: eight points less a month are two a week."""
    effect = lost(tmp_path, "monthly", "-8pt in 4 months")
    assert (effect.grain, effect.verdict, effect.after) == (Grain.MONTH, Verdict.WORKED, 4)
    assert effect.estimate is not None
    assert effect.estimate.mean.value == pytest.approx(-0.08, abs=0.02)
    assert effect.expected is not None
    assert effect.expected.placed is Placed.INSIDE
    assert lost(tmp_path, "weekly", "-2pt in 4 months").grain is Grain.WEEK


def test_a_rate_by_the_month_of_too_few_months_is_not_told(tmp_path: Path) -> None:
    effect = lost(tmp_path, "monthly", "-8pt in 2 months")
    assert (effect.grain, effect.verdict, effect.estimate) == (Grain.MONTH, Verdict.CANNOT_TELL, None)
    assert keys(effect) == {"effect.few_after"}


@pytest.mark.parametrize(
    ("more", "grain"),
    [
        ("", Grain.MONTH),
        ("kpis: {active: {owner: Ann, cadence: weekly}}\n", Grain.WEEK),
        ("kpis: {active: {owner: Ann, cadence: quarterly}}\n", Grain.QUARTER),
        (
            "kpis: {active: {owner: Ann, cadence: weekly}}\ntargets: {active: {per: month, steps: {2026-01-01: 60}}}\n",
            Grain.MONTH,
        ),
    ],
)
def test_who_was_there_is_measured_by_the_period_that_is_aimed_at(more: str, grain: Grain) -> None:
    assert judged_by(project_of(PROJECT + more), "active") is grain
    assert judged_by(project_of(PROJECT + more), "funnel.visit") is Grain.WEEK


@pytest.mark.parametrize(
    ("lang", "short", "beyond"),
    [
        ("en", "All of the interval falls short of what was expected (-", "All of the interval goes beyond"),
        ("ja", "に届かない。", "を超えている。"),
    ],
)
def test_a_deeper_fall_than_was_seen_is_more_and_no_number_above(
    tmp_path: Path, lang: str, short: str, beyond: str
) -> None:
    lines = rows({})["calls"].splitlines()
    fewer = [line for n, line in enumerate(lines) if not n or line.split(",")[1] < "2026-03-30" or n % 3]
    fell = rows({}) | {"calls": "\n".join(fewer) + "\n"}
    for wanted, placed, said in (("-900 in 2 months", "more", short), ("-9 in 2 months", "less", beyond)):
        found = judged(tmp_path, f"  - {{name: A, starts: 2026-03-30, moves: calls, expect: {wanted}}}\n", fell)
        telling = Telling(words(lang), open_project(tmp_path).project)
        blocks = [block for block in effects_report(found, telling).blocks if isinstance(block, Lines)]
        assert any(said in line.text for block in blocks for line in block.lines)
        assert f'"placed": "{placed}"' in json.dumps(effects_json(found, telling))


def test_who_begins_a_funnel_is_an_amount_and_a_mean_is_none(tmp_path: Path) -> None:
    """80 a month are 19 a week of visits to a funnel; of a mean size they are 80."""
    more = HEAD.replace(
        "north_star:",
        """  path: {funnel: visits, steps: {seen: id > 0, liked: id > 9}, within: 7 days}
  size: {avg: visits.id}
north_star:""",
    ).replace("key: id, time: day}", "key: id, time: day, entity: id}")
    found = "  - {name: A, starts: 2026-03-30, moves: %s, expect: +80 in 1 month}\n"
    made = Story(tmp_path, datetime(2026, 6, 20, 3, tzinfo=UTC))
    for name, text in rows({}).items():
        made.write(f"data/{name}.csv", text)
    wanted = []
    for metric in ("path.seen", "size"):
        made.write("shinro.yaml", more + found % metric)
        told = effects(open_project(tmp_path), made.moment())
        (effect,) = told.effects
        wanted.append(effect.expected.value if effect.expected else None)
        plain = effects_json(told, Telling(words("en"), open_project(tmp_path).project))
        said = json.dumps(plain["initiatives"])
        assert (" a week." in said, '"total": null' not in said) == (metric == "path.seen",) * 2
    assert wanted == [pytest.approx(80 * 7 / 30), pytest.approx(80)]
