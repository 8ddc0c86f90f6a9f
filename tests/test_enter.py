"""Numbers that are typed in: where they are written, what stays, what is refused."""

from __future__ import annotations

import codecs
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from checking import assert_said
from drafting import MOMENT
from loading import cells
from shinro.definitions.tokens import Mistake
from shinro.drafts.typed import Sheet, number, typed
from shinro.periods import Calendar, Grain
from shinro.problems import CannotGoOn, Problem
from shinro.queries.scans import Want
from shinro.reports.problems import says
from shinro.reports.words import words
from shinro.run.enter import enter, enter_wide
from shinro.run.gathering import gathering
from shinro.run.opening import Opened, open_project

TODAY = date(2026, 6, 1)
STORY = """
currency: JPY
timezone: Asia/Tokyo
story: {starts: 2026-04-01}
sources:
  numbers: {type: files, path: numbers/*.csv}
  one: {type: files, path: "sheets/staff.tsv", encoding: cp932}
  crm: {type: postgres, url: "postgres://x"}
tables:
  deals: {from: numbers.deals, key: id, time: closed}
metrics:
  nps: {label: {ja: 推奨度, en: NPS}, reported: numbers.nps, value: score, every: month}
  leads: {label: リード数, reported: numbers.leads, value: value, time: on_day, every: week, nature: flow}
  rate: {reported: numbers.rate, value: value, every: month, unit: "%"}
  staff: {reported: one.staff, value: 人数, time: 日付, every: month}
  cost: {reported: numbers.cost, value: value, every: month, unit: money}
  wide: {reported: numbers.kpis, row: NPS, every: month}
  far: {reported: crm.nps, value: value, every: month}
  sold: {reported: numbers.sold, value: value, every: day}
  board: {reported: numbers.board, value: value, every: quarter}
  audit: {reported: numbers.audit, value: value, every: year}
  won: {count: deals}
"""


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    (tmp_path / "shinro.yaml").write_text(STORY, encoding="utf-8")
    return open_project(tmp_path)


def text(opened: Opened, name: str) -> str:
    return (opened.folder / name).read_bytes().decode("utf-8")


def stopped(caught: pytest.ExceptionInfo[CannotGoOn]) -> tuple[str, object]:
    problem: Problem = caught.value.problems[0]
    assert_said(problem)
    return problem.code, problem.args.get("case")


def test_a_word_where_a_number_is_typed_is_told_whole() -> None:
    with pytest.raises(Mistake) as told:
        number("n/a")
    assert "“n/a” is no number" in says(told.value.problem, words("en"))
    assert_said(told.value.problem)


def test_the_first_number_makes_the_sheet_with_its_headers(opened: Opened) -> None:
    made = enter(opened, "nps", "42", "2026-04", TODAY)
    assert text(opened, "numbers/nps.csv") == "date,score\n2026-04-01,42\n"
    assert (made.metric, made.day, int(made.value)) == ("nps", date(2026, 4, 1), 42)


def test_a_number_is_read_again_as_it_was_typed(opened: Opened) -> None:
    enter(opened, "nps", "1,234.5", "2026年4月", TODAY)
    enter(opened, "rate", "8.25%", "2026/5", TODAY)
    enter(opened, "leads", "３万", "2026-05-20", TODAY)
    assert text(opened, "numbers/leads.csv") == "on_day,value\n2026-05-20,30000\n"
    wants = [Want("nps", Grain.MONTH), Want("rate", Grain.MONTH), Want("leads", Grain.WEEK)]
    with gathering(opened, MOMENT) as gathered:
        found = {want.metric: series[0].points for want, series in gathered.measure(wants).items()}
    assert next(iter(found["nps"])).value == Fraction("1234.5")
    assert [point.value for point in found["rate"]][:1] == [Fraction("0.0825")]
    assert [point.value for point in found["leads"]][:1] == [30000]


def test_without_a_period_it_is_the_last_whole_one(opened: Opened) -> None:
    assert enter(opened, "nps", "1", "", TODAY).day == date(2026, 5, 1)
    assert enter(opened, "leads", "1", "", TODAY).day == date(2026, 5, 25)


