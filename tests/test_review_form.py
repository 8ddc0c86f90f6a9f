"""The form of a review: what is read from it, what is not understood and where, what never passes for an answer."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checking import assert_said
from reviewing import FIRST, Meeting, office
from shinro.analysis.review_blanks import blanks
from shinro.analysis.review_words import day_of
from shinro.findings.actions import Action
from shinro.periods import Grain
from shinro.problems import CannotGoOn
from shinro.reports.document import Bullets, Document, Grid, Para, Plot, Section, Statement, Value
from shinro.reports.pasted import pasted
from shinro.reports.review_form import form_read
from shinro.reports.words import LANGUAGES
from shinro.run.reviewing import read_form, taken_from
from strategies import SOME

ACTION = Action(7, date(2026, 4, 27), "`d1` Decision: sell the office", "Suzuki", date(2026, 5, 1), "reply_rate")


@pytest.fixture(scope="module")
def meeting(tmp_path_factory: pytest.TempPathFactory) -> Meeting:
    """A review with a miss, and an action of an earlier one."""
    found = office(tmp_path_factory.mktemp("review") / "aozora").meeting(FIRST)
    return replace(found, found=replace(found.found, actions=(ACTION,)))


def filled(form: str, **answers: str) -> str:
    for name, answer in answers.items():
        form, times = re.subn(rf"(?m)^(- `{re.escape(name)}` [^:\n]*:).*$", lambda line: f"{line[1]} {answer}", form)  # noqa: B023
        assert times == 1, name
    return form


LINES = st.lists(
    st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), min_size=1)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text and not re.match(r"[-*+\s]*`|#|>|<!--", text)),
    min_size=1,
    max_size=3,
)


@given(
    answers=st.dictionaries(
        st.sampled_from(["s7", "miss.m3", "miss.m3.why", "miss.m3.way", "d1", "d2", "d9", "a1", "a12"]),
        LINES.map("\n".join),
    ),
    lang=st.sampled_from(LANGUAGES),
)
@SOME
def test_what_is_read_from_a_form_is_what_was_written_into_it(
    meeting: Meeting, answers: dict[str, str], lang: str
) -> None:
    form = meeting.form(answers, lang)
    read = form_read(f"# Any report\n\n{form}", "review.md")
    assert (read.day, read.grain, read.problems) == (FIRST, Grain.WEEK, ())
    assert {name: raw.text for name, raw in read.raws.items()} == answers
    assert meeting.form({name: raw.text for name, raw in read.raws.items()}, lang) == form


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_form_that_nobody_filled_says_nothing(meeting: Meeting, lang: str) -> None:
    read = form_read(meeting.form({}, lang), "review.md")
    assert (read.is_empty, read.problems) == (True, ())
    assert taken_from(meeting.found, read.raws, meeting.asked).count == 0


def test_what_a_user_wrote_above_passes_for_no_answer(meeting: Meeting) -> None:
    read = form_read(f"- `review` x: 2020-01-06 week\n- `d1` x: from the report\n{meeting.form({})}", "review.md")
    assert (read.day, dict(read.raws)) == (FIRST, {})


def test_a_form_from_an_editor_of_another_system_is_read(meeting: Meeting, tmp_path: Path) -> None:
    text = filled(meeting.form({}, "ja"), d1="やる").replace(": やる", "：やる").replace("\n", "\r\n")
    (tmp_path / "review.md").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_form(tmp_path / "review.md").raws["d1"].text == "やる"


@pytest.mark.parametrize(
    ("blank", "answer", "case", "column"),
    [
        ("s7", "nearly", "status", 0),
        ("s7", "moved next week", "moved", 0),
        ("s7", "moved 2026-04-01", "past", 0),
        ("miss.m3", "bad luck", "cause", 0),
        ("miss.m3.why", "we were ill", "no_cause", 0),
        ("miss.m3.way", "date 2026-07-01", "no_cause", 0),
        ("miss.m3.write", "perhaps", "write", 0),
        ("a1", "Call | Suzuki | 2026-05-33", "due", 16),
        ("a1", "Call | Suzuki | 2026-04-01", "past", 16),
        ("a1", "Call | Suzuki | Sato", "part", 16),
        ("a1", " | Suzuki", "action", 0),
    ],
)
def test_what_cannot_be_understood_has_its_place(
    meeting: Meeting, blank: str, answer: str, case: str, column: int
) -> None:
    form = filled(meeting.form({}), **{blank: answer})
    read = form_read(form, "review.md")
    with pytest.raises(CannotGoOn) as stop:
        taken_from(meeting.found, read.raws, meeting.asked, read.problems)
    (found,) = stop.value.problems
    assert_said(found)
    assert (found.code, found.args["case"]) == ("Q160", case)
    line = form.split("\n")[found.place.line - 1]
    assert f"`{blank}`" in line
    assert line[found.place.column - 1 :].strip() == answer.strip()[column:]


@pytest.mark.parametrize(
    ("way", "code", "case"),
    [
        ("date", "Q160", "way"),
        ("date soon", "Q160", "due"),
        ("date 2026-05-04", "Q160", "past"),
        ("level meetings >= 50 per month", "Q160", "level_day"),
        ("level calls >= 50 per month by 2026-07-01", "Q160", "level"),
        ("level meetings > > by 2026-07-01", None, None),
        ("lever reply_rate +1pt", "Q160", "lever"),
        ("lever Letters: repli_rate +1pt", "Q160", "metric"),
        ("lever Letters: reply_rate much more", None, None),
        ("pray", "Q160", "way"),
    ],
)
def test_a_way_on_that_cannot_be_understood(meeting: Meeting, way: str, code: str | None, case: str | None) -> None:
    with pytest.raises(CannotGoOn) as stop:
        meeting.taken({"miss.m3": "execution", "miss.m3.way": way})
    (found,) = stop.value.problems
    assert_said(found)
    assert found.place.path == "review.md"
    assert code is None or (found.code, found.args["case"]) == (code, case)


@pytest.mark.parametrize(
    ("answers", "cases"),
    [
        ({"miss.m3": "bad luck", "miss.m3.why": "x", "miss.m3.write": "yes"}, ["cause"]),
        ({"miss.m3": "execution", "miss.m3.way": "pray", "miss.m3.write": "yes"}, ["way"]),
        ({"miss.m3": "execution", "miss.m3.write": "yes"}, ["no_way"]),
        ({"miss.m3": "execution", "miss.m3.way": "stay", "miss.m3.write": "yes"}, ["no_way"]),
    ],
)
def test_one_mistake_is_told_once(meeting: Meeting, answers: dict[str, str], cases: list[str]) -> None:
    with pytest.raises(CannotGoOn) as stop:
        meeting.taken(answers)
    assert [each.args["case"] for each in stop.value.problems] == cases


def test_a_no_writes_nothing(meeting: Meeting) -> None:
    (reason,) = meeting.taken({"miss.m3": "execution", "miss.m3.way": "date 7/1", "miss.m3.write": "いいえ"}).reasons
    assert reason.onward is not None
    assert (reason.onward.date, reason.onward.write) == (date(2026, 7, 1), False)
    assert meeting.taken({"s7": "open"}).settled == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-03", date(2026, 12, 3)),
        ("２０２６年１２月３日", date(2026, 12, 3)),
        ("12/3", date(2026, 12, 3)),
        ("3/12", date(2027, 3, 12)),
        ("2/29", None),
        ("2026-12", None),
        ("soon", None),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, day: date | None) -> None:
    assert day_of(text, date(2026, 5, 4)) == day


@pytest.mark.parametrize(
    ("form", "case"),
    [
        ("# Notes\n", "form"),
        ("- `review` x: last week\n", "review"),
        ("- `review` x: 2026-05-04 fortnight\n", "review"),
        ("- `review` x: 2026-05-04 week\n- `d1` x: a\n- `d1` x: b\n", "twice"),
        ("- `review` x: 2026-05-04 week\n\n### Decisions\n\nwe sell\n", "nowhere"),
    ],
)
def test_a_form_that_is_none(form: str, case: str) -> None:
    found = form_read(form, "review.md").problems
    assert [each.args["case"] for each in found] == [case]
    assert_said(found[0])


def test_a_blank_that_is_not_there_is_told_with_the_nearest(meeting: Meeting) -> None:
    with pytest.raises(CannotGoOn) as stop:
        meeting.taken({"miss.m4": "execution"})
    assert [(each.args["case"], each.args["near"]) for each in stop.value.problems] == [("blank", "miss.m3")]


def test_words_are_understood_in_both_languages(meeting: Meeting) -> None:
    english = meeting.taken({"s7": "moved 5/15", "miss.m3": "execution", "a1": "Call | 5/8 | Reply rate | Sato"})
    japanese = meeting.taken({"s7": "延期 5月15日", "miss.m3": "実行", "a1": "Call ｜ Sato ｜ 返信率 ｜ 2026年5月8日"})
    assert english == japanese
    assert english.actions[0].due == date(2026, 5, 8)


def test_every_blank_is_asked_in_the_order_of_a_meeting(meeting: Meeting) -> None:
    names = [blank.name for blank in blanks(meeting.found, ["a4", "d11", "x"])]
    assert names == [
        *("s7", "miss.m3", "miss.m3.why", "miss.m3.way", "miss.m3.write"),
        *("d1", "d2", "d3", "d11", "a1", "a2", "a3", "a4"),
    ]


def test_a_text_to_paste_calls_nobody_and_opens_nothing() -> None:
    hostile = "@channel <!here> <script>alert(1)</script> \u202eevil\nnew line"
    cell = (Value(hostile), Value(hostile))
    pieces = (Para(hostile), Bullets((Para(hostile),)), Grid(hostile, ("a", hostile), (cell,)))
    text = pasted(Document("en", hostile, "", "", "", (Section(hostile, pieces),), hostile))
    assert not re.search(r"@\w|<[!a-z/]|\u202e", text)
    assert len(text.splitlines()) == 8  # a title, two blanks, five lines


def test_a_claim_a_chart_and_a_note_are_a_line_each() -> None:
    plot = Plot("Trials", "Trials rose from 3 to 12", ("Jan",), (), "")
    grid = Grid("", ("a",), ((Value("x"),),), note="as of May")
    pieces = (Statement("Trials ×4", (("KPI", "Trials"),)), plot, grid)
    text = pasted(Document("ja", "T", "", "", "", (Section("S", pieces),), "F"))
    assert text == "T\n\n■ S\n・Trials ×4\n・Trials rose from 3 to 12\n・x\nas of May\n\nF\n"
