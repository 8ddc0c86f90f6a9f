from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from judging import problems, with_loads
from shinro.checks.data import RULES
from shinro.loads import Joined, Load, Reject, Strange
from shinro.problems import Problem, Severity
from shinro.reports.problems import next_move, says
from shinro.reports.words import words

CRM = """\
sources: {crm: {type: files, path: data/*.csv}}
tables:
  products: {from: crm.products, key: product}
  deals:
    from: crm.deals
    key: deal_id
    time: created_at
    times: {closed: closed_at}
    joins: {products: product}
  contacts: {from: crm.contacts, key: activity_id, time: at, entity: lead_id}
  calls: {from: crm.calls, time: at}
  subscriptions: {from: crm.subscriptions, entity: company_id, starts: start_date, ends: end_date, amount: amount}
  changes: {from: crm.changes, entity: company_id, time: at, amount: paid}
metrics:
  won: {count: deals, at: closed, where: stage = 'won' and size > 3}
  open: {count: deals, where: stage = 'open'}
  of_products: {count: deals, where: products.status = 'live'}
  reached: {count: contacts, where: outcome = 'reached'}
  answered: {count: calls, where: 結果 = '応答'}
  live: {active: contacts, within: 28 days, where: outcome = 'reached'}
  nps: {reported: crm.nps, value: score, every: month}
"""
TODAY = date(2026, 5, 11)


def load(table: str, **seen: object) -> Load:
    """What a load of a table saw; 10 rows up to today unless it says otherwise."""
    plain: dict[str, object] = {"rows": 10, "newest": TODAY, "known_until": TODAY, "longest_gap": 1}
    return Load(table, "crm", (f"{table}.csv",), (), "", **{**plain, **seen})  # type: ignore[arg-type]


def judged(code: str, *loads: Load, as_of: date | None = TODAY) -> list[Problem]:
    return problems(RULES, with_loads(CRM, {each.table: each for each in loads}, as_of), code)


def line(found: Problem) -> str:
    return CRM.split("\n")[found.place.line - 1].strip()


@pytest.mark.parametrize(
    ("until", "gap", "late_by", "ended"),
    [
        (date(2026, 5, 11), 1, 0, False),
        (date(2026, 5, 10), 1, 0, False),
        (date(2026, 5, 9), 1, 0, True),
        (date(2026, 5, 8), 3, 0, False),  # over the weekend
        (date(2026, 5, 7), 3, 0, True),
        (date(2026, 5, 7), 3, 1, False),
        (None, 0, 0, False),
    ],
)
def test_a_table_that_is_silent_for_longer_than_ever(until: date | None, gap: int, late_by: int, ended: bool) -> None:
    found = judged("D701", load("deals", known_until=until, longest_gap=gap, late_by=late_by))
    assert [line(each) for each in found] == ["deals:"] * ended


def test_the_days_of_a_silence_are_told() -> None:
    (found,) = judged("D701", load("deals", known_until=date(2026, 5, 1), longest_gap=3, late_by=1))
    assert dict(found.args) == {"table": "deals", "until": "2026-05-01", "expected": "2026-05-10", "gap": 3}


@pytest.mark.parametrize(("newest", "late_by", "said"), [(9, 0, ["named"]), (10, 0, []), (9, 2, [])])
def test_a_file_that_is_called_by_a_later_day_than_its_rows_is_told(newest: int, late_by: int, said: list[str]) -> None:
    found = judged("D701", load("deals", newest=date(2026, 5, newest), named=TODAY, late_by=late_by))
    assert [each.args["case"] for each in found] == said


@pytest.mark.parametrize("gap", [31, 0])  # 0: it is the first one
@pytest.mark.parametrize(("last", "ended"), [(date(2026, 4, 1), False), (date(2026, 3, 1), True)])
def test_a_figure_typed_in_speaks_for_its_whole_month(last: date, gap: int, ended: bool) -> None:
    found = judged("D701", load("nps", known_until=last, longest_gap=gap))
    assert bool(found) is ended
    assert [line(each)[:4] for each in found] == ["nps:"] * ended