def test_a_number_typed_for_the_last_month_is_final(opened: Opened) -> None:
    enter(opened, "nps", "1", "2026-04", TODAY)
    enter(opened, "nps", "2", "2026-05", TODAY)
    with gathering(opened, MOMENT) as gathered:
        (series,) = gathered.measure([Want("nps", Grain.MONTH)]).values()
    assert [point.value for point in series[0].complete] == [1, 2]


def test_other_lines_stay_as_they_are(opened: Opened) -> None:
    sheet = opened.folder / "numbers/nps.csv"
    sheet.parent.mkdir()
    before = '\ufeff四半期NPS,,\r\nmemo,date,score\r\n"a, ""b""",2026/3/31, 30 \r\n,2026-04-30,31'
    sheet.write_bytes(before.encode())
    enter(opened, "nps", "40", "2026-05", TODAY)
    assert sheet.read_bytes().decode() == before + "\r\n,2026-05-01,40\r\n"


def test_another_number_of_a_period_is_kept_until_it_is_to_be_replaced(opened: Opened) -> None:
    enter(opened, "nps", "40", "2026-04-30", TODAY)
    enter(opened, "nps", "50", "2026-05", TODAY)
    with pytest.raises(CannotGoOn) as caught:
        enter(opened, "nps", "41", "2026-04", TODAY)
    assert stopped(caught) == ("S136", "entered")
    enter(opened, "nps", "40.0", "2026-04", TODAY)  # the same again is no other
    assert text(opened, "numbers/nps.csv") == "date,score\n2026-04-30,40\n2026-05-01,50\n"
    enter(opened, "nps", "41", "2026-04", TODAY, replaced=True)
    assert text(opened, "numbers/nps.csv") == "date,score\n2026-04-30,41\n2026-05-01,50\n"


def test_a_sheet_keeps_its_encoding_and_its_tabs(opened: Opened) -> None:
    enter(opened, "staff", "12", "2026-05", TODAY)
    sheet = opened.folder / "sheets/staff.tsv"
    assert sheet.read_bytes().decode("cp932") == "日付\t人数\n2026-05-01\t12\n"


@pytest.mark.parametrize(
    ("metric", "value", "period", "code", "case"),
    [
        ("npss", "1", "", "Q140", "near"),
        ("won", "1", "", "Q140", "measured"),
        ("wide", "1", "", "Q140", "wide"),
        ("far", "1", "", "L120", None),
        ("nps", "many", "", "Q109", "typed"),
        ("nps", "", "", "Q122", None),
        ("nps", "1", "soon", "Q129", "period"),
        ("nps", "1", "2026-W14", "Q129", "as_month"),
        ("leads", "1", "2026-05", "Q129", "as_week"),
        ("sold", "1", "2026-W14", "Q129", "as_day"),
        ("board", "1", "2026-04", "Q129", "as_quarter"),
        ("audit", "1", "2026年4月", "Q129", "as_year"),
        ("nps", "1", "2026-07", "Q129", "future"),
        ("nps", "1", "2016-05", "Q129", "past"),
        ("nps", "1", "206-05", "Q129", "period"),
        ("nps", "5%", "", "Q143", "percent"),
        ("nps", "100万円", "", "Q143", "money"),
        ("rate", "30", "", "Q143", "share"),
        ("cost", "$30", "", "Q143", "currency"),
    ],
)
def test_what_cannot_be_typed_in_is_said(
    metric: str, value: str, period: str, code: str, case: str | None, opened: Opened
) -> None:
    with pytest.raises(CannotGoOn) as caught:
        enter(opened, metric, value, period, TODAY)
    assert stopped(caught) == (code, case)
    assert not (opened.folder / "numbers").exists()


def test_a_metric_without_a_source_is_told_by_its_name(opened: Opened) -> None:
    alone = replace(opened, project=replace(opened.project, sources={}))
    with pytest.raises(CannotGoOn) as caught:
        enter(alone, "nps", "1", "2026-05", TODAY)
    assert stopped(caught) == ("L120", "none")
    assert "`nps`" in says(caught.value.problems[0], words("en"))


