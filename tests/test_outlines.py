"""Stories of kinds of files that are not met in the exports: each made of a few cells, without an engine."""

from __future__ import annotations

import pytest

from outlining import errors, story, survey
from shinro.checks.words import is_revenue, is_workload
from shinro.drafts.sighting import sighted
from shinro.drafts.story import outlined
from shinro.surveys import Survey, Surveyed

LOGINS = survey(
    "app_events",
    "event_id,user_id,event_name,occurred_at",
    *(f"e{n},u{n % 4},{'open' if n % 3 else 'share'},2026-04-{n + 1:02d}" for n in range(12)),
)
MONTHLY = survey(
    "contracts",
    "contract_no,customer_id,plan,status,start_on,cancelled_on,monthly_fee",
    *(
        f"c{n},k{n % 5},{'a' if n % 2 else 'b'},active,2026-0{1 + n % 4}-01,{'2026-05-01' if n % 3 == 0 else ''},9"
        for n in range(8)
    ),
)
YEARLY = survey(
    "subscriptions",
    "id,customer,interval,amount,started_on,ended_on",
    *(f"s{n},k{n},year,1200,2026-0{1 + n % 4}-01,{'2026-05-01' if n % 3 == 0 else ''}" for n in range(8)),
)
PAYMENTS = survey(
    "payments",
    "id,paid_on,amount,status",
    *(f"p{n},2026-04-{n + 1:02d},{n}00,{'paid' if n % 4 else 'failed'}" for n in range(9)),
)
ORDERS = survey("sales", "no,date,total", *(f"o{n},2026-04-{n + 1:02d},{n}00" for n in range(9)))
ACTS = survey(
    "activities",
    "id,contact_id,type,occurred_on",
    *(f"a{n},l{n % 5},{'商談' if n % 3 else '架電'},2026-04-{n + 1:02d}" for n in range(9)),
)
MAILS = survey(
    "activities2", "id,contact_id,type,occurred_on", *(f"a{n},l{n},call,2026-04-{n + 1:02d}" for n in range(9))
)
LIFECYCLE = survey(
    "リード一覧",
    "リードID,作成日,ステータス,流入経路",
    *(
        f"l{n},2026-04-{n + 1:02d},{'商談化' if n % 3 == 0 else '未接触'},{'広告' if n % 2 else '紹介'}"
        for n in range(9)
    ),
)
VISITS = survey("visits", "visit_id,visited_on", *(f"v{n},2026-04-{n + 1:02d}" for n in range(9)))
STORES = survey("stores", "store_id,area", *(f"s{n},{'東' if n % 2 else '西'}" for n in range(6)))


@pytest.mark.parametrize(
    ("files", "star", "kind"),
    [
        ((LOGINS,), "active_users", "events"),
        ((MONTHLY,), "active_subscriptions", "subscriptions"),
        ((YEARLY,), "active_subscriptions", "subscriptions"),
        ((PAYMENTS,), "payments", "charges"),
        ((ORDERS,), "payments", "charges"),
        ((ACTS,), "qualified_leads", "activities"),
        ((LIFECYCLE,), "qualified_leads", "leads"),
        ((ACTS, LIFECYCLE), "qualified_leads", "leads"),
        ((VISITS,), "visits", "records"),
        ((VISITS, MONTHLY), "active_subscriptions", "subscriptions"),
        ((MONTHLY, YEARLY), "active_subscriptions", "subscriptions"),
    ],
)
def test_a_story_is_drafted_and_errs_only_where_it_asks(files: tuple[Survey, ...], star: str, kind: str) -> None:
    outline, text, project, _ = story(*files)
    assert outline.star is not None
    assert outline.star.metric == star
    assert kind in {file.kind for file, _ in outline.parts}
    label = project.label(star, "ja")
    assert not is_revenue(label)
    assert star == "visits" or not is_workload(label)
    assert {code for code, asks in errors(text, project) if not asks} <= ({"N102"} if star == "visits" else set())


def test_a_monthly_amount_makes_money_of_months_and_one_of_any_interval_is_recurring() -> None:
    _, text, project, _ = story(MONTHLY)
    assert project.metric("mrr") is not None
    assert "monthly_fee" in text
    _, _, yearly, said = story(YEARLY)
    assert yearly.metric("mrr") is None
    assert yearly.metric("revenue.mrr") is not None
    assert "amount_per" not in said


