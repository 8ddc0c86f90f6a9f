"""explain --drivers, from files to words."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from shinro.analysis.evidence_sought import Asked, apart, outcomes, pairs_asked
from shinro.checks.vanity import Sign, signs
from shinro.definitions.meaning import meanings
from shinro.findings.evidence import Because, Drivers, Evidence, Pair, Role, Verdict, leading
from shinro.periods import Calendar, Grain, Period
from shinro.reports.evidence import evidence_json, evidence_report, probability, sentence, share
from shinro.reports.readings import Telling
from shinro.reports.terminal import render
from shinro.reports.words import words
from shinro.run.evidence import aligned, drivers, verdicts
from shinro.run.opening import open_project
from shinro.run.status import facts_of, judged_bearings
from shinro.series import Mark, Meaning, Nature, Point, Series
from stories import Story

AS_OF = date(2026, 5, 10)
WEEKS = 104
PROJECT = """\
company: A
languages: [en]
sources: {crm: {type: files, path: data/*.csv}}
tables:
  weeks: {from: crm.weeks, key: week, time: week}
metrics:
  visits: {label: {ja: 訪問数, en: Visits}, sum: weeks.visits}
  trials: {label: {ja: 試用数, en: Trials}, sum: weeks.trials}
  paying: {label: {ja: 有料数, en: Paying}, sum: weeks.paying}
  members: {label: {ja: 会員数, en: Members}, sum: weeks.members}
  members_ever: {cumulative: members}
  noise: {label: {ja: 雑音, en: Noise}, sum: weeks.noise}
  rate: {ratio: paying / trials}
  nothing: {count: gone}
north_star: {metric: trials, outcomes: [paying]}
tree: {paying: trials * rate}
influences:
  - {from: visits, to: trials, lag: 3 weeks, expect: higher}
  - {from: members, to: trials}
kpis: {visits: {owner: Ann}, noise: {owner: Bob}}
"""


def rows() -> str:
    """Trials follow visits by two weeks, and members follow trials by one; noise is noise."""
    chance = random.Random(7)  # noqa: S311 - numbers for a test
    visits = [round(chance.gauss(1000, 100)) for _ in range(WEEKS + 3)]
    trials = [round(0.1 * visits[max(week - 2, 0)] + chance.gauss(0, 6)) for week in range(WEEKS + 3)]
    members = [round(2 * trials[max(week - 1, 0)] + chance.gauss(0, 12)) for week in range(WEEKS + 3)]
    first = date(2026, 5, 4) - timedelta(weeks=WEEKS - 1)
    lines = ["week,visits,trials,paying,members,noise"]
    for week in range(WEEKS):
        paying, noise = round(chance.gauss(40, 8)), round(chance.gauss(50, 10))
        day = first + timedelta(weeks=week)
        lines.append(f"{day},{visits[week + 3]},{trials[week + 3]},{paying},{members[week + 3]},{noise}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Story:
    found = Story(tmp_path_factory.mktemp("drivers"), datetime(2026, 5, 11, 3, tzinfo=UTC))
    found.write("shinro.yaml", PROJECT)
    found.write("data/weeks.csv", rows())
    return found


@pytest.fixture(scope="module")
def found(made: Story) -> Drivers:
    with made.gathered(AS_OF) as gathered:
        return drivers(gathered)


@pytest.fixture(scope="module")
def telling(made: Story) -> Telling:
    return Telling(words("en"), open_project(made.folder).project)


def seen(found: Drivers, driver: str, outcome: str) -> Pair:
    pair = found.of(driver, outcome)
    assert pair is not None
    return pair


def test_what_is_planted_is_found(found: Drivers) -> None:
    visits, members = seen(found, "visits", "trials"), seen(found, "members", "trials")
    assert (visits.evidence.verdict, visits.evidence.lag, visits.evidence.sign) == (Verdict.LEADS, 2, 1)
    assert (visits.role, visits.lag, visits.expect, visits.against) == (Role.INFLUENCE, 3, 1, False)
    assert (members.evidence.verdict, members.evidence.lag, members.against) == (Verdict.FOLLOWS, 1, True)
    assert seen(found, "noise", "trials").evidence.verdict is Verdict.NO_SIGN
    assert seen(found, "noise", "trials").role is Role.KPI
    assert [pair.driver for pair in leading(found.pairs) if pair.outcome == "trials"] == ["visits"]


def test_only_complete_weeks_are_read(found: Drivers) -> None:
    assert {pair.evidence.weeks for pair in found.pairs if pair.outcome == "trials"} == {
        WEEKS - 1
    }  # the last one ends today


def test_what_is_computed_is_not_tested(found: Drivers) -> None:
    assert ("trials", "paying") in found.arithmetic
    assert ("rate", "paying") in found.arithmetic
    assert found.of("trials", "paying") is None
    assert found.outcomes == ("trials", "paying")


def test_one_metric_is_asked_of_alone(made: Story) -> None:
    with made.gathered(AS_OF) as gathered:
        some = drivers(gathered, "noise")
        assert {(pair.driver, pair.outcome) for pair in some.pairs} == {("noise", "trials"), ("noise", "paying")}
        assert set(verdicts(gathered)) >= {("visits", "trials")}


def test_the_report_says_it_in_both_languages(found: Drivers, telling: Telling) -> None:
    english = " ".join(render(evidence_report(found, telling), 160).split())
    assert "Visits → Trials: leads by 2 weeks, the same way" in english
    assert "The project expects 3 weeks." in english
    assert "This speaks against what the project believes." in english
    assert not re.search(r"\bcauses?\b|evidence\.\w", english)
    japanese = render(evidence_report(found, Telling(words("ja"), telling.project)), 160)
    assert "「訪問数」は「試用数」に2週間先行し、同じ向きに動きます" in japanese
    assert not re.search(r"evidence\.\w", japanese)


def test_the_json_holds_every_pair(found: Drivers, telling: Telling) -> None:
    made = json.loads(json.dumps(evidence_json(found, telling)))
    assert len(made["pairs"]) == len(found.pairs)
    first = next(pair for pair in made["pairs"] if pair["driver"] == "visits" and pair["outcome"] == "trials")
    assert (first["verdict"], first["lag"], first["expected_lag"], first["against"]) == ("leads", 2, 3, False)
    assert {"driver": "rate", "outcome": "paying"} in made["arithmetic"]
    assert made["as_of"] == "2026-05-10"


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        (Evidence(Verdict.LEADS, 104, 1, -1, 0.01, 0.02, 0.4, 0.2, 0.9), "leads by 1 week, the opposite way (q 0.020"),
        (Evidence(Verdict.MOVES_WITH, 104, 0, 1, 0.0, 0.0), "moves with it, and neither is ahead (q < 0.001"),
        (Evidence(Verdict.MOVES_WITH, 104, 0, 1, 0.0, 0.0, because=Because.SAME), "the same number in other words"),
        (Evidence(Verdict.NO_SIGN, 104, power=0.87), "87% of true drivers would show if each was asked alone."),
        (Evidence(Verdict.CANNOT_TELL, 30, power=0.14, because=Because.SHORT), "n = 30 weeks, in which only 14% of"),
        (Evidence(Verdict.CANNOT_TELL, 90, because=Because.STILL), "one of the two hardly ever changes"),
    ],
)
def test_each_verdict_has_its_sentence(telling: Telling, evidence: Evidence, says: str) -> None:
    pair = Pair("visits", "trials", Role.KPI, evidence)
    assert says in sentence(pair, telling)
    assert "訪問数" in sentence(pair, Telling(words("ja"), telling.project))


def test_no_p_is_rounded_to_nothing(telling: Telling) -> None:
    pair = Pair("visits", "trials", Role.KPI, Evidence(Verdict.LEADS, 104, 1, 1, 3.14159265e-19, 6e-19, 0.4, 0.2, 0.9))
    made: Any = evidence_json(Drivers(date(2026, 5, 10), (pair,)), telling)["pairs"]
    assert (made[0]["p"], made[0]["q"]) == (3.14159e-19, 6e-19)


def test_numbers_are_told_short() -> None:
    assert [probability(value) for value in (None, 0.0004, 0.04)] == ["–", "< 0.001", "0.040"]
    assert [share(value) for value in (None, 0.123, -2.26)] == ["–", "12%", "-226%"]


def test_nothing_to_look_at_is_said(telling: Telling) -> None:
    assert "There is no pair to look at" in render(evidence_report(Drivers(AS_OF, ()), telling), 120)


def test_a_sign_against_the_expected_one_is_against() -> None:
    lead = Evidence(Verdict.LEADS, 104, 2, -1)
    assert Pair("a", "b", Role.INFLUENCE, lead, expect=1).against
    assert not Pair("a", "b", Role.INFLUENCE, lead, expect=-1).against
    assert not Pair("a", "b", Role.INFLUENCE, lead).against


def test_pairs_are_asked_once_and_never_of_themselves(made: Story) -> None:
    project = open_project(made.folder).project
    known = meanings(project)
    asked = pairs_asked(project, {**known, "visits.part": known["visits"]})  # a part that nobody names
    ends = [(each.driver, each.outcome) for each in asked]
    assert len(ends) == len(set(ends))
    assert all(driver != outcome for driver, outcome in ends)
    assert "visits.part" not in {each.driver for each in asked}
    assert outcomes(project) == ("trials", "paying")
    tested, tied = apart(project, [Asked("members_ever", "members", Role.KPI), Asked("noise", "trials", Role.KPI)])
    assert [each.driver for each in tested] == ["noise"]
    assert tied == (("members_ever", "members"),)


def test_series_are_laid_over_the_same_weeks() -> None:
    def of(metric: str, first: date, *values: int | None) -> Series:
        weeks = [Period(first + timedelta(weeks=n), first + timedelta(weeks=n + 1)) for n in range(len(values))]
        points = [Point(week, None if v is None else Fraction(v)) for week, v in zip(weeks, values, strict=True)]
        running = points[-1]._replace(mark=Mark.INCOMPLETE)
        return Series(Meaning(metric, Nature.FLOW), Grain.WEEK, (*points[:-1], running), AS_OF)

    monday = date(2026, 4, 27)
    known = {"a": of("a", monday, 1, None, 9), "b": of("b", monday - timedelta(weeks=1), 4, 5, 9)}
    weeks = aligned(known, Calendar(days_off=frozenset({date(2026, 4, 29)})))
    assert weeks.levels == {"a": (None, 1.0, None), "b": (4.0, 5.0, None)}
    assert weeks.working == (5, 4, 5)
    assert aligned({}, Calendar()).levels == {}


def test_the_vanity_score_takes_the_verdict(made: Story, found: Drivers) -> None:
    told = {(pair.driver, pair.outcome): pair for pair in found.pairs}
    with made.gathered(AS_OF) as gathered:
        bearings, _ = judged_bearings(gathered)
        facts = facts_of(gathered, {}, bearings)

        with_evidence = replace(facts, evidence=told)
    assert Sign.UNRELATED in signs(with_evidence, "noise")
    assert Sign.UNRELATED not in signs(with_evidence, "visits")


def test_a_status_does_not_import_the_numbers() -> None:
    code = "import sys, shinro.run.status, shinro.checks.catalog; print('numpy' in sys.modules, 'scipy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "False"]


def test_of_many_candidates_only_those_that_say_something_are_shown(telling: Telling) -> None:
    quiet = [Pair("noise", f"o{n}", Role.CANDIDATE, Evidence(Verdict.NO_SIGN, 104, power=0.87)) for n in range(7)]
    few, many = (
        " ".join(render(evidence_report(Drivers(AS_OF, tuple(some)), telling), 160).split())
        for some in (quiet[:6], quiet)
    )
    assert few.count("Noise → ") == 6
    assert "Noise → " not in many
    assert "7 other pairs were looked at, and nothing shows." in many