@pytest.mark.parametrize(("day", "ended"), [(date(2026, 4, 30), False), (date(2026, 5, 1), True)])
def test_the_next_figure_is_expected_once_its_month_is_over(day: date, ended: bool) -> None:
    assert bool(judged("D701", load("nps", known_until=date(2026, 3, 1), longest_gap=0), as_of=day)) is ended
    late = load("nps", known_until=date(2026, 3, 1), longest_gap=0, late_by=1)
    assert judged("D701", late, as_of=day) == []


def test_without_a_day_nothing_is_late() -> None:
    assert judged("D701", load("deals", known_until=date(2020, 1, 1)), as_of=None) == []


def told(*loads: Load) -> list[tuple[object, ...]]:
    """Severity, case, count and the line of each D702."""
    found = judged("D702", *loads)
    return [(each.severity.value, each.args["case"], each.args["count"], line(each)) for each in found]


def test_keys_that_repeat_or_are_missing() -> None:
    assert told(load("deals", repeated_keys=2, key_samples=("D-1", "D-2"))) == [
        ("error", "repeated", 2, "key: deal_id")
    ]
    assert told(load("deals", null_keys=3)) == [("error", "blank", 3, "key: deal_id")]
    assert told(load("subscriptions")) == []


def test_joins_that_find_more_than_one_row_or_none() -> None:
    line_of_join = "joins: {products: product}"
    assert told(load("deals", joined=(Joined("products", 0, 0, (), 1),))) == [("error", "many", 1, line_of_join)]
    assert told(load("deals", joined=(Joined("products", 0, 1480, ("GTXPro",), 0),))) == [
        ("warning", "orphans", 1480, line_of_join)
    ]
    assert told(load("deals", joined=(Joined("products", 1425, 0, (), 0),))) == [("info", "alone", 1425, line_of_join)]


def test_rows_without_their_day_are_told() -> None:
    (found,) = judged("D705", load("deals", rows=8800, undated=500), load("calls"))
    assert (found.args["undated"], found.args["rows"], found.severity.value) == (500, 8800, "warning")
    assert judged("D705", load("deals", rows=8800)) == []


def test_days_that_can_be_read_in_two_ways() -> None:
    rejects = (
        Reject("deals.csv", 1, "created_at", "01/02/2026", "ambiguous date"),
        Reject("deals.csv", 2, "created_at", "01/02/2026", "ambiguous date"),
        Reject("deals.csv", 3, "created_at", "soon", "date"),
    )
    (found,) = judged("D702", load("deals", rejected=3, rejects=rejects))
    assert (found.args["case"], found.args["count"], found.args["samples"]) == ("dates", 2, "01/02/2026")
    assert judged("D702", load("deals", rejected=1, rejects=rejects[2:])) == []


@pytest.mark.parametrize(
    ("values", "case", "samples", "order"),
    [
        (("16/01/2026", "17/01/2026"), "one_order", "16/01/2026, 17/01/2026", "%d/%m/%Y"),
        (("01/02/2026", "01-16-26", "1/3/2026"), "one_order", "01-16-26", "%m-%d-%y"),
        (("16/01/2026", "01/16/2026"), "dates", "16/01/2026, 01/16/2026", None),
    ],
)
def test_days_that_show_their_order_are_no_examples_of_two(
    values: tuple[str, ...], case: str, samples: str, order: str | None
) -> None:
    rejects = tuple(Reject("d.csv", n, "created_at", value, "ambiguous date") for n, value in enumerate(values))
    (found,) = judged("D702", load("deals", rejected=len(values), rejects=rejects))
    assert (found.args["case"], found.args["samples"], found.args.get("order")) == (case, samples, order)


def test_rows_that_could_not_be_read_are_counted_and_three_are_shown() -> None:
    rejects = tuple(Reject("deals.csv", row, "size", f"'{row}", "number") for row in (3, 5, 8, 9))
    (found,) = judged("D703", load("deals", rejected=4, rejects=rejects), load("calls"))
    assert (line(found), found.args["rejected"], found.args["read"]) == ("deals:", 4, 10)
    told = says(found, words("en"))
    assert """: deals.csv:3 size = "'3" (is no number), deals.csv:5 size = "'5" (is no number), """ in told
    assert told.endswith("""deals.csv:8 size = "'8" (is no number).""")


