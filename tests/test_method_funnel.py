"""The examples of docs/methods/funnel.md and conversion.md, as the pages say; cases that others published; edges."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from measuring import Duck
from shinro.definitions.metric import CONVERSION_PARTS
from shinro.periods import Grain, Period
from shinro.queries.scans import Want
from shinro.reports.readings import Telling
from shinro.reports.words import words
from shinro.run.check_data import check_data
from shinro.run.opening import open_project
from shinro.run.sql import sql
from shinro.run.values import values
from stories import Story

FOLDER = Path(__file__).parent.parent / "docs" / "methods"
FUNNEL, CONVERSION = ((FOLDER / f"{name}.md").read_text("utf-8") for name in ("funnel", "conversion"))
HOUR = Fraction(1, 24)
HEAD = """\
company: A
timezone: UTC
sources: {app: {type: files, path: data/*.csv}}
tables: {events: {from: app.events, time: at, entity: user, dimensions: [plan]}}
metrics:
"""


def block(page: str, kind: str, which: int = 0) -> str:
    found: list[str] = re.findall(rf"```{kind}[^\n]*\n(.*?)```", page, re.DOTALL)
    return found[which]


def table(page: str) -> list[list[str]]:
    return [line.strip("| ").split(" | ") for line in re.findall(r"^\| (?:month|\d{4}-\d\d) .*$", page, re.MULTILINE)]


def made(folder: Path, text: str, **files: str) -> Story:
    found = Story(folder, datetime(2027, 6, 1, tzinfo=UTC))
    found.write("shinro.yaml", text)
    for name, rows in files.items():
        found.write(f"data/{name}.csv", rows)
    return found


def told(story: Story, page: str, metric: str, as_of: date) -> list[list[str]]:
    """The lines of a page's table as they are measured."""
    header, *lines = table(page)
    wants = {part: Want(metric if part == metric else f"{metric}.{part}", Grain.MONTH) for part in header[1:]}
    with story.gathered(as_of) as gathered:
        found = gathered.measure(wants.values())
    made: list[list[str]] = []
    for month, *_ in lines:
        points = [found[wants[part]][0].on(date.fromisoformat(f"{month}-01")) for part in header[1:]]
        made.append([month, *(str(point and point.value) for point in points)])
    return made


def test_the_funnel_is_what_the_page_says(tmp_path: Path) -> None:
    story = made(tmp_path, block(FUNNEL, "yaml"), events=block(FUNNEL, "csv"))
    assert told(story, FUNNEL, "purchase", date(2026, 3, 31)) == table(FUNNEL)[1:] != []


def test_the_conversion_is_what_the_page_says(tmp_path: Path) -> None:
    files = {"leads": block(CONVERSION, "csv"), "deals": block(CONVERSION, "csv", 1)}
    story = made(tmp_path, block(CONVERSION, "yaml"), **files)
    assert told(story, CONVERSION, "lead_to_won", date(2026, 6, 30)) == table(CONVERSION)[1:] != []


def test_every_part_stands_on_its_page() -> None:
    assert [part for part in CONVERSION_PARTS if f"`{part}`" not in CONVERSION] == []
    assert [part for part in ("STEP", "STEP_rate", "STEP_days", "STEP_mean_days") if f"`{part}`" not in FUNNEL] == []


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_part_has_a_name_in_both_languages(tmp_path: Path, lang: str) -> None:
    project = open_project(made(tmp_path, block(FUNNEL, "yaml"), events=block(FUNNEL, "csv")).folder).project
    telling = Telling(words(lang), project)
    parts = project.metric("purchase").parts  # type: ignore[union-attr]  # it is there
    assert len({telling.label(f"purchase.{part}") for part in parts}) == len(parts)
    assert all("part." not in telling.label(f"purchase.{part}") for part in parts)
    assert [part for part in CONVERSION_PARTS if not words(lang).knows(f"part.{part}")] == []


def events(*rows: tuple[str, str, str]) -> str:
    return "user,at,event,plan\n" + "".join(f"{user},{at},{event},p\n" for user, at, event in rows)


def funnel(
    folder: Path, steps: str, rows: str, more: str = "", as_of: date = date(2027, 1, 1)
) -> dict[str, Fraction | None]:
    """Every part of a funnel over the first year of its rows."""
    story = made(folder, f"{HEAD}  f: {{funnel: events, steps: {{{steps}}}{more}}}\n", events=rows)
    with story.gathered(as_of) as gathered:
        first = gathered.loads["events"].oldest
        assert first is not None
        span = Period(first, first + timedelta(days=366))
        names = ["f", *(f"f.{part}" for part in gathered.opened.project.metric("f").parts)]  # type: ignore[union-attr]  # it is there
        wants = {name: Want(name, Grain.YEAR, span=span) for name in names}
        found = gathered.measure(wants.values())
    return {name.partition(".")[2]: found[want][0].points[0].value for name, want in wants.items()}


SIGN_UP = "sign_up: event = 'sign up', play: event = 'play movie', buy: event = 'buy'"


def test_times_between_steps_are_those_that_posthog_publishes(tmp_path: Path) -> None:
    """A05: PostHog, conversion_time_cases: mean 6000 s and median 7200 s to step 2, 5400 and 5400 to step 3."""
    rows = events(
        ("1", "2020-01-01 12:00", "sign up"), ("1", "2020-01-01 13:00", "play movie"), ("1", "2020-01-01 15:00", "buy"),
        ("2", "2020-01-02 14:00", "sign up"), ("2", "2020-01-02 16:00", "play movie"),
        ("3", "2020-01-02 14:00", "sign up"), ("3", "2020-01-02 16:00", "play movie"), ("3", "2020-01-02 17:00", "buy"),
    )  # fmt: skip
    found = funnel(tmp_path, SIGN_UP, rows, ", within: 7 days", date(2020, 3, 1))
    assert [found[step] for step in ("sign_up", "play", "buy")] == [3, 3, 2]
    seconds = [found[part] * 86400 for part in ("play_mean_days", "play_days", "buy_mean_days", "buy_days")]  # type: ignore[operator]  # there are some
    assert seconds == [6000, 7200, 5400, 5400]


def test_of_several_tries_the_best_counts_as_posthog_publishes(tmp_path: Path) -> None:
    """PostHog, conversion_time_cases: one hour to convert, whatever the tries that came to nothing took."""
    rows = events(*((("1", f"2021-05-{at}:00", event)) for at, event in (
        ("01 01", "a"), ("01 02", "b"), ("01 03", "c"), ("03 04", "a"), ("03 05", "b"), ("04 07", "a"), ("04 10", "b"),
    )))  # fmt: skip
    found = funnel(
        tmp_path, "a: event = 'a', b: event = 'b', c: event = 'c'", rows, ", within: 1 day", date(2021, 7, 1)
    )
    assert [found["c"], found["b_days"], found["b_mean_days"]] == [1, HOUR, HOUR]


@pytest.mark.parametrize(("within", "converted", "mean"), [("14 days", 2, 600), ("5 minutes", 1, 300)])
def test_a_window_holds_its_end_as_posthog_publishes(tmp_path: Path, within: str, converted: int, mean: int) -> None:
    """A06: PostHog, conversion_time_cases: 3 -> 2 within 14 days, 3 -> 1 within 5 minutes, at exactly 5 minutes."""
    rows = events(
        ("1", "2020-01-02 14:00", "up"), ("1", "2020-01-02 14:05", "view"), ("2", "2020-01-02 14:03", "up"),
        ("3", "2020-01-02 12:00", "up"), ("3", "2020-01-02 12:15", "view"),
    )  # fmt: skip
    found = funnel(tmp_path, "up: event = 'up', view: event = 'view'", rows, f", within: {within}", date(2020, 3, 1))
    assert [found["up"], found["view"], found["view_mean_days"]] == [3, converted, Fraction(mean, 86400)]


def at(second: int) -> str:
    return f"2026-01-01 00:00:{second:02}"


@pytest.mark.parametrize(("minutes", "level"), [(2, 3), (3, 4), (4, 5)])
def test_an_ordered_window_is_that_of_clickhouse(tmp_path: Path, minutes: int, level: int) -> None:
    """A07: ClickHouse 00632_aggregation_window_funnel: events 1000..1008 at 0..8, steps 1003..1007."""
    rows = events(*(("1", f"2026-01-01 00:{n:02}", str(1000 + n)) for n in range(9)))
    steps = ", ".join(f"s{n}: event = '{n}'" for n in range(1003, 1008))
    found = funnel(tmp_path, steps, rows, f", within: {minutes} minutes")
    assert sum(found[f"s{n}"] or 0 for n in range(1003, 1008)) == level


ABC = "a: event = 'a', b: event = 'b', c: event = 'c'"
USERS = ("abc", "adbc", "aabbcc", "aaaabbcc", "aabbdcc", "ccbbaa")


@pytest.mark.parametrize(
    ("more", "levels"),
    [
        (", within: 1 day", (3, 3, 3, 3, 3, 1)),
        (", within: 1 day, strict: yes, excludes: event = 'd'", (3, 1, 3, 3, 2, 1)),
        (", within: 1 day, strict: yes", (3, 3, 3, 3, 3, 1)),
    ],
)
def test_orders_of_events_are_those_of_clickhouse(tmp_path: Path, more: str, levels: tuple[int, ...]) -> None:
    """A07: the same test, without a mode and with `strict_order` (which stops at rows of no step: here `excludes`)."""
    for user, level in zip(USERS, levels, strict=True):
        folder = tmp_path / user
        folder.mkdir()
        found = funnel(folder, ABC, events(*((user, at(n), event) for n, event in enumerate(user, 1))), more)
        assert sum(found[step] or 0 for step in "abc") == level, user


def test_strictly_the_next_step_comes_next(tmp_path: Path) -> None:
    """ClickHouse, the same test: a, c, b reaches 1; a row of step and step after next is out of order."""
    found = funnel(tmp_path, ABC, events(*(("7", at(n), event) for n, event in enumerate("acb"))), ", strict: yes")
    assert [found["a"], found["b"]] == [1, 0]


def test_a_rate_is_never_above_one(tmp_path: Path) -> None:
    """MetricFlow's conversion metrics count ends: 20 visits with 21 purchases after them read 1.05."""
    text = f"""{HEAD}  visits: {{count: events, where: event = 'visit'}}
  buys: {{count: events, where: event = 'buy'}}
  naive: {{ratio: buys / visits}}
  bought: {{conversion: visits, to: buys, within: 7 days}}
  steps: {{funnel: events, steps: {{visit: event = 'visit', buy: event = 'buy'}}, within: 7 days}}
"""
    visits = [(str(n), "2026-01-05 09:00", "visit") for n in range(20)]
    buys = [(str(n % 15), f"2026-01-0{6 + n // 15} 09:00", "buy") for n in range(21)]
    story = made(tmp_path, text, events=events(*visits, *buys, ("x", "2026-03-01", "none")))
    found = {name: story.values(name)[""][0] for name in ("naive", "bought", "steps")}
    assert found == {"naive": Fraction(21, 20), "bought": Fraction(3, 4), "steps": Fraction(3, 4)}


def test_the_young_are_left_out_until_their_time_is_over(tmp_path: Path) -> None:
    """Ten days from May 1, 8 and 9; late by one day; looked at on May 20: the one of May 9 is still young."""
    text = HEAD.replace("data/*.csv}", "data/*.csv, late_by: 1 day}") + (
        "  a: {count: events, where: event = 'a'}\n  b: {count: events, where: event = 'b'}\n"
        "  c: {conversion: a, to: b, within: 10 days}\n"
    )
    rows = events(("1", "2026-05-01 09:00", "a"), ("1", "2026-05-11 09:00", "b"), ("2", "2026-05-08 23:00", "a"),
                  ("3", "2026-05-09 00:00", "a"), ("3", "2026-05-09 01:00", "b"),
                  ("4", "2026-06-20", "none"))  # fmt: skip
    story = made(tmp_path, text, events=rows)
    for as_of, shares, mark in ((20, (1, 2), "incomplete"), (21, (2, 3), "incomplete")):
        with story.gathered(date(2026, 5, as_of)) as gathered:
            point = values(gathered, ("c",), Grain.MONTH).series[0].points[0]
        assert [point.over, point.base, point.mark.value] == [*shares, mark]
    for day, mark in ((date(2026, 6, 11), "incomplete"), (date(2026, 6, 12), "complete")):
        with story.gathered(day) as gathered:
            assert values(gathered, ("c",), Grain.MONTH).series[0].points[0].mark.value == mark


def test_all_parts_come_from_one_scan_which_is_kept(tmp_path: Path) -> None:
    story = made(tmp_path, block(FUNNEL, "yaml"), events=block(FUNNEL, "csv"))
    with story.gathered() as gathered:
        wants = [Want(name, Grain.MONTH) for name in gathered.meanings]
        first = gathered.measure(wants)
        assert len(gathered.asked.scanned) == 1
    with story.gathered() as gathered:
        assert gathered.measure(wants) == first
        assert gathered.asked.scanned == []


@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
def test_the_sql_that_is_shown_divides_nothing(tmp_path: Path, dialect: str) -> None:
    story = made(tmp_path, block(FUNNEL, "yaml"), events=block(FUNNEL, "csv"))
    (text,) = sql(open_project(story.folder), "purchase.cart_rate", Grain.MONTH, (), dialect)
    assert "/" not in text


def test_the_sql_that_is_shown_says_what_its_columns_are(tmp_path: Path) -> None:
    """Median days are the middle column, by the one or two that it adds up, in microseconds."""
    story = made(tmp_path, block(FUNNEL, "yaml"), events=block(FUNNEL, "csv"))
    (text,) = sql(open_project(story.folder), "purchase.cart_rate", Grain.MONTH, (), "duckdb")
    assert "reached{n}: how many reached step n, the first is 0" in text
    assert "middle{n} the sum of the one or two middle ones, total{n} of all" in text
    duck = Duck()
    rows = f"read_csv('{story.folder}/data/events.csv')"
    duck.connection.execute(f'CREATE TABLE events AS SELECT * REPLACE ("at"::TIMESTAMP AS "at") FROM {rows}')
    microseconds = "middle1, 2 - reached1 % 2, total1"
    (found,) = duck.rows(f"WITH rows AS ({text}) SELECT reached1, reached0, {microseconds} FROM rows")[:1]
    reached, begun, middle, middles, total = (Fraction(str(each)) for each in found)
    day = 24 * 60 * 60 * 1_000_000
    told = {part: story.values(f"purchase.{part}")[""][0] for part in ("cart_rate", "cart_days", "cart_mean_days")}
    assert told == {
        "cart_rate": reached / begun, "cart_days": middle / middles / day, "cart_mean_days": total / reached / day
    }  # fmt: skip


def test_a_step_may_be_called_a_mean(tmp_path: Path) -> None:
    steps = "a: event = 'a', b_mean: event = 'b'"
    rows = events(("u", "2026-01-01", "a"), ("u", "2026-01-03", "b"), ("v", "2026-01-01", "a"))
    found = funnel(tmp_path, steps, rows, ", within: 7 days")
    assert [found[part] for part in ("b_mean", "b_mean_rate", "b_mean_days", "b_mean_mean_days")] == [
        1, Fraction(1, 2), 2, 2
    ]  # fmt: skip


def test_one_row_and_none(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    found = funnel(tmp_path / "one", ABC, events(("u", "2026-01-01", "a")), ", within: 1 day")
    assert [found[part] for part in ("", "a", "b", "b_rate", "b_days", "c_rate")] == [0, 1, 0, 0, None, None]
    story = made(
        tmp_path, f"{HEAD}  f: {{funnel: events, steps: {{{ABC}}}, within: 1 day}}\n", events="user,at,event,plan\n"
    )
    assert story.values("f", as_of=date(2026, 1, 31)) in ({"": []}, {})


def test_a_conversion_is_cut_and_filtered_by_its_start_alone(tmp_path: Path) -> None:
    """Deals have no channel."""
    files = {"leads": block(CONVERSION, "csv"), "deals": block(CONVERSION, "csv", 1)}
    story = made(tmp_path, block(CONVERSION, "yaml"), **files)
    found = story.values("lead_to_won", by=("channel",), as_of=date(2026, 6, 30))
    assert {channel: points[:2] for channel, points in found.items()} == {"ads": [0, 1], "web": [Fraction(1, 2), 0]}
    with story.gathered(date(2026, 6, 30)) as gathered:
        (web,) = values(gathered, ("lead_to_won",), Grain.MONTH, (), "channel = 'web'").series
    assert [part for point in web.points[:2] for part in (point.over, point.base)] == [1, 2, 0, 1]


def test_a_value_that_a_step_names_and_no_row_has_is_told(tmp_path: Path) -> None:
    text = block(FUNNEL, "yaml").replace("event = 'cart'", "event = 'cary'")
    story = made(tmp_path, text, events=block(FUNNEL, "csv"))
    found = [problem for problem in check_data(tmp_path, story.moment()).problems if problem.code == "D708"]
    assert [problem.args["near"] for problem in found] == ["cart"]