MINUSES = [
    "-900000",
    "▲900,000",
    "△900000",
    "(900,000)",
    "（９００，０００）",
    "－900000",
    "−900,000",
    "―900000",
    "¥▲900,000",
    "¥-900000",
    "¥−900,000円",
    "(¥900,000)",
    "（900,000円）",
    "▲90万円",
    "(90万)",
    "-¥900,000",
]


@pytest.mark.parametrize("value", [*MINUSES, "-JPY 900000", "▲ 900,000円", " (900,000) "])
def test_a_minus_is_read_as_a_load_reads_it(value: str, tmp_path: Path) -> None:
    assert number(value).value == -900000
    assert cells(tmp_path, "number", "1", value) == [1, -900000]


def test_no_loads_number_becomes_another_one(opened: Opened, tmp_path: Path) -> None:
    enter(opened, "cost", "▲900,000", "2026-04", TODAY)
    sheet = tmp_path / "board.csv"
    sheet.write_text('item,2026-05,2026-03\ncost,"(900,000)",△5\nNPS,−40,"（１，０００）"\n', encoding="utf-8")
    enter_wide(opened, sheet, TODAY)
    assert text(opened, "numbers/cost.csv") == "date,value\n2026-04-01,-900000\n2026-05-01,-900000\n2026-03-01,-5\n"
    assert text(opened, "numbers/nps.csv") == "date,score\n2026-05-01,-40\n2026-03-01,-1000\n"


@pytest.mark.parametrize("value", ["(-5)", "((5))", "(5", "▲▲5", "5 (6)", "900-", "▲", "()"])
def test_what_is_no_minus_is_refused_where_it_stands(value: str) -> None:
    with pytest.raises(Mistake) as caught:
        number(value)
    assert_said(caught.value.problem)
    assert caught.value.problem.hint
    assert caught.value.problem.hint[0] == value


WIDE = "項目,2026-04,2026年5月,2026-W20,メモ\n推奨度,31,33,,\nleads,,,7,\n売上,1,2,,\n"


def test_a_wide_sheet_fills_the_metrics_that_its_rows_name(opened: Opened, tmp_path: Path) -> None:
    sheet = tmp_path / "board.csv"
    sheet.write_text(WIDE, encoding="cp932")
    made, left = enter_wide(opened, sheet, TODAY)
    assert [(each.name, each.line, each.why) for each in left] == [("売上", 4, "unknown")]
    found = [(one.metric, one.day.month, int(one.value)) for one in made]
    assert found == [("nps", 4, 31), ("nps", 5, 33), ("leads", 5, 7)]
    assert text(opened, "numbers/nps.csv") == "date,score\n2026-04-01,31\n2026-05-01,33\n"
    sheet.write_text(WIDE.replace("メモ", "2026-06").replace("33,,", "33,,35"), encoding="utf-8")
    enter_wide(opened, sheet, TODAY)  # next month's sheet has one column more
    assert text(opened, "numbers/nps.csv").endswith("2026-05-01,33\n2026-06-01,35\n")


LEFT = """月次,2026年5月版
指標,2026-04,2026-05,目標,前年度計,担当
NPS,31,33,40,7,佐藤2
備考,,4月から値上げ,,,
won,3,4,,,
NPS合計,3,4,,,
合 計（全社）,3,4,,,
区分,営業,–,,,
謎,,9,,,
"""


