"""Exports of HubSpot, Salesforce and Stripe, with made-up rows: what must be found in each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from drafting import EXPORTS, MOMENT, drafted, keys, project_of, rows, total, unasked
from shinro.drafts.sighting import sighted
from shinro.drafts.vendors import EXPORTS as KNOWN_EXPORTS
from shinro.drafts.vendors import KNOWN
from shinro.run.gathering import gathering
from shinro.run.init import Drafted
from shinro.run.opening import open_project
from shinro.warehouse.survey import survey


@dataclass(frozen=True)
class Expected:
    vendor: str
    kind: str
    roles: dict[str, str]
    star: str
    encoding: str = "utf-8"


FOUND = {
    "hubspot_deals_en": Expected(
        "HubSpot",
        "deals",
        {
            "key": "Record ID",
            "created": "Create Date",
            "closed": "Close Date",
            "stage": "Deal Stage",
            "amount": "Amount",
        },
        "won",
    ),
    "hubspot_deals_ja": Expected(
        "HubSpot",
        "deals",
        {"key": "レコードID", "created": "作成日", "closed": "クローズ日", "stage": "取引ステージ", "amount": "金額"},
        "won",
    ),
    "hubspot_contacts_en": Expected(
        "HubSpot",
        "leads",
        {
            "key": "Record ID",
            "created": "Create Date",
            "stage": "Lifecycle Stage",
            "qualified": "Became a Sales Qualified Lead Date",
            "entity": "Record ID",
        },
        "qualified_leads",
    ),
    "hubspot_contacts_ja": Expected(
        "HubSpot",
        "leads",
        {
            "key": "レコードID",
            "created": "作成日",
            "stage": "ライフサイクルステージ",
            "qualified": "SQL(営業上の有望な見込み客)になった日付",
            "entity": "レコードID",
        },
        "qualified_leads",
    ),
    "salesforce_opportunities_en": Expected(
        "Salesforce",
        "deals",
        {
            "created": "Created Date",
            "closed": "Close Date",
            "stage": "Stage",
            "amount": "Amount",
            "entity": "Account Name",
        },
        "won",
    ),
    "salesforce_opportunities_ja": Expected(
        "Salesforce",
        "deals",
        {"created": "作成日", "closed": "完了予定日", "stage": "フェーズ", "amount": "金額", "entity": "取引先名"},
        "won",
        "cp932",
    ),
    "stripe_subscriptions": Expected(
        "Stripe",
        "subscriptions",
        {
            "key": "id",
            "entity": "Customer ID",
            "starts": "Start (UTC)",
            "ends": "Ended At (UTC)",
            "amount": "Amount",
            "interval": "Interval",
            "trial_ends": "Trial End (UTC)",
            "quantity": "Quantity",
            "status": "Status",
            "currency": "Currency",
        },
        "active_subscriptions",
    ),
    "stripe_charges": Expected(
        "Stripe",
        "charges",
        {
            "key": "id",
            "created": "Created (UTC)",
            "entity": "Customer ID",
            "amount": "Amount",
            "refunded": "Amount Refunded",
            "status": "Status",
            "currency": "Currency",
        },
        "paying_customers",
    ),
}


Make = Callable[[str], Drafted]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """The project of an export, in the language of its headers, drafted once."""

    @cache
    def of(name: str) -> Drafted:
        language = "ja" if name.endswith("ja") else "en"
        return drafted(tmp_path_factory.mktemp(name), EXPORTS / f"{name}.csv", language=language)

    return of


@pytest.mark.parametrize("name", FOUND)
def test_an_export_is_known_by_its_headers(name: str, tmp_path: Path) -> None:
    surveyed, problems = survey([EXPORTS / f"{name}.csv"], tmp_path, KNOWN)
    assert problems == ()
    (file,) = sighted(surveyed)
    expected = FOUND[name]
    assert file.export is not None
    assert (file.export.vendor, file.kind, file.survey.encoding) == (expected.vendor, expected.kind, expected.encoding)
    assert dict(file.roles) == expected.roles


@pytest.mark.parametrize("name", FOUND)
def test_what_is_drafted_passes_but_for_what_it_asks(name: str, make: Make) -> None:
    made = make(name)
    project = project_of(made)
    assert unasked(made) == []
    assert project.star is not None
    assert str(project.star.metric) == FOUND[name].star
    assert [milestone.title for milestone in project.milestones] == ["m3", "m6", "m12"]


def test_every_export_that_is_known_is_tried() -> None:
    tried = {(expected.vendor, expected.kind) for expected in FOUND.values()}
    assert tried == {(export.vendor, export.kind) for export in KNOWN_EXPORTS}


@pytest.mark.parametrize(
    ("name", "stage", "won", "lost", "closed"),
    [
        ("hubspot_deals_en", "Deal Stage", "Closed Won", "Closed Lost", "Close Date"),
        ("hubspot_deals_ja", "取引ステージ", "成約", "失注", "クローズ日"),
    ],
)
def test_deals_won_and_lost_are_those_of_the_file(
    name: str, stage: str, won: str, lost: str, closed: str, make: Make
) -> None:
    made = make(name)
    past = [row for row in rows(EXPORTS / f"{name}.csv") if row[closed] < "2026-06-02"]
    counted = total(made, "won", "closed")
    assert counted["won"] == sum(row[stage] == won for row in past) > 0
    assert counted["closed"] == sum(row[stage] in (won, lost) for row in past) > counted["won"]


def test_money_written_with_its_currency_is_summed(make: Make) -> None:
    file, made = EXPORTS / "salesforce_opportunities_en.csv", make("salesforce_opportunities_en")
    won = [row for row in rows(file) if row["Stage"] == "Closed Won"]
    assert total(made, "won_amount")["won_amount"] == sum(Decimal(row["Amount"].removeprefix("USD ")) for row in won)
    assert 'dates: "%m/%d/%Y"' in made.text
    assert "dates" in keys(made, "guess")


def test_subscriptions_in_force_are_those_begun_less_those_ended(make: Make, tmp_path: Path) -> None:
    file, made = EXPORTS / "stripe_subscriptions.csv", make("stripe_subscriptions")
    found = total(made, "new_subscriptions", "ended_subscriptions")
    begun = [row for row in rows(file) if row["Status"] != "incomplete_expired"]
    assert found["new_subscriptions"] == len(begun)
    assert found["ended_subscriptions"] == sum(bool(row["Ended At (UTC)"]) for row in begun)
    assert "currency: JPY" in made.text
    assert "timezone: UTC" in drafted(tmp_path / "ja", file, language="ja").text


def test_open_deals_with_a_hoped_for_day_are_not_counted_over_time(make: Make) -> None:
    made = make("hubspot_deals_en")
    assert "closing_is_expected" in keys(made, "guess")
    assert "open_deals" not in made.text


@pytest.mark.parametrize(
    ("created", "says"), [(True, "time: 作成日"), (False, "from: exports.商談, times: {closed: 完了予定日}")]
)
def test_a_hoped_for_day_does_not_make_an_old_export_look_fresh(created: bool, says: str, tmp_path: Path) -> None:
    """Of June only days of deals that are open; the newest that was written or closed is of 14 May."""
    days = [f"2026-0{month}-{day:02}" for month in (3, 4, 5) for day in (2, 6, 10, 14)]
    closed = [f"{'失注' if n % 3 else '受注'},{n}00000,{day}" for n, day in enumerate(days, 1)]
    hoped = [f"提案,900000,2026-0{month}-{day}" for month in (5, 6) for day in (20, 28)]
    lines = [f"{line}{',2026-05-01' if created else ''}" for line in [*closed, *hoped]]
    file = tmp_path / "商談.csv"
    head = f"フェーズ,金額,完了予定日{',作成日' if created else ''}"
    file.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    made = drafted(tmp_path / "story", file, language="ja")
    assert says in made.text
    assert "closing_is_expected" in keys(made, "guess")
    with gathering(open_project(made.file.parent), MOMENT) as found:
        assert (found.loads["商談"].known_until, found.as_of) == (date(2026, 5, 14), date(2026, 5, 14))


@pytest.mark.parametrize("name", FOUND)
def test_an_export_of_the_current_state_is_said_to_be_one(name: str, make: Make) -> None:
    assert ("current_state" in keys(make(name), "guess")) is (FOUND[name].kind == "deals")


def test_headers_below_title_rows_are_found(tmp_path: Path) -> None:
    text = (EXPORTS / "salesforce_opportunities_ja.csv").read_bytes()
    titled = tmp_path / "report.csv"
    titled.write_bytes("商談レポート,,\r\n作成者: 佐藤,2026年5月,\r\n\r\n".encode("cp932") + text)
    made = drafted(tmp_path / "out", titled, language="ja")
    assert "from: salesforce.report" in made.text
    assert total(made, "won")["won"] == sum(
        row["フェーズ"] == "受注" and row["完了予定日"] <= "2026/06/01"
        for row in rows(EXPORTS / "salesforce_opportunities_ja.csv", "cp932")
    )


def test_a_date_of_qualification_is_known_by_any_name_that_says_sql(tmp_path: Path) -> None:
    text = (EXPORTS / "hubspot_contacts_ja.csv").read_text("utf-8-sig")
    file = tmp_path / "contacts.csv"
    file.write_text(text.replace("SQL(営業上の有望な見込み客)になった日付", "SQLに転換した日付"), encoding="utf-8")
    (found,) = sighted(survey([file], tmp_path, KNOWN)[0])
    assert found.roles["qualified"] == "SQLに転換した日付"
