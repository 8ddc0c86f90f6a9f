"""Laws of drafts: whatever files hold, what is written reads back; what is typed in touches its own line alone."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from shinro.checks.facts import Facts
from shinro.checks.north_star import no_revenue_alone, no_workload
from shinro.checks.rule import judge
from shinro.definitions.meaning import meanings
from shinro.definitions.project import read_project
from shinro.drafts.sighting import sighted
from shinro.drafts.story import outlined
from shinro.drafts.tables import tabled
from shinro.drafts.text import Settings, drafted
from shinro.drafts.typed import Layout, Sheet, typed
from shinro.drafts.vendors import KNOWN
from shinro.periods import Calendar, Grain
from shinro.surveys import Column, Kind, Link, Survey, Surveyed

WORDS = ("id", "created", "closed", "stage", "amount", "status", "type", "customer", "ended", "月額", "商談", "担当者")
HOSTILE = st.text(st.sampled_from("aé表 :#{}[],\"'`&*!|>%@-?\\\t0=/"), min_size=1, max_size=12).map(str.strip)
HEADERS = st.one_of(st.sampled_from(WORDS), st.sampled_from(KNOWN), HOSTILE.filter(bool))
CELLS = st.one_of(
    st.sampled_from(["won", "lost", "受注", "失注", "call", "商談", "paid", "active", "2026-04-01", "7", "month"]),
    HOSTILE,
)
KINDS: tuple[Kind, ...] = ("text", "number", "date", "moment", "truth", "empty")


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    headers = draw(st.lists(HEADERS, min_size=1, max_size=8, unique=True))
    size = draw(st.integers(1, 6))
    columns = [
        Column(
            header,
            draw(st.sampled_from(KINDS)),
            tuple(draw(st.lists(st.one_of(st.none(), CELLS), min_size=size, max_size=size))),
            draw(st.booleans()),
        )
        for header in headers
    ]
    stem = draw(
        st.one_of(st.sampled_from(["deals", "leads", "subscriptions", "events", "charges"]), HOSTILE.filter(bool))
    )
    return Survey(f"/data/{stem}.csv", stem, draw(st.sampled_from(["utf-8", "cp932"])), size, tuple(columns))


@st.composite
def surveyed(draw: st.DrawFn) -> Surveyed:
    files = draw(st.lists(surveys(), min_size=1, max_size=3, unique_by=lambda survey: survey.path))
    pairs = [(here, there) for here in files for there in files if here is not there]
    links = [
        Link(here.path, here.headers[0], there.path, there.headers[0], 3, 3)
        for here, there in pairs
        if draw(st.booleans())
    ]
    return Surveyed(tuple(files), tuple(links))


@settings(max_examples=100)
@given(surveyed())
def test_what_is_drafted_reads_back_and_its_star_is_neither_money_nor_work(found: Surveyed) -> None:
    seen = sighted(found)
    outline = outlined(seen)
    tables = tabled(seen, outline.parts, {file.path: "data" for file in found.files})
    text = drafted(outline, tables, Settings(("ja", "en"), "UTC", "JPY", date(2026, 6, 1)), lambda key, **_: key)
    project, problems = read_project(text, "shinro.yaml")
    assert problems == (), text
    found_wrong = {each.code for each in judge(Facts(project, meanings(project)), (no_workload, no_revenue_alone))}
    if outline.star and not outline.star.weak:
        assert found_wrong == set()


DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31))
NUMBERS = st.integers(-(10**14), 10**14).map(lambda cents: Fraction(cents, 100))


@given(st.lists(st.tuples(DAYS, NUMBERS), max_size=8, unique_by=lambda row: (row[0].year, row[0].month)), DAYS, NUMBERS)
def test_a_number_that_is_typed_in_touches_its_own_line_alone(
    rows: list[tuple[date, Fraction]], day: date, value: Fraction
) -> None:
    sheet = Sheet("date", "value", Calendar("UTC"), Grain.MONTH, table=Layout(1, 3, 1, 2))
    text = "note,date,value\r\n"
    for n, (when, number) in enumerate(rows):
        text = typed(text, sheet, when, number).text.replace("\r\n,", f'\r\n"n, {n}",')
    made = typed(text, sheet, day, value, replaced=True)
    before, after = text.splitlines(), made.text.splitlines()
    there = any((when.year, when.month) == (day.year, day.month) for when, _ in rows)
    assert len(after) == len(before) + (not there)
    assert sum(one != other for one, other in zip(before, after, strict=False)) <= there
    again = typed(made.text, sheet, day.replace(day=1) + timedelta(days=3), value)
    assert (again.text, again.before) == (made.text, None)