def test_what_of_a_wide_sheet_is_not_taken_is_told(opened: Opened, tmp_path: Path) -> None:
    sheet = tmp_path / "board.csv"
    sheet.write_text(LEFT, encoding="utf-8")
    made, left = enter_wide(opened, sheet, TODAY)
    assert len(made) == 2
    assert [(each.name, each.line, each.why) for each in left] == [
        ("備考", 4, "unknown"),
        ("won", 5, "measured"),
        ("NPS合計", 6, "total"),
        ("合 計（全社）", 7, "total"),
        ("謎", 9, "unknown"),
        ("目標", 0, "column"),
        ("前年度計", 0, "column"),
        ("担当", 0, "column"),
    ]
    _, left = enter_wide(opened, sheet, TODAY, ["nps"])  # the row that is meant was named
    assert {each.why for each in left} == {"column"}


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ("項目,2026-04,5月\nNPS,31,33\n", "board.csv:1:3"),
        ("表\n項目,2026-04,10/26週\nleads,,\nNPS,31,33\n", "board.csv:2:3"),
        ("項目,2026-04\nNPS,1,200\n", "board.csv:1:3"),  # a comma of thousands makes two cells
        ("項目,2026-04,\nNPS,31,33\n", "board.csv:1:3"),
    ],
)
def test_a_header_over_numbers_that_is_no_period_stops_all(
    rows: str, place: str, opened: Opened, tmp_path: Path
) -> None:
    sheet = tmp_path / "board.csv"
    sheet.write_text(rows, encoding="utf-8")
    with pytest.raises(CannotGoOn) as caught:
        enter_wide(opened, sheet, TODAY)
    assert (*stopped(caught), str(caught.value.problems[0].place)) == ("Q129", "head", place)
    assert not (opened.folder / "numbers").exists()


def test_of_a_wide_sheet_all_is_written_or_nothing(opened: Opened, tmp_path: Path) -> None:
    enter(opened, "leads", "6", "2026-05-13", TODAY)
    sheet = tmp_path / "board.csv"
    sheet.write_text(WIDE, encoding="utf-8")
    with pytest.raises(CannotGoOn) as caught:
        enter_wide(opened, sheet, TODAY)
    assert stopped(caught) == ("S136", "entered")
    assert not (opened.folder / "numbers/nps.csv").exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "L111"), (b"a,b\n1,2\n", "L111"), (b"\xff\xfe\x81", "L117"), (b"x,2026-04\nnps,a\n", "Q109")],
)  # fmt: skip
def test_a_sheet_of_something_else_is_said(content: bytes, code: str, opened: Opened, tmp_path: Path) -> None:
    sheet = tmp_path / "board.csv"
    sheet.write_bytes(content)
    with pytest.raises(CannotGoOn) as caught:
        enter_wide(opened, sheet, TODAY)
    assert stopped(caught)[0] == code


def test_money_is_typed_with_its_currency_or_without(opened: Opened) -> None:
    enter(opened, "cost", "30", "2026-04", TODAY)
    enter(opened, "cost", "100万円", "2021-05", TODAY)  # five years back is no slip
    assert text(opened, "numbers/cost.csv") == "date,value\n2026-04-01,30\n2021-05-01,1000000\n"


def test_a_wide_sheet_says_the_cells_of_other_units_and_of_days_that_cannot_be_meant(
    opened: Opened, tmp_path: Path
) -> None:
    sheet = tmp_path / "board.csv"
    sheet.write_text("項目,2016-05,2026-05,2062-05\nNPS,1,40%,2\ncost,,100万円,\nleads,,5円,\n", encoding="utf-8")
    with pytest.raises(CannotGoOn) as caught:
        enter_wide(opened, sheet, TODAY)
    found = caught.value.problems
    said = [(str(each.place), each.code, each.args["case"]) for each in found]
    assert said == [
        ("board.csv:2:2", "Q129", "past"),
        ("board.csv:2:3", "Q143", "percent"),
        ("board.csv:2:4", "Q129", "future"),
        ("board.csv:4:3", "Q143", "money"),
        ("board.csv:4:3", "Q129", "as_week"),
    ]
    for each in found:
        assert_said(each)
    assert not (opened.folder / "numbers").exists()


def test_a_sheet_without_headers_gets_them() -> None:
    sheet = Sheet("date", "value", Calendar("UTC"), Grain.MONTH)
    made = typed("", sheet, date(2026, 4, 1), Fraction(1, 4))
    assert made.text == "date,value\n2026-04-01,0.25\n"


@pytest.mark.parametrize(("metric", "form"), [("leads", "2026-W18"), ("board", "2026-04-01")])
def test_a_period_of_another_length_is_refused_with_the_form_that_is_right(
    metric: str, form: str, opened: Opened
) -> None:
    with pytest.raises(CannotGoOn) as caught:
        enter(opened, metric, "400", "2026-05", TODAY)
    assert caught.value.problems[0].args["form"] == form
    enter(opened, metric, "400", "2026-05-12", TODAY)  # a plain day is the period that it lies in