@pytest.mark.parametrize(
    ("states", "where"),
    [
        (("active", "canceled"), "monthly_fee > 0"),
        (("active", "trialing", "有効"), "monthly_fee > 0 and not (status = 'trialing')"),
        (("active", "一時停止", "未払い"), "monthly_fee > 0 and not (status in ('一時停止', '未払い'))"),
        (("active", "Paused", ""), "monthly_fee > 0 and not (coalesce(status, '') = 'Paused')"),
    ],
)
def test_subscriptions_that_pay_are_in_no_state_in_which_nothing_is_paid(states: tuple[str, ...], where: str) -> None:
    rows = (
        f"c{n},k{n},{states[n % len(states)]},2026-0{1 + n % 4}-01,{'2026-05-01' if n == 0 else ''},9" for n in range(9)
    )
    _, _, project, said = story(
        survey("contracts", "contract_no,customer_id,status,start_on,cancelled_on,monthly_fee", *rows)
    )
    found = project.metric("active_subscriptions")
    assert found is not None
    assert found.where is not None
    assert str(found.where.text) == where
    assert ("paying_states" in said) == ("not" in where)


DOWN = survey(
    "mrr_sheet",
    "customer,month_on,plan,mrr",
    *(f"k{n % 3},2026-0{1 + n // 3}-01,{'a' if n % 3 else 'b'},{n}00" for n in range(8)),
)
ACROSS = survey("月額一覧", "顧客,plan,2026-01,2026年2月,2026/3", "青空,a,100,100,", "海,b,,50,50", "山,a,5,5,5")


@pytest.mark.parametrize(
    ("file", "table"),
    [
        (DOWN, "full_list: month"),
        (ACROSS, "wide: true, time: month, amount: paid, entity: 顧客"),
    ],
)
def test_a_sheet_of_months_is_recurring_revenue(file: Survey, table: str) -> None:
    outline, text, project, said = story(file)
    assert outline.star is not None
    assert (outline.star.metric, outline.star.outcomes) == ("payers", ("mrr",))
    assert table in text
    assert project.metric("revenue.mrr") is not None
    assert {"is_sheet", "each_month", "recurs"} <= said
    assert not {code for code, asks in errors(text, project) if not asks}


@pytest.mark.parametrize(
    "file",
    [
        survey("kpis", "指標,2026-01,2026-02", "MRR,1,2", "解約,3,4"),  # rows are no customers
        survey("plan", "customer,2026-01,2026-02", "a,x,1", "b,2,y"),  # cells are no amounts
        survey("one", "customer,2026-01", "a,1", "b,2"),
        survey("sales", "customer,paid_on,amount", "a,2026-01-05,1", "a,2026-02-01,1", "b,2026-03-01,1"),
        survey("sales", "customer,paid_on,amount", "a,2026-01-01,1", "b,2026-02-01,1"),  # nobody twice
    ],
)
def test_what_only_looks_like_a_sheet_of_months_is_none(file: Survey) -> None:
    (seen,) = sighted(Surveyed((file,)))
    assert seen.kind != "sheet"


def test_contracts_say_more_than_a_sheet_and_one_sheet_across_is_read() -> None:
    _, text, project, _ = story(MONTHLY, ACROSS)
    assert "wide" not in text
    assert project.metric("payers") is None
    other = survey("2026", "顧客,2026-01,2026-02", "青空,100,100")
    assert story(ACROSS, other)[1].count("wide: true") == 1


def test_calls_are_work_and_never_the_star() -> None:
    outline, _, project, _ = story(MAILS, LIFECYCLE)
    assert outline.star is not None
    assert outline.star.metric == "qualified_leads"
    assert [str(name) for name, metric in project.metrics.items() if metric.kind == "activity"] == ["activities2"]


def test_keys_without_a_time_that_nothing_refers_to_are_left_out() -> None:
    outline, text, project, said = story(STORES, VISITS)
    assert list(map(str, project.tables)) == ["visits"]
    assert "is_unknown" in said
    assert outline.star is not None
    assert "stores" not in text


def test_without_any_time_there_is_no_star() -> None:
    assert outlined(sighted(Surveyed((STORES,)))).star is None


def test_the_order_of_files_does_not_matter() -> None:
    there = story(ACTS, LIFECYCLE, MONTHLY)[2]
    back = story(MONTHLY, LIFECYCLE, ACTS)[2]
    assert there.metrics == back.metrics
    assert there.tree == back.tree
    assert there.north_star == back.north_star
    assert dict(there.departments) == dict(back.departments)
