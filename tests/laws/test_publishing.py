"""Laws of publishing: twice is once; whatever is restated and edited, the last value stands and none is lost."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from publishing import AS_OF, GOALS, STORY, a_project, entries, offered, published, rechecked, restated, values
from recording import NOW, a_report, a_restatement, a_writer
from shinro.entries import Kind, histories, pledges
from shinro.problems import CannotGoOn
from shinro.record.book import read, write
from shinro.run.opening import open_project
from shinro.run.publishing import publish
from stories import DEALS, Story
from strategies import SOME

HISTORIES = settings(
    SOME, max_examples=max(3, SOME.max_examples // 10)
)  # each of them loads and measures a project several times
LEVELS = st.integers(1, 3)
STEPS = st.lists(
    st.sampled_from(["publish", "restate won", "restate worth"])
    | st.tuples(st.sampled_from(["rows", "level"]), LEVELS),
    min_size=2,
    max_size=6,
)


def rows(won: int) -> str:
    """The deals, the first so many of them won."""
    lines = DEALS.splitlines()
    return "\n".join([lines[0], *(_as(line, "won" if n < won else "lost") for n, line in enumerate(lines[1:4]))]) + "\n"


def _as(line: str, stage: str) -> str:
    cells = line.split(",")
    return ",".join([*cells[:5], stage, cells[6]])


@HISTORIES
@given(STEPS)
def test_the_last_value_stands_and_every_older_one_can_be_reached(steps: list[str | tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = a_project(Path(folder), deals=rows(1))
        stood: dict[str, list[Fraction | None]] = {}
        level = promised = 3
        forms: list[int] = []
        for n, step in enumerate(["publish", *steps]):
            now = made.now + timedelta(days=n)
            if isinstance(step, tuple):
                what, number = step
                level = number if what == "level" else level
                text = STORY + GOALS.replace("won >= 3", f"won >= {level}")
                made.write("shinro.yaml", text) if what == "level" else made.write("data/deals.csv", rows(number))
            elif step == "publish":
                found = offered(made)
                fresh = {f"{each.subject} 2026-04": each.figure.value for each in found.reports if each.figure}
                written = publish(open_project(made.folder), found, a_writer(), now).entries
                stood |= {key: [value] for key, value in fresh.items()}
                forms += [] if forms and promised == level else [level]
                promised = level
                assert publish(open_project(made.folder), offered(made), a_writer(), now).entries == ()
                assert all(entry.draft.kind is not Kind.RESTATE for entry in written)
            else:
                _restate(made, step.split()[1], stood)
        assert values(made) == stood
        assert [len(known) for known in pledges(entries(made), Kind.MILESTONE).values()] == [len(forms)]
        every = entries(made)
        assert [entry.seq for entry in every] == list(range(len(every)))
        for known in histories(every).values():
            assert [entry.draft.replaces for entry in known] == [None, *(entry.seq for entry in known[:-1])]


def _is_the_same(stop: CannotGoOn) -> None:
    """It may only be refused since nothing has changed."""
    assert [problem.code for problem in stop.problems] == ["B833"]


def _restate(made: Story, metric: str, stood: dict[str, list[Fraction | None]]) -> None:
    try:
        found = restated(made, metric, "2026-04").entries
    except CannotGoOn as stop:
        _is_the_same(stop)
        return
    for entry in found:
        assert entry.draft.figure
        stood[f"{metric} 2026-04"].append(entry.draft.figure.value)


@HISTORIES
@given(LEVELS, LEVELS)
def test_what_is_published_is_found_again_and_drifts_exactly_where_the_data_do(before: int, after: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = a_project(Path(folder), deals=rows(before))
        published(made)
        made.write("data/deals.csv", rows(after))
        found = rechecked(made, AS_OF)
        assert all(each.found for each in found.every)
        assert {each.again == each.now for each in found.drifted} <= {False}
        assert all(each.again == each.now for each in found.every if not each.drifts)


@SOME
@given(st.lists(st.tuples(st.sampled_from(("won", "lost")), st.integers(1, 4), st.integers(0, 3)), max_size=8))
def test_histories_hold_every_value_once_and_end_with_the_newest(written: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        expected: dict[tuple[str, int], list[int]] = {}
        for metric, month, value in written:
            known = [each for each in read(Path(folder)) if each.draft.subject == metric]
            newest = [each for each in known if each.draft.period and each.draft.period.start.month == month]
            if newest and newest[-1].draft.figure and newest[-1].draft.figure.value == value:
                continue
            report = a_report(metric, month, value)
            draft = a_restatement(report, newest[-1].seq, value) if newest else report
            write(Path(folder), [draft], a_writer(), NOW)
            expected.setdefault((metric, month), []).append(value)
        found = histories(read(Path(folder)))
        told = {
            (metric, period.start.month): [each.draft.figure.value for each in forms if each.draft.figure]
            for (metric, _, period, _), forms in found.items()
        }
        assert told == expected
