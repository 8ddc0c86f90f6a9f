"""Reviews: what is missed and why, what the record knows of the last one, what is written and what is not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from checking import assert_said
from reviewing import AHEAD, FIRST, NOW, SECOND, STORY, THIRD, Office, events, office
from shinro.checks.facts import Facts
from shinro.checks.north_star import hard_to_game
from shinro.checks.reviews import gamed
from shinro.definitions.meaning import meanings
from shinro.definitions.project import read_project
from shinro.entries import Draft, Entry, Kind
from shinro.findings.actions import Done
from shinro.findings.reviews import Cause, What
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Problem
from shinro.record.book import erase
from shinro.reports.problems import next_move, says
from shinro.reports.review_json import review_json
from shinro.reports.words import words
from shinro.run.check_data import check_data
from shinro.run.gathering import Moment
from shinro.run.opening import open_project
from shinro.run.status import status

ACTION = {"a1": "Try three scripts | Suzuki | 2026-05-08 | reply_rate", "d1": "No trade fair next year"}


@pytest.fixture
def company(tmp_path: Path) -> Office:
    return office(tmp_path / "aozora")


def test_drivers_below_their_targets_propose_execution(company: Office) -> None:
    (miss,) = [each for each in company.review(FIRST).misses if not each.is_kpi]
    assert (miss.subject, miss.proposed) == ("m3", Cause.EXECUTION)
    assert [(each.metric, each.owners) for each in miss.below] == [("reply_rate", ("Suzuki",))]


def test_drivers_that_met_their_targets_propose_the_hypothesis(tmp_path: Path) -> None:
    found = office(tmp_path / "a", rows=events(reply=0.22)).review(FIRST)
    (miss,) = found.misses
    assert (miss.subject, miss.proposed, miss.below) == ("m3", Cause.HYPOTHESIS, ())
    assert {each.metric for each in miss.drivers} == {"calls", "reply_rate"}


def test_without_a_target_nothing_is_proposed_and_it_is_said(tmp_path: Path) -> None:
    text = STORY.replace("targets:\n  calls: 100 per week\n  reply_rate: 20%\n", "")
    meeting = office(tmp_path / "a", text).meeting(FIRST)
    assert [each.proposed for each in meeting.found.misses] == [None]
    assert "Nothing can be proposed" in meeting.told()


def test_a_review_that_is_filled_twice_is_written_once(company: Office) -> None:
    first = company.meeting(FIRST).keep(ACTION)
    size = len(company.entries())
    again = company.meeting(FIRST).keep(ACTION)
    assert (len(first.entries), again.entries, len(company.entries())) == (3, (), size)


def test_an_answer_that_was_changed_replaces_the_first_one_in_sight(company: Office) -> None:
    company.meeting(FIRST).keep(ACTION)
    (new,) = company.meeting(FIRST).keep({**ACTION, "d1": "The fair after all"}).entries
    old = next(each for each in company.entries() if each.words.get("text") == ACTION["d1"])
    assert (new.draft.replaces, new.words["text"]) == (old.seq, "The fair after all")


def test_free_words_and_names_stay_out_of_the_log(company: Office) -> None:
    company.meeting(FIRST).keep({**ACTION, "miss.m3": "execution", "miss.m3.why": "Suzuki had the flu"})
    held = repr([each.draft.data for each in company.entries()])
    assert not any(word in held for word in ("Suzuki", "scripts", "fair", "flu"))


def test_the_next_review_shows_the_actions_and_how_late_they_are(company: Office) -> None:
    company.meeting(FIRST).keep(ACTION)
    meeting = company.meeting(SECOND)
    (action,) = meeting.found.actions
    assert (action.text, action.owner, action.kpi, action.days_over(SECOND)) == (
        "Try three scripts",
        "Suzuki",
        "reply_rate",
        3,
    )
    assert "Overdue: Suzuki 1" in meeting.told()
    assert "期限超過: Suzuki 1件" in meeting.told(lang="ja")


@pytest.mark.parametrize(
    ("answer", "done", "days_over"),
    [("done", Done.DONE, 0), ("中止", Done.DROPPED, 0), ("moved 2026-05-15", Done.OPEN, 3), ("", Done.OPEN, 10)],
)
def test_what_became_of_an_action_is_known_later(company: Office, answer: str, done: Done, days_over: int) -> None:
    company.meeting(FIRST).keep(ACTION)
    second = company.meeting(SECOND)
    (action,) = second.found.actions
    second.keep({f"s{action.seq}": answer})
    later = [each for each in company.review(THIRD).actions if each.seq == action.seq]
    assert [(each.done, each.days_over(THIRD)) for each in later] == ([(done, days_over)] if done is Done.OPEN else [])


def test_a_review_sees_nothing_that_was_decided_later(company: Office) -> None:
    company.meeting(FIRST).keep(ACTION)
    before = company.review(SECOND)
    company.meeting(SECOND).keep({f"s{before.actions[0].seq}": "done", "miss.m3": "execution"})
    again = company.review(SECOND)
    assert (again.actions, again.misses, again.last) == (before.actions, before.misses, before.last)


def test_a_cause_is_asked_for_once(company: Office) -> None:
    assert [each.subject for each in company.review(FIRST).asked] == ["m3"]
    company.meeting(FIRST).keep({"miss.m3": "仮説"})
    assert [(each.subject, each.cause) for each in company.review(SECOND).misses if not each.is_kpi] == [
        ("m3", Cause.HYPOTHESIS)
    ]


def test_a_kpi_behind_in_two_reviews_running_is_a_miss(company: Office) -> None:
    assert [each for each in company.review(FIRST).misses if each.is_kpi] == []
    company.meeting(FIRST).keep({})
    (miss,) = [each for each in company.review(SECOND).misses if each.is_kpi]
    assert (miss.subject, miss.reviews, miss.proposed) == ("reply_rate", 2, None)


def test_two_reviews_of_one_week_are_no_two_misses(company: Office) -> None:
    company.meeting(FIRST).keep({})
    assert [each for each in company.review(FIRST.replace(day=6)).misses if each.is_kpi] == []


def test_what_was_changed_since_the_last_review_is_told(tmp_path: Path) -> None:
    company = office(tmp_path / "a", STORY + AHEAD)
    company.meeting(FIRST).keep({})
    text = company.text().replace("reply_rate: 20%", "reply_rate: 18%").replace("focus: true}\n  win", "}\n  win")
    text = text.replace("meetings >= 100 per month", "meetings >= 90 per month")
    (company.folder / "shinro.yaml").write_text(text, "utf-8")
    found = company.review(SECOND)
    assert {(each.what, each.subject, each.before, each.after) for each in found.changes} == {
        (What.FOCUS_DROPPED, "reply_rate", "", ""),
        (What.TARGET_MOVED, "reply_rate", "20%", "18%"),
        (
            What.MILESTONE_MOVED,
            "m9",
            "2026-10-01; meetings >= 100 per month",
            "2026-10-01; meetings >= 90 per month",
        ),
    }


@pytest.mark.parametrize(
    ("way", "line"),
    [
        (
            "date 2026-07-01",
            "  - {id: m3-2, by: 2026-07-01, reach: [meetings >= 60 per month], declared: 2026-05-20, replaces: m3}",
        ),
        (
            "水準 meetings >= 50 per month by 2026-07-01",
            "  - {id: m3-2, by: 2026-07-01, reach: [meetings >= 50 per month], declared: 2026-05-20, replaces: m3}",
        ),
        (
            "lever Evening calls: reply_rate +3pt in 2 months",
            "  - {name: Evening calls, starts: 2026-05-20, moves: reply_rate, expect: +3pt in 2 months}",
        ),
    ],
)
def test_a_way_on_is_written_after_a_yes_only_and_once(company: Office, way: str, line: str) -> None:
    before, answers = company.text(), {"miss.m3": "execution", "miss.m3.way": way}
    assert company.meeting(FIRST).change(answers) is None
    assert company.text() == before
    changed = company.meeting(FIRST).change({**answers, "miss.m3.write": "はい"})
    assert changed is not None
    assert changed.lines[-1] == line
    assert sorted(company.text().splitlines()) == sorted([*before.splitlines(), *changed.lines])  # nothing else moved
    assert company.meeting(FIRST).change({**answers, "miss.m3.write": "yes"}) is None


@pytest.mark.parametrize(("way", "level"), [("level 17%", "17%"), ("date 2026-06-08", "20%")])
def test_a_kpis_target_is_moved_and_the_old_one_kept(company: Office, way: str, level: str) -> None:
    company.meeting(FIRST).keep({})
    answers = {"kpi.reply_rate": "execution", "kpi.reply_rate.way": way, "kpi.reply_rate.write": "yes"}
    assert company.meeting(SECOND).change(answers) is not None
    target = next(
        each for name, each in open_project(company.folder).project.targets.items() if name.name[:5] == "reply"
    )
    assert [str(each.was) for each in target.before] == ["20%"]
    assert str(list(target.steps.values())[-1].text) == level


def test_open_actions_stand_in_the_status(company: Office) -> None:
    company.meeting(FIRST).keep(ACTION)
    found = status(open_project(company.folder), Moment(NOW, SECOND, {}))
    assert [each.text for each in found.actions] == ["Try three scripts"]


def test_a_missed_milestone_wants_a_cause_where_there_is_a_record(company: Office) -> None:
    assert codes(company, "M411") == []
    company.meeting(FIRST).keep({})
    (found,) = codes(company, "M411")
    assert found.args["milestone"] == "m3"
    assert_said(found)
    company.meeting(SECOND).keep({"miss.m3": "execution"})
    assert codes(company, "M411") == []


def codes(company: Office, code: str) -> list[Problem]:
    found = check_data(company.folder, Moment(NOW, THIRD, {})).problems
    return [each for each in found if each.code == code]


def held(day: str, star: str, guardrail: str, **more: object) -> Entry:
    part: Mapping[str, object] = {"metric": "meetings", "period": day, "moved": star}
    other = {"metric": "win_rate", "period": more.get("month", day), "moved": guardrail}
    draft = Draft(kind=Kind.REVIEW, subject=day, grain=Grain.WEEK, data={"star": part, "guardrail": other})  # type: ignore[dict-item]
    return Entry(0, NOW, "", draft)


@pytest.mark.parametrize(
    ("entries", "is_gamed"),
    [
        ([held("2026-05-04", "better", "worse"), held("2026-05-11", "better", "worse")], True),
        ([held("2026-05-04", "better", "worse"), held("2026-05-11", "worse", "worse")], False),
        ([held("2026-05-11", "better", "worse")], False),
        # One month that two weekly reviews looked at is one fall.
        (
            [
                held("2026-05-04", "better", "worse", month="2026-04-01"),
                held("2026-05-11", "better", "worse", month="2026-04-01"),
            ],
            False,
        ),
    ],
)
def test_the_star_that_rises_while_its_guardrail_falls_twice(entries: list[Entry], is_gamed: bool) -> None:
    project, _ = read_project(STORY, "shinro.yaml")
    assert project.star is not None
    assert bool(gamed(entries, project.star)) is is_gamed
    found = list(hard_to_game.problems(Facts(project, meanings(project), entries=tuple(entries))))
    assert [each.args["case"] for each in found] == (["falls"] if is_gamed else [])
    for each in found:
        assert_said(each)


@pytest.mark.parametrize(("lang", "worse", "fell"), [("en", "got worse", "fell"), ("ja", "悪化しました", "下が")])
def test_a_guardrail_that_got_worse_by_rising_is_not_said_to_have_fallen(lang: str, worse: str, fell: str) -> None:
    project, _ = read_project(STORY, "shinro.yaml")
    entries = (held("2026-05-04", "better", "worse"), held("2026-05-11", "better", "worse"))
    (found,) = hard_to_game.problems(Facts(project, meanings(project), entries=entries))
    assert worse in says(found, words(lang))
    assert fell not in says(found, words(lang))
    assert "made it worse" in next_move(found, words("en"))


def test_a_target_that_does_not_stand_there_cannot_be_moved(tmp_path: Path) -> None:
    text = STORY.replace("  reply_rate: 20%\n", "  reply_rate: {file: data/levels.csv}\n")
    company = office(tmp_path / "a", text)
    (company.folder / "levels.csv").write_text("date,level\n2026-01-01,20%\n", "utf-8")
    meeting = company.meeting(FIRST)
    assert [each.subject for each in meeting.found.misses] == ["m3"]
    with pytest.raises(CannotGoOn) as stop:
        meeting.taken({"kpi.reply_rate": "execution"})
    assert [(each.code, each.args["case"]) for each in stop.value.problems] == [("Q160", "blank")]


def test_the_minutes_say_all_that_was_decided(company: Office) -> None:
    company.meeting(FIRST).keep({**ACTION, "a2": "Buy lists | Sato", "a3": "Train | Sato | 2026-05-20"})
    second = company.meeting(SECOND)
    late, bought, training = (
        next(each for each in second.found.actions if each.text == text)
        for text in ("Try three scripts", "Buy lists", "Train")
    )
    answers = {
        f"s{late.seq}": "moved 2026-05-15",
        f"s{bought.seq}": "done",
        f"s{training.seq}": "dropped",
        "miss.m3": "hypothesis",
        "miss.m3.why": "nobody picks up",
        "miss.m3.way": "lever Letters: reply_rate +3pt in 2 months",
        "kpi.reply_rate": "execution",
        "kpi.reply_rate.way": "stay",
        "d1": "Write letters",
        "a1": "Draft a letter | Suzuki | 2026-05-14 | reply_rate",
    }
    told = second.told(answers)
    for said in (
        "Moved: Try three scripts, until May 15, 2026",
        "Done: Buy lists",
        "Dropped: Train",
        "Cause: hypothesis. nobody picks up Another lever: Letters (Reply rate +3pt in 2 months).",
        "Cause: execution. It stays as it is.",
        "- Draft a letter / Owner Suzuki / Due May 14, 2026 / KPI Reply rate",
    ):
        assert said in told
    assert "延期: Try three scripts（2026年5月15日まで）" in second.told(answers, "ja")
    second.keep(answers)
    third = company.meeting(THIRD).told()
    assert "Due May 15, 2026 (moved once, first May 8, 2026) / KPI Reply rate / State 3 days overdue" in third


def test_a_text_that_was_erased_says_so(company: Office) -> None:
    company.meeting(FIRST).keep(ACTION)
    store = company.folder / ".shinro" / "record"
    (entry,) = [each for each in company.entries() if each.draft.data.get("what") == "action"]
    assert erase(store, entry.hashes["text"])
    assert "(its text was erased)" in company.meeting(SECOND).told()


def test_the_values_of_a_review_hold_what_was_decided(company: Office) -> None:
    company.meeting(FIRST).keep(ACTION)
    meeting = company.meeting(SECOND)
    taken = meeting.taken({"miss.m3": "execution", "miss.m3.way": "date 2026-07-01", "a1": "Call | Sato"})
    found = review_json(meeting.found, meeting.telling(), taken)
    told = json.loads(json.dumps(found))
    assert told["taken"]["causes"][0] | {"note": ""} == {
        "of": "milestone", "subject": "m3", "cause": "execution", "note": "", "way": "date",
    }  # fmt: skip
    assert [each["days_over"] for each in told["actions"]] == [3]
    assert [each["metric"] for each in told["misses"][0]["drivers"]] == ["reply_rate", "calls"]


def test_a_company_without_a_star_or_a_milestone_has_its_review_too(tmp_path: Path) -> None:
    text = STORY[: STORY.index("north_star")] + STORY[STORY.index("kpis:") : STORY.index("milestones:")]
    meeting = office(tmp_path / "a", text).meeting(FIRST)
    assert "Why the star moved cannot be explained yet" in meeting.told()
    assert len(meeting.keep({}).entries) == 1


def test_a_guardrail_that_falls_is_told_in_the_next_review(tmp_path: Path) -> None:
    lines = events().splitlines()
    rising = {"meeting": ("2026-04-20", "2026-04-27", "2026-05-04"), "won": ()}
    rows = [lines[0]]
    for line in lines[1:]:
        n, day, kind, count = line.split(",")
        extra = 2 * (rising["meeting"].index(day) + 1) if kind == "meeting" and day in rising["meeting"] else 0
        rows.append(f"{n},{day},{kind},{int(count) + extra}")
    company = office(tmp_path / "a", STORY, "\n".join(rows) + "\n")
    company.meeting(FIRST).keep({})
    company.meeting(SECOND).keep({})
    (found,) = codes(company, "N110")
    assert (found.args["case"], found.args["first"], found.args["last"]) == ("falls", FIRST, SECOND)