def test_rows_in_another_currency_are_told_of_the_projects() -> None:
    rejects = [Reject("deals.csv", row, "size", "12円", "currency") for row in (3, 5)]
    (found,) = judged("D703", load("deals", rejected=2, rejects=tuple(rejects)))
    assert next_move(found, words("en")).startswith("The project counts in JPY.")
    (found,) = judged("D703", load("deals", rejected=2, rejects=(rejects[0], replace(rejects[1], reason="number"))))
    assert "case" not in found.args


def test_rows_that_sum_up_others_are_called_so() -> None:
    (found,) = judged("D703", load("deals", rejected=1, rejects=(Reject("deals.csv", 9, "customer", "合計", "total"),)))
    assert found.args["case"] == "totals"


def test_a_load_that_the_project_no_longer_names_stands_at_the_file() -> None:
    (found,) = judged("D703", load("gone", rejected=1))
    assert found.place.line == 1
    assert judged("D702", load("gone", repeated_keys=1)) == judged("D706", load("gone", ended=0)) == []


@pytest.mark.parametrize(
    ("ended", "rows", "filtered"), [(0, 10, True), (1, 10, False), (None, 10, False), (0, 0, False)]
)
def test_an_export_in_which_nothing_ever_ended(ended: int | None, rows: int, filtered: bool) -> None:
    found = judged("D706", load("subscriptions", ended=ended, rows=rows))
    assert [each.args["case"] for each in found] == ["ended"] * filtered


@pytest.mark.parametrize(
    ("column", "values", "filtered"),
    [
        ("stage", ("won",), True),
        ("deal_stage", ("Prospecting", "Closed Won"), True),
        ("deal_stage", ("Closed Lost", "Closed Won"), False),
        ("フェーズ", ("提案", "受注"), True),
        ("フェーズ", ("提案", "受注", "失注"), False),
        ("status", ("won", "No-go"), False),
        ("stage", ("proposal", "open"), False),
        ("product", ("won",), False),
        ("stage", ("wonderful",), False),
    ],
)
def test_an_export_in_which_nothing_was_ever_lost(column: str, values: tuple[str, ...], filtered: bool) -> None:
    found = judged("D706", load("deals", values={column: values}))
    assert [(each.args["case"], line(each)) for each in found] == [("lost", "deals:")] * filtered


@pytest.mark.parametrize(
    ("table", "column", "values", "needed"),
    [
        ("deals", "stage", ("Engaging", "Lost", "Prospecting", "Won"), 3),  # two dates: created_at, closed_at
        ("deals", "stage", ("open", "won", "lost"), None),
        ("deals", "stage", ("new", "open"), None),
        ("deals", "stage", ("new", "open", "proposed"), 3),
        ("deals", "stage", (), None),
        ("deals", "size", ("s", "m", "l"), None),
        ("products", "status", ("live", "retired"), 2),  # no date at all
        ("contacts", "outcome", ("reached", "absent", "meeting"), None),  # events are dated by themselves
        ("calls", "結果", ("応答", "不在"), None),
    ],
)
def test_a_stage_without_its_dates(table: str, column: str, values: tuple[str, ...], needed: int | None) -> None:
    found = judged("D707", load(table, values={column: values}))
    assert [each.args["needed"] for each in found] == ([needed] if needed else [])


def test_a_stage_column_is_told_once_and_only_where_it_was_loaded() -> None:
    (found,) = judged("D707", load("deals", values={"stage": ("a", "b", "c")}))
    assert dict(found.args) == {
        "table": "deals",
        "column": "stage",
        "values": "a, b, c",
        "needed": 3,
        "dates": "created_at, closed_at",
    }
    assert judged("D707") == []


@pytest.mark.parametrize("kind", ["intervals", "statuses", "currencies"])
def test_words_that_no_amount_can_be_told_from(kind: str) -> None:
    facts = with_loads(CRM + "  mrr: {recurring: changes}\n", {"changes": load("changes")})
    facts = replace(facts, strange={"mrr": Strange(kind, "every", ("a", "b", "c", "d")), "won": Strange(kind, "x", ())})
    (found,) = problems(RULES, facts, "D710")
    assert (found.severity, found.args["case"], found.args["words"]) == (Severity.ERROR, kind, "a, b, c")
