"""Segments of a metric of a project: cut, nested, where it broke, told in both languages and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from shinro.demo.exports import exports
from shinro.demo.truths import FELL_CHANNEL
from shinro.findings.segments import Against, Presence, SegmentFindings, SegmentLine
from shinro.periods import Grain, Period
from shinro.problems import CannotGoOn
from shinro.reports.readings import Telling
from shinro.reports.report import Report
from shinro.reports.segments import segments_blocks
from shinro.reports.segments_json import segments_json
from shinro.reports.terminal import render
from shinro.reports.words import words
from shinro.run.gathering import Gathered
from shinro.run.segments import dimensions_of, segments_of
from stories import Story

PROJECT = """\
company: A
currency: JPY
timezone: Asia/Tokyo
sources: {crm: {type: files, path: data/*.csv}}
tables:
  calls: {from: crm.calls, key: id, time: at, entity: lead, dimensions: [channel, rep], joins: {reps: rep}}
  reps: {from: crm.reps, key: rep, dimensions: [team, desk]}
  meetings: {from: crm.meetings, key: id, time: at, dimensions: [channel]}
  plain: {from: crm.meetings, key: id, time: at}
  subscriptions:
    {from: crm.subscriptions, entity: company, starts: starts, ends: ends, amount: amount, dimensions: [plan]}
metrics:
  calls: {count: calls}
  replies: {count: calls, where: outcome = 'reached'}
  reply_rate: {ratio: replies / calls}
  leads: {count_distinct: calls.lead}
  per_lead: {ratio: calls / leads}
  minutes: {sum: calls.minutes}
  middle: {median: calls.minutes}
  meetings: {count: meetings}
  meeting_rate: {ratio: meetings / calls}
  plain: {count: plain}
  revenue: {recurring: subscriptions}
"""
DEALS = """\
company: A
currency: JPY
timezone: Asia/Tokyo
sources: {crm: {type: files, path: data/*.csv}}
tables: {deals: {from: crm.deals, key: id, time: at, dimensions: [stage]}}
metrics: {closed: {count: deals}}
"""
MONTHS = 8
FELL = 6  # the month, from 0, in which mail fell
THIN = 0  # the one in which fewer calls were made
REPS = {"Ann": "east", "Bob": "east", "Cyd": "west", "Dan": "west", "Eve": "west"}
SUBSCRIPTIONS = """\
company,starts,ends,amount,plan
a,2026-01-05,2026-07-05,100,basic
a,2026-07-05,,300,pro
b,2026-02-01,,200,basic
c,2026-02-01,,500,pro
"""


def rows() -> tuple[str, str]:
    """Calls and meetings of eight months: from July on, calls of mail are answered a third as often."""
    chance = Random(4)  # noqa: S311 - seeded
    calls, meetings = ["id,at,lead,channel,rep,outcome,minutes"], ["id,at,channel"]
    for month in range(MONTHS):
        for number in range(2400 if month == THIN else 4000):
            channel, rep = chance.choice(["web", "mail", "event", ""]), chance.choice(list(REPS))
            rate = 0.3 / (3 if channel == "mail" and month >= FELL else 1)
            outcome = "reached" if chance.random() < rate else "none"
            day = date(2026, month + 1, chance.randrange(1, 29))
            calls.append(f"c{month}-{number},{day},l{chance.randrange(900)},{channel},{rep},{outcome},{number % 7}")
            if number % 20 == 0 and (channel != "event" or month >= FELL):
                meetings.append(f"m{month}-{number},{day},{channel}")
    return "\n".join(calls), "\n".join(meetings)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Story:
    made = Story(tmp_path_factory.mktemp("segments"), datetime(2026, 9, 1, 3, tzinfo=UTC))
    calls, meetings = rows()
    made.write("shinro.yaml", PROJECT)
    made.write("data/calls.csv", calls)
    made.write("data/meetings.csv", meetings)
    made.write("data/reps.csv", "rep,team,desk\n" + "".join(f"{rep},{team},{team}\n" for rep, team in REPS.items()))
    made.write("data/subscriptions.csv", SUBSCRIPTIONS)
    return made


@pytest.fixture(scope="module")
def gathered(company: Story) -> Iterator[Gathered]:
    with company.gathered(date(2026, 9, 1)) as found:
        yield found


def month(number: int, until: int | None = None) -> Period:
    last = (until or number) + 1
    return Period(date(2026, number, 1), date(2026, last, 1))


def cut(
    gathered: Gathered, metric: str, before: int = 6, after: int = 7, asked: tuple[str, ...] = ()
) -> SegmentFindings:
    return segments_of(gathered, metric, Grain.MONTH, month(before), month(after), asked)


def told(found: SegmentFindings, gathered: Gathered, lang: str = "en") -> str:
    telling = Telling(words(lang), gathered.opened.project)
    json.dumps(segments_json(found, telling))
    return render(Report(lang, tuple(segments_blocks(found, telling))), 400)


def named(found: SegmentFindings) -> list[dict[str, str | None]]:
    assert found.breaks is not None
    return [dict(one.segment) for one in found.breaks.breaks]


def line(found: SegmentFindings, value: str | None) -> SegmentLine:
    return next(one for one in found.splits[0].lines if one.segment[0][1] == value)


def adds_up(found: SegmentFindings) -> None:
    for split in (*found.splits, *([found.nested] if found.nested else [])):
        assert sum((each.change for each in split.lines), split.overlap) == split.gap
        for each in split.lines:
            assert not each.lines or sum((one.change for one in each.lines), each.overlap) == each.change


def test_a_rate_is_cut_by_every_dimension_and_the_broken_one_comes_first(gathered: Gathered) -> None:
    found = cut(gathered, "reply_rate")

    assert found.dimensions == ("channel", "rep", "team")  # desks are teams by another name
    assert named(found) == [{"channel": "mail"}]
    assert found.breaks is not None
    assert found.breaks.breaks[0].since == month(7)
    assert found.nested is None
    assert found.cells == 20
    adds_up(found)


def test_since_when_is_found_where_months_lie_between(gathered: Gathered) -> None:
    found = cut(gathered, "reply_rate", 3, 8)

    assert named(found) == [{"channel": "mail"}]
    assert found.breaks is not None
    assert found.breaks.breaks[0].since == month(7)
    assert "It has been so since Jul 2026." in told(found, gathered)
    assert "2026年7月から続いています。" in told(found, gathered, "ja")


def test_where_nothing_broke_the_nearest_is_told(gathered: Gathered) -> None:
    found = cut(gathered, "reply_rate", 7, 8)

    assert named(found) == []
    assert "It broke nowhere" in told(found, gathered)
    assert "特定のセグメントの崩れではありません" in told(found, gathered, "ja")


def test_dimensions_that_are_asked_for_are_nested_in_their_order(gathered: Gathered) -> None:
    found = cut(gathered, "reply_rate", asked=("team", "channel"))

    assert found.nested is not None
    assert found.nested.dimensions == ("team", "channel")
    assert [len(each.lines) for each in found.nested.lines] == [4, 4]
    adds_up(found)
    text = told(found, gathered)
    assert "team, channel" in text
    assert "  mail" in text
    assert "1 more" in text
    assert "(none)" not in text.splitlines()[1]


def test_against_a_target_the_parts_of_the_year_before_are_scaled_to_it(gathered: Gathered) -> None:
    found = segments_of(gathered, "reply_rate", Grain.MONTH, None, month(8), (), Against.TARGET, Fraction(33, 100))

    assert found.before == month(1, 7)
    assert found.splits[0].before.value == Fraction(33, 100)
    assert {"channel": "mail"} in named(found)
    adds_up(found)
    assert "Target" in told(found, gathered)
    calls = segments_of(gathered, "calls", Grain.MONTH, None, month(8), (), Against.TARGET, Fraction(5000))
    assert sum((each.before.value or 0 for each in calls.splits[0].lines if each.before), Fraction(0)) == 5000
    assert "What lies between that and the target is asked of all" in told(calls, gathered)
    assert "The target of a segment: its share" in told(calls, gathered)


def test_a_target_above_all_breaks_nothing(gathered: Gathered) -> None:
    found = segments_of(gathered, "reply_rate", Grain.MONTH, None, month(6), (), Against.TARGET, Fraction(1, 2))

    assert named(found) == []


def test_where_one_day_is_too_short_to_tell_several_are_looked_at_together(gathered: Gathered) -> None:
    day = Period(date(2026, 8, 20), date(2026, 8, 21))
    found = segments_of(gathered, "reply_rate", Grain.DAY, None, day, (), Against.TARGET, Fraction(3, 10))

    assert named(found) == [{"channel": "mail"}]
    assert found.breaks is not None
    assert found.breaks.after is not None
    assert found.breaks.after.length in (7, 28)
    assert found.breaks.breaks[0].since is not None
    assert found.breaks.breaks[0].since.start >= date(2026, 6, 25)
    assert "The period alone is too short to tell" in told(found, gathered)
    assert "をまとめて見ると" in told(found, gathered, "ja")


def of_weeks(folder: Path, last: tuple[int, int]) -> Story:
    """Twenty weeks of 60 lost and 60 won deals, three with 100 won, and the last one."""
    weeks = [(60, 60)] * 20 + [(60, 100)] * 3 + [last]
    days = [date(2026, 2, 2) + timedelta(weeks=number) for number in range(len(weeks))]
    stages = [
        (day, stage)
        for day, pair in zip(days, weeks, strict=True)
        for stage, n in zip("LW", pair, strict=True)
        for _ in range(n)
    ]
    made = Story(folder, datetime(2026, 7, 20, 3, tzinfo=UTC))
    made.write("shinro.yaml", DEALS)
    made.write(
        "data/deals.csv", "id,at,stage\n" + "".join(f"{n},{day},{stage}\n" for n, (day, stage) in enumerate(stages))
    )
    return made


def against_plan(folder: Path, last: tuple[int, int], plan: int) -> tuple[SegmentFindings, str]:
    week = Period(date(2026, 7, 13), date(2026, 7, 20))
    with of_weeks(folder, last).gathered(date(2026, 7, 20)) as held:
        found = segments_of(held, "closed", Grain.WEEK, None, week, (), Against.TARGET, Fraction(plan))
        return found, told(found, held)


def test_what_rose_over_several_weeks_is_not_blamed_for_a_week_below_its_target(tmp_path: Path) -> None:
    """124 of 140: won deals were far above the year in these four weeks, and are not what the week lacks."""
    found, text = against_plan(tmp_path, (58, 66), 140)

    assert named(found) == []
    assert "together:" not in text


def test_what_fell_is_named_where_the_whole_rose_and_is_below_its_target_still(tmp_path: Path) -> None:
    """150 of 200: above the 124 of the weeks before, with a third of the lost deals of then."""
    found, text = against_plan(tmp_path, (20, 130), 200)

    assert named(found) == [{"stage": "L"}]
    assert found.breaks is not None
    assert found.breaks.breaks[0].share is None
    assert "of the difference" not in text


def test_a_count_is_cut_into_differences(gathered: Gathered) -> None:
    found = cut(gathered, "replies")

    assert {"channel": "mail"} in named(found)
    assert line(found, "mail").mix is None
    assert all(split.overlap == 0 for split in found.splits)
    adds_up(found)
    assert "by mix" not in told(found, gathered)


def test_a_segment_that_enters_has_no_rate_before(gathered: Gathered) -> None:
    found = cut(gathered, "meetings")
    entered = line(found, "event")

    assert entered.presence is Presence.ENTERED
    assert "new" in told(found, gathered)
    assert "新規" in told(found, gathered, "ja")
    assert cut(gathered, "meeting_rate").dimensions == ("channel",)
    adds_up(cut(gathered, "meeting_rate"))


def test_distinct_counts_overlap_at_every_level(gathered: Gathered) -> None:
    for metric in ("leads", "per_lead"):
        found = cut(gathered, metric, asked=("channel", "rep"))
        assert found.nested is not None
        assert found.splits[0].overlap == found.nested.overlap != 0
        assert any(each.overlap for each in found.nested.lines)
        adds_up(found)
        assert "Overlap" in told(found, gathered)
        assert "重なり" in told(found, gathered, "ja")


def test_who_moved_between_segments_is_told(gathered: Gathered) -> None:
    mrr = cut(gathered, "revenue.mrr")
    companies = cut(gathered, "revenue.companies")

    assert [line(mrr, "pro").change, line(mrr, "basic").change] == [300, -100]
    assert [line(mrr, "pro").moved, line(mrr, "basic").moved] == [100, -100]
    assert [line(companies, "pro").change, line(companies, "basic").change] == [1, -1]
    assert [line(companies, "pro").moved, line(companies, "basic").moved] == [1, -1]
    adds_up(mrr)
    adds_up(companies)
    assert "from other segments" in told(mrr, gathered)
    scaled = segments_of(gathered, "revenue.mrr", Grain.MONTH, month(6), month(7), (), Against.TARGET, Fraction(1000))
    assert scaled.splits[0].lines[0].moved is None


def test_amounts_and_what_moved_everywhere(gathered: Gathered) -> None:
    adds_up(cut(gathered, "minutes"))
    everywhere = cut(gathered, "calls", 1, 2)

    assert named(everywhere) == [{}]
    assert "It moved everywhere alike" in told(everywhere, gathered)
    assert "同じように動きました" in told(everywhere, gathered, "ja")


def test_what_cannot_be_cut_says_why(gathered: Gathered) -> None:
    assert cut(gathered, "middle").unsplit == "segments.not_additive"
    assert cut(gathered, "plain").unsplit == "segments.no_dimension"
    late = segments_of(gathered, "calls", Grain.MONTH, Period(date(2024, 1, 1), date(2024, 2, 1)), month(7))
    assert late.unsplit == "segments.undefined"
    for metric in ("middle", "plain"):
        assert len(told(cut(gathered, metric), gathered).splitlines()) == 2
    with pytest.raises(CannotGoOn):
        cut(gathered, "calls", asked=("nobody",))


def test_a_target_of_what_was_nothing_is_not_cut(gathered: Gathered) -> None:
    early = segments_of(gathered, "revenue.contraction", Grain.MONTH, None, month(7), (), Against.TARGET, Fraction(5))

    assert early.unsplit == "segments.undefined"


def test_the_dimensions_of_a_metric_are_those_that_all_of_its_tables_have(gathered: Gathered) -> None:
    assert dimensions_of(gathered, "reply_rate") == ("channel", "rep", "team", "desk")
    assert dimensions_of(gathered, "meeting_rate") == ("channel",)
    assert dimensions_of(gathered, "plain") == ()


def test_the_planted_channel_and_month_of_the_demo_are_found(tmp_path: Path) -> None:
    made = Story(tmp_path, datetime(2026, 11, 27, 3, tzinfo=UTC))
    texts = exports(date(2026, 11, 26))
    for name, text in texts.items():
        made.write(name, text)
    fell = date.fromisoformat(json.loads(texts["truths.json"])["reply_rate_fell"]["from"])
    with made.gathered() as gathered:
        calendar = gathered.opened.project.calendar
        start = calendar.period(fell, Grain.MONTH)
        before, after = calendar.step(start, Grain.MONTH, -1), calendar.step(start, Grain.MONTH)
        direct = segments_of(gathered, "reply_rate", Grain.MONTH, before, start)
        later = segments_of(gathered, "reply_rate", Grain.MONTH, None, after, (), Against.TARGET, Fraction(46, 1000))
    for found in (direct, later):
        assert named(found) == [{"channel": FELL_CHANNEL}]
        assert found.breaks is not None
        assert found.breaks.breaks[0].since == start
        assert found.splits[0].lines[0].segment == (("channel", FELL_CHANNEL),)