READ_AS_THE_LOAD_READS = [
    ("leads", "ｏｎ＿ｄａｙ, value \n2026-05-11,4\n", "2026-05-18,9\n"),
    ("leads", "on_day;value\n2026-05-11;4\n", "2026-05-18;9\n"),
    ("leads", "on_day\tvalue\r\n2026-05-11\t4", "\r\n2026-05-18\t9\r\n"),
    ("leads", 'note,on_day,value\r"a\rb",2026-05-11,4\r', ",2026-05-18,9\r"),
    ("leads", "on_day,value\n20260511,4\n2026-05-04T09:30:00,3\n\n,8\n", "2026-05-18,9\n"),
    ("euro", "date;value\n11.05.2026;1.234,50\n", "2026-05-18;9\n"),
]
SOURCES = """
  abroad: {type: files, path: numbers/*.csv, dates: "%d.%m.%Y", numbers: "1.234,56"}
"""


@pytest.mark.parametrize(("metric", "before", "added"), READ_AS_THE_LOAD_READS)
def test_a_sheet_is_read_as_the_load_reads_it(metric: str, before: str, added: str, tmp_path: Path) -> None:
    story = STORY.replace("\ntables:", f"{SOURCES}tables:").replace(
        "  won:", "  euro: {reported: abroad.euro, value: value, every: week}\n  won:"
    )
    (tmp_path / "shinro.yaml").write_text(story, encoding="utf-8")
    opened = open_project(tmp_path)
    sheet = tmp_path / f"numbers/{metric}.csv"
    sheet.parent.mkdir()
    sheet.write_bytes(before.encode())
    enter(opened, metric, "9", "2026-W21", TODAY)
    assert sheet.read_bytes().decode() == before + added
    with pytest.raises(CannotGoOn) as caught:
        enter(opened, metric, "5", "2026-W20", TODAY)
    assert stopped(caught) == ("S136", "entered")
    with gathering(opened, MOMENT) as gathered:
        ((series,),) = gathered.measure([Want(metric, Grain.WEEK)]).values()
    assert 9 in [point.value for point in series.points]


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_mark_in_front_stays(mark: bytes, opened: Opened) -> None:
    name = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}.get(mark, "utf-8")
    sheet = opened.folder / "numbers/nps.csv"
    sheet.parent.mkdir()
    before = mark + '"date",score\n2026-03-31,30\n'.encode(name)
    sheet.write_bytes(before)
    enter(opened, "nps", "40", "2026-05", TODAY)
    assert sheet.read_bytes() == before + "2026-05-01,40\n".encode(name)


@pytest.mark.parametrize(
    ("content", "code", "case"),
    [
        ("On_Day,Value\n2026-05-11,4\n2026-05-18,9\n", "L109", "enter"),
        ("day,val\n2026-05-11,4\n", "L111", "enter"),
        ("2026-05-11,4\n", "L111", "enter"),
        ("on_day,value,value\n2026-05-11,4,5\n", "L110", "enter"),
        ("on_day,value\n2026-05-11,4\nMay 18,9\n", "Q129", "cell"),
        ("on_day,value\n2026-05-25,4\n2026-05-26,9\n", "S136", "several"),
        ('on_day,value\n2026-05-11,"4\n2026-05-18,9\n', "L116", "enter"),
        ("x" * 140_000, "L106", None),
    ],
)
def test_what_cannot_be_understood_is_said_and_stays_as_it_is(
    content: str, code: str, case: str | None, opened: Opened
) -> None:
    sheet = opened.folder / "numbers/leads.csv"
    sheet.parent.mkdir()
    sheet.write_text(content, encoding="utf-8")
    for replaced in (False, True):
        with pytest.raises(CannotGoOn) as caught:
            enter(opened, "leads", "6", "2026-W22", TODAY, replaced=replaced)
        assert stopped(caught) == (code, case)
    assert text(opened, "numbers/leads.csv") == content
    assert [file.name for file in sheet.parent.iterdir()] == ["leads.csv"]
