"""Stories drafted from files: the demo's, wrong ones, odd ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from books import Book, Sheet
from checking import assert_said
from drafting import EXPORTS, MOMENT, TODAY, drafted, errors, keys, project_of, total, unasked, write
from shinro.checks.words import is_revenue, is_workload
from shinro.demo.exports import exports
from shinro.drafts.levels import Growth, goal, growth_of
from shinro.drafts.sighting import plain_name
from shinro.drafts.text import asked
from shinro.periods import Calendar, Grain
from shinro.problems import CannotGoOn, Problem
from shinro.run.init import Drafted, init_from
from shinro.run.opening import open_project
from shinro.run.status import status
from shinro.series import Better, Mark, Meaning, Nature, Point, Series
from shinro.units import money

LEADS = [f"L{n:02d},2026-0{1 + n % 5}-{1 + n:02d},{'web' if n % 3 else 'fair'}" for n in range(20)]
CALLS = [
    f"A{n:03d},L{n % 20:02d},2026-0{1 + n % 5}-{1 + n % 27:02d} 10:00,{'call' if n % 4 else 'meeting'},"
    f"{('reached' if n % 3 else 'none') if n % 4 else ('held' if n % 8 else 'cancelled')}"
    for n in range(120)
]
DEALS = [
    f"D{n:02d},L{n % 20:02d},2026-0{1 + n % 3}-{1 + n:02d},"
    + (f"2026-0{3 + n % 3}-{1 + n:02d},{'won' if n % 2 else 'lost'}" if n % 5 else ",open")
    + f",{1000 * (n + 1)}"
    for n in range(25)
] + [f"D{n},L00,2026-0{n - 21}-20,,open,1" for n in (25, 26)]  # the export is as new as its last closing


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Drafted:
    folder = tmp_path_factory.mktemp("story")
    write(folder / "data/leads.csv", "lead_id,created_on,channel", LEADS)
    write(folder / "data/contacts.csv", "activity_id,lead_id,occurred_at,kind,outcome", CALLS)
    write(folder / "data/deals.csv", "deal_id,lead_id,opened_on,closed_on,stage,amount", DEALS)
    return drafted(folder, folder / "data")


def refused(folder: Path, *files: Path) -> Problem:
    with pytest.raises(CannotGoOn) as caught:
        drafted(folder / "out", *files)
    assert not (folder / "out").exists()
    for problem in caught.value.problems:
        assert_said(problem)
    return caught.value.problems[0]


def test_leads_calls_and_deals_make_one_story(story: Drafted) -> None:
    project = project_of(story)
    assert str(project.star and project.star.metric) == "qualified_leads"
    assert str(project.tree[next(iter(project.tree))].text) == "leads * calls_per_lead * reply_rate * appointment_rate"
    assert [str(each.from_) for each in project.influences] == ["qualified_leads", "new_deals"]
    assert list(map(str, project.departments)) == ["marketing", "inside_sales", "sales"]
    assert sum(kpi.focus for kpi in project.kpis.values()) == 3


def test_a_stage_is_what_rates_are_defined_by_and_nothing_to_cut_by(story: Drafted) -> None:
    deals = project_of(story).table("deals")
    won = project_of(story).metric("won")
    assert deals
    assert won
    assert won.where
    assert (str(won.where.text), "stage" in deals.dimensions) == ("stage = 'won'", False)


def test_only_owners_are_missing(story: Drafted) -> None:
    assert {each.code for each in errors(story)} == {"K303"}
    assert unasked(story) == []


def test_the_status_of_a_draft_runs_and_its_star_is_neither_money_nor_work(story: Drafted) -> None:
    opened = open_project(story.file.parent)
    found = status(opened, MOMENT)
    assert found.star is not None
    assert not any(is_revenue(name) or is_workload(name) for name in ("qualified leads", "商談化リード数"))
    assert not {each.code for each in story.problems} & {"N101", "N102", "N103"}


def test_first_numbers_are_right(story: Drafted) -> None:
    found = total(story, "calls", "won", "won_amount", "leads")
    assert found["calls"] == sum(",call," in row for row in CALLS)
    assert found["won"] == sum(",won," in row for row in DEALS)
    assert found["won_amount"] == sum(int(row.split(",")[-1]) for row in DEALS if ",won," in row)
    assert found["leads"] == len(LEADS)


def test_files_are_joined_where_one_holds_the_keys_of_the_other(story: Drafted) -> None:
    project = project_of(story)
    joins = {
        str(name): {str(other): str(column) for other, column in table.joins.items()}
        for name, table in project.tables.items()
    }
    assert joins == {"contacts": {"leads": "lead_id"}, "deals": {"leads": "lead_id"}, "leads": {}}


def test_every_question_stands_in_the_file(story: Drafted) -> None:
    assert story.asks == asked(story.text)
    assert len(story.asks) == story.text.count("# ask: ") - 5  # six KPIs ask the same


def test_nothing_is_overwritten(story: Drafted) -> None:
    before = story.file.read_text("utf-8")
    with pytest.raises(CannotGoOn) as caught:
        drafted(story.file.parent, story.file.parent / "data")
    assert [(each.code, each.args["case"]) for each in caught.value.problems] == [("S136", "init")]
    assert story.file.read_text("utf-8") == before


@pytest.mark.parametrize(
    ("name", "content", "code", "case"),
    [
        ("empty.csv", b"", "L106", None),
        ("header.csv", b"id,created,amount\n", "L117", "rows"),
        ("noise.csv", bytes(range(256)) * 20, "L117", "binary"),
        ("renamed.csv", b"PK\x03\x04" + b"x" * 50, "L117", "binary"),
        ("blank.csv", b"\n\n  \n", "L106", None),
        ("no_days.csv", b"name,score\na,1\nb,2\n", "L113", "nowhere"),
        ("page.docx", b"hello", "L105", None),
        ("twice.csv", b"a,a\n1,2\n", "L117", "headers"),
    ],
)
def test_what_cannot_be_drafted_from_is_said(
    name: str, content: bytes, code: str, case: str | None, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    problem = refused(tmp_path, file)
    assert (problem.code, problem.args.get("case")) == (code, case)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert refused(tmp_path, tmp_path / "nowhere.csv").code == "L121"


def test_a_folder_without_files_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "empty/within").mkdir(parents=True)
    problem = refused(tmp_path, tmp_path / "empty")
    assert (problem.code, problem.args) == ("L121", {"case": "folder", "file": "empty"})


@pytest.mark.parametrize(
    ("headers", "end", "said"), [("user,day", "", "Every row"), ("user,day,event", ",open", "open")]
)
def test_what_is_assumed_of_use_is_what_is_counted(headers: str, end: str, said: str, tmp_path: Path) -> None:
    lines = [f"u{n % 9},2026-05-{1 + n % 28:02}{end}" for n in range(60)]
    made = drafted(tmp_path, write(tmp_path / "sessions.csv", headers, lines))
    (ask,) = (each for each in made.asks if "got something out" in each)
    assert said.lower() in ask.lower()
    assert "–" not in ask
    assert ("most frequent" in ask) == ("where:" in made.text)


@pytest.mark.parametrize(
    ("headers", "lines", "said"),
    [
        ("架電日,架電数", ["10月1日,3", "10月2日,4"], [("cells", "架電日", ("10月1日", "10月2日"))]),
        ("いつ,架電数", ["2026-10-01,3", "2026-10-02,4", "不明,4"], [("cells", "いつ", ("不明",))]),
        ("顧客,4月,5月", ["a,3,4"], [("heads", ("4月", "5月"))]),
        ("顧客,R8-4,R8-5", ["a,3,4"], [("heads", ("R8-4", "R8-5"))]),
        ("顧客,第1四半期,第2四半期", ["a,3,4"], [("long_heads", ("第1四半期", "第2四半期"))]),
        ("顧客,2025年度,2026年度", ["a,3,4"], [("long_heads", ("2025年度", "2026年度"))]),
        ("年月,架電数", ["2025年度,3", "2026年度,4"], [("longer", "年月", ("2025年度", "2026年度"))]),
    ],
)
def test_a_file_that_cannot_be_followed_says_which_cells_or_headers_are_none(
    headers: str, lines: list[str], said: list[tuple[object, ...]], tmp_path: Path
) -> None:
    with pytest.raises(CannotGoOn) as caught:
        drafted(tmp_path / "out", write(tmp_path / "calls.csv", headers, lines))
    keys = ("case", "header", "value")
    assert [tuple(one.args[key] for key in keys if key in one.args) for one in caught.value.problems] == said
    assert {one.code for one in caught.value.problems} == {"L113"}


@pytest.mark.parametrize("months", ["R8.3,R8.4", "令和8年3月,令和8年4月", "2026年3月分,2026年4月分"])
def test_months_of_eras_make_a_sheet_of_who_pays_what(months: str, tmp_path: Path) -> None:
    made = drafted(tmp_path / "out", write(tmp_path / "mrr.csv", f"顧客,{months}", ["青空,1,2", "海,3,3"]))
    assert "wide: true, time: month, amount: paid" in made.text


def test_totals_among_days_are_told_and_hinder_nothing(tmp_path: Path) -> None:
    lines = [f"2026-04-{n + 1:02d},{n}" for n in range(9)]
    made = drafted(tmp_path / "out", write(tmp_path / "calls.csv", "架電日,架電数", [*lines, "4月計,36", "合計,36"]))
    assert [note.args["names"] for note in made.notes if note.key == "totals"] == [("4月計", "合計")]


@pytest.mark.parametrize(
    ("file", "headers", "line"),
    [
        ("架電.csv", "架電日,担当,架電数", "2026-04-{day},佐藤,{n}"),
        ("活動履歴.csv", "日付,活動種別,結果", "2026-04-{day},電話,不在"),
        ("calls.csv", "date,agent,calls", "2026-04-{day},Sato,{n}"),
    ],
)
def test_work_done_is_counted_and_makes_no_star(file: str, headers: str, line: str, tmp_path: Path) -> None:
    lines = [line.format(day=f"{n + 1:02d}", n=n) for n in range(9)]
    made = drafted(tmp_path / "out", write(tmp_path / file, headers, lines))
    project = project_of(made)
    assert project.star is None
    (metric,) = project.metrics.values()
    assert metric.kind == "activity"
    assert [note.key for note in made.notes if note.key in ("is_work", "no_star", "star", "star_alone")] == [
        "is_work",
        "no_star",
    ]
    assert any("north_star:" in ask for ask in made.asks)
    assert "N102" not in {each.code for each in made.problems}


def test_the_sheets_of_a_workbook_that_are_not_read_are_named(tmp_path: Path) -> None:
    rows: list[list[object]] = [["id", "created"], *([str(n), date(2026, 4, n + 1)] for n in range(9))]
    told: list[list[object]] = [["customer", date(2026, 4, 1), date(2026, 5, 1)], ["a", 100, 200]]
    sheets = [Sheet("Deals", rows), Sheet("MRR", told), Sheet("Empty", []), Sheet("Old", told, hidden=True)]
    made = drafted(tmp_path / "out", Book(sheets).write(tmp_path / "plan.xlsx"))
    (note,) = [note for note in made.notes if note.key == "sheets"]
    assert note.args == {"file": "plan.xlsx", "sheet": "Deals", "others": ("MRR",), "table": "plan.MRR"}


def test_a_header_that_says_thousands_is_read_as_thousands_and_said(tmp_path: Path) -> None:
    lines = [f"{n},2026-04-{n + 1:02d},{'受注' if n % 2 else '失注'},{n}" for n in range(9)]
    made = drafted(tmp_path / "out", write(tmp_path / "案件.csv", "案件番号,決着日,フェーズ,受注金額(千円)", lines))
    assert "amounts_in: thousand" in made.text
    assert "受注金額(千円): 受注金額" in made.text
    assert ("guess", "amounts_in") in [(note.how, note.key) for note in made.notes]


@pytest.mark.parametrize(("title", "unit"), [("売上管理表（単位：百万円）", "million"), ("単位：円", None)])
def test_a_row_above_the_headers_that_says_what_amounts_are_in_is_believed(
    title: str, unit: str | None, tmp_path: Path
) -> None:
    lines = [f"{n},2026-04-{n + 1:02d},{'受注' if n % 2 else '失注'},{n}" for n in range(9)]
    file = write(tmp_path / "案件.csv", f"{title}\n案件番号,決着日,フェーズ,受注金額", lines)
    made = drafted(tmp_path / "out", file)
    assert (f"amounts_in: {unit}" in made.text) == (unit is not None)
    assert [note.args["column"] for note in made.notes if note.key == "amounts_in"] == [title] * (unit is not None)


def test_a_file_that_is_called_as_one_in_thousands_is_read_so(tmp_path: Path) -> None:
    lines = ["青空,1,2", "海,3,3"]
    made = drafted(tmp_path / "out", write(tmp_path / "月額（千円）.csv", "顧客,2026-03,2026-04", lines))
    assert "wide: true, time: month, amount: paid" in made.text
    assert "amounts_in: thousand" in made.text


def test_five_hundred_columns_are_looked_at(tmp_path: Path) -> None:
    headers = ",".join([*(f"column {n}" for n in range(498)), "created", "id"])
    lines = [",".join([*(str(k * n % 97) for n in range(498)), f"2026-04-{k + 1:02d}", f"x{k}"]) for k in range(20)]
    made = drafted(tmp_path / "out", write(tmp_path / "wide.csv", headers, lines))
    assert "wide: {from: exports.wide, key: id, time: created}" in made.text


def test_headers_that_stand_twice_are_passed_over_and_told(tmp_path: Path) -> None:
    lines = [f"{n},2026-04-{n + 1:02d},{n},{n}" for n in range(9)]
    made = drafted(tmp_path / "out", write(tmp_path / "orders.csv", "id,created,amount,amount", lines))
    assert "repeated" in keys(made, "found")
    assert "amount:" not in made.text


def test_one_of_twins_and_the_newest_of_an_export_are_read(tmp_path: Path) -> None:
    for name in ("leads_2026-05-11.csv", "leads_2026-05-18.csv"):
        write(tmp_path / name, "lead_id,created_on,channel", LEADS[: -1 if "11" in name else None])
    twin = write(tmp_path / "leads_2026-05-18 (1).csv", "lead_id,created_on,channel", LEADS)
    made = drafted(tmp_path / "out", *sorted(tmp_path.glob("*.csv")), twin)
    assert total(made, "leads")["leads"] == len(LEADS)
    passed = {(note.args["file"], note.args["other"]) for note in made.notes if note.key == "passed"}
    assert passed == {
        ("leads_2026-05-11.csv", "leads_2026-05-18.csv"),
        ("leads_2026-05-18 (1).csv", "leads_2026-05-18.csv"),
    }


def test_broken_quotes_cost_their_line_alone(tmp_path: Path) -> None:
    lines = ["1,2026-04-01,won", '2,2026-04-02,"lo"st', "3,2026-04-03,won"]
    made = drafted(tmp_path / "out", write(tmp_path / "deals.csv", "id,created,status", lines))
    assert total(made, "won")["won"] == 2
    assert "no_lost" in {note.key for note in made.notes if note.how == "ask"}


def test_dates_in_two_orders_are_asked_for(tmp_path: Path) -> None:
    lines = [f"{n},0{n}/0{n + 1}/2026,{n}" for n in range(1, 9)]
    made = drafted(tmp_path / "out", write(tmp_path / "orders.csv", "id,created,amount", lines))
    assert any("%d/%m/%Y / %m/%d/%Y" in ask for ask in made.asks)


def test_a_deal_stage_without_a_won_one_is_asked_for(tmp_path: Path) -> None:
    text = (EXPORTS / "hubspot_deals_en.csv").read_text("utf-8-sig").replace("Closed Won", "Stage 9")
    file = tmp_path / "deals.csv"
    file.write_text(text, encoding="utf-8")
    made = drafted(tmp_path / "out", file)
    assert any("which value of `stage` is a won deal" in ask for ask in made.asks)
    assert unasked(made) == []


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Deal Stage", "deal_stage"), ("取引ステージ", "取引ステージ"), ("商談 所有者", "商談_所有者"),
        ("1st touch", "column_1st_touch"), ("in", "column_in"), ("previous", "column_previous"),
        ("Amount (JPY)", "amount_jpy"), ("%", "column"),
    ],
)  # fmt: skip
def test_a_header_becomes_a_name_that_needs_no_quotes(header: str, name: str) -> None:
    assert plain_name(header) == name


def series(meaning: Meaning, *values: int, over: tuple[tuple[int, int], ...] = ()) -> Series:
    months = list(Calendar("UTC").periods(date(2025, 1, 1), date(2025, 12, 31), Grain.MONTH))
    points = [Point(month, Fraction(value)) for month, value in zip(months, values, strict=False)]
    points = [
        Point(month, Fraction(a, b), Mark.COMPLETE, Fraction(a), Fraction(b))
        for month, (a, b) in zip(months, over, strict=False)
    ] or points
    return Series(meaning, Grain.MONTH, tuple(points), TODAY)


WON = Meaning("won", Nature.FLOW, better=Better.HIGHER)
YEN = replace(WON, metric="amount", unit=money("JPY"), currency="JPY")
STOCK = Meaning("companies", Nature.STOCK, better=Better.HIGHER)
RATE = Meaning("win_rate", Nature.RATIO, better=Better.HIGHER, percent=True)
CHURN = replace(RATE, metric="churn", better=Better.LOWER)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (series(WON, 10, 10, 10, 12, 12, 12), ["won >= 15 per month", "won >= 18 per month", "won >= 25 per month"]),
        (series(WON, 10, 10, 10, 90, 90, 90), ["won >= 120 per month", "won >= 160 per month", "won >= 290 per month"]),
        (series(WON, 9, 9, 9, 3, 3, 3), ["won >= 4 per month", "won >= 4 per month", "won >= 4 per month"]),
        (
            series(YEN, 1_000_000),
            ["amount >= 110万円 per month", "amount >= 120万円 per month", "amount >= 130万円 per month"],
        ),
        (series(STOCK, 10, 11, 12, 20), ["companies >= 27", "companies >= 36", "companies >= 63"]),
        (
            series(RATE, over=((1, 4), (1, 4), (2, 4), (3, 4))),
            ["win_rate >= 51.3% over 3 months", "win_rate >= 52.5% over 3 months", "win_rate >= 55% over 3 months"],
        ),
        (
            series(CHURN, over=((1, 20), (1, 20))),
            ["churn <= 4.8% over 3 months", "churn <= 4.7% over 3 months", "churn <= 4.5% over 3 months"],
        ),
    ],
)  # fmt: skip
def test_levels_grow_from_the_data_by_a_held_pace(found: Series, expected: list[str]) -> None:
    grown = growth_of(found)
    assert grown is not None
    assert [goal(grown, found.meaning, months) for months in (3, 6, 12)] == expected


def test_no_whole_month_makes_no_level() -> None:
    assert growth_of(series(WON)) is None
    assert growth_of(series(WON, 0, 0, 0)) == Growth("won", Fraction(0), Fraction(106, 100))


def test_a_draft_that_is_broken_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("shinro.run.init.write_new", stop)
    with pytest.raises(KeyboardInterrupt):
        init_from([EXPORTS / "hubspot_deals_en.csv"], tmp_path / "out", MOMENT, lambda key, **_: key, "en")
    assert not (tmp_path / "out").exists()


def test_the_demo_s_own_exports_make_its_story(tmp_path: Path) -> None:
    for name, text in exports(date(2026, 5, 29), size=0.02).items():
        if name.startswith("data/"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
    made = drafted(tmp_path, tmp_path / "data", language="ja")
    project = project_of(made)
    assert unasked(made) == []
    assert project.star is not None
    assert str(project.star.metric) == "qualified_leads"
    assert "registrations" not in {str(metric) for metric in project.kpis}
    found = status(open_project(tmp_path), MOMENT)
    assert found.star is not None
    joins = {(str(name), str(other)) for name, table in project.tables.items() for other in table.joins}
    assert {("contacts", "leads"), ("deals", "leads"), ("subscriptions", "leads"), ("contacts", "reps")} <= joins


def test_a_join_goes_to_the_other_file_s_own_key(tmp_path: Path) -> None:
    people = write(tmp_path / "people.csv", "lead_id,created_on", [f"L{n},2026-04-{n + 1:02d}" for n in range(20)])
    rows = [f"D{n},L{n},2026-04-{n + 1:02d},{'won' if n % 2 else 'lost'}" for n in range(20)]
    sold = write(tmp_path / "deals.csv", "deal_id,lead_id,closed_on,stage", rows)
    project = project_of(drafted(tmp_path / "out", people, sold))
    assert {str(other) for table in project.tables.values() for other in table.joins} == {"people"}
