from __future__ import annotations

import pytest

from checking import project_of
from shinro.checks.words import (
    called,
    is_cumulative,
    is_group,
    is_revenue,
    is_spend,
    is_workload,
    persons,
    plain,
)

WORK = """
コール数, 総コール数, コール数（週）, 架電数, 架電件数, 発信数, 電話件数, テレアポ件数,
アプローチ数, メール送信数, 送信メール数, メールの送信件数, メルマガ配信数, メール数, DM送付数,
訪問数, 訪問件数, 飛び込み件数, calls, Cold calls, calls made, call_count, callCount,
Number of calls, dials, emails sent, emails_sent, sent emails, Emails, e-mails sent, mails_sent,
email volume, visits, sales visits, outreach, activities, newsletters sent, touchpoints
"""
NO_WORK = """
商談化リード数, 返信数, コールバック数, 架電からの商談数, 訪問者数, サイト訪問数, 再訪問数,
継続利用アクティブユーザー数, 受注数, メール開封数, コールセンター解決数, 有効リード数,
訪問からの受注数, 電話番号の登録数, callback_rate, callbacks, meetings from calls, deals by calls,
site visits, page_visits, store visits, emails opened, email addresses, qualified leads, visitors,
recalls, overcalls, meetings after calls
"""


def listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")]


@pytest.mark.parametrize("name", listed(WORK))
def test_workload_is_known_by_its_name(name: str) -> None:
    assert is_workload(plain(name))


@pytest.mark.parametrize("name", listed(NO_WORK))
def test_what_comes_of_work_is_no_workload(name: str) -> None:
    assert not is_workload(plain(name))


@pytest.mark.parametrize(
    "name",
    ["売上", "売上高", "月間売上", "受注金額", "契約金額", "Revenue", "net_sales", "bookings", "Total sales value"],
)
def test_revenue_is_known_by_its_name(name: str) -> None:
    assert is_revenue(plain(name))


@pytest.mark.parametrize(
    "name", ["売上件数", "受注数", "sales calls", "salespeople", "revenue per lead", "売上担当者数"]
)
def test_what_only_mentions_revenue_is_none(name: str) -> None:
    assert not is_revenue(plain(name))


@pytest.mark.parametrize(
    ("name", "cumulative"),
    [("累計会員数", True), ("累積ダウンロード数", True), ("All-time signups", True), ("Members to date", True),
     ("会員数", False), ("everyday users", False), ("ever", True)],
)  # fmt: skip
def test_a_running_total_is_known_by_its_name(name: str, *, cumulative: bool) -> None:
    assert is_cumulative(plain(name)) is cumulative


@pytest.mark.parametrize(
    ("owner", "group"),
    [("全員", True), ("営業チーム", True), ("営業本部", True), ("Sales team", True), ("everyone", True), ("TBD", True),
     ("阿部", False), ("渡部", False), ("岡部 太郎", False), ("Ally", False), ("田中", False)],
)  # fmt: skip
def test_a_group_is_no_person(owner: str, *, group: bool) -> None:
    assert is_group(owner) is group


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        ("田中、佐藤", ("田中", "佐藤")),
        ("Tanaka & Sato", ("Tanaka", "Sato")),
        ("Tanaka and Sato", ("Tanaka", "Sato")),
        ("田中と佐藤", ("田中", "佐藤")),
        ("ジョン・スミス", ("ジョン・スミス",)),
        ("さとう はなこ", ("さとう はなこ",)),
        ("Alexandra Sands", ("Alexandra Sands",)),
    ],
)
def test_persons_in_one_text_are_counted(owner: str, names: tuple[str, ...]) -> None:
    assert persons(owner) == names


@pytest.mark.parametrize(
    ("name", "spend"),
    [("広告費", True), ("獲得コスト", True), ("Ad spend", True), ("消費者数", False), ("costumes", False)],
)
def test_spend_is_known_by_its_name(name: str, *, spend: bool) -> None:
    assert is_spend(plain(name)) is spend


def test_a_metric_is_called_by_its_name_and_labels_and_a_part_by_its_own() -> None:
    """
    tables: {subs: {from: a.subs}}
    sources: {a: {type: files, path: a.csv}}
    metrics:
      callCount: {label: {ja: "コール数 (週)", en: Calls}, count: subs}
      revenue: {label: 売上, recurring: subs}
    """
    project = project_of(test_a_metric_is_called_by_its_name_and_labels_and_a_part_by_its_own.__doc__ or "")
    assert list(called(project, "callCount")) == ["call count", "コール数", "calls"]
    assert list(called(project, "revenue.churned_mrr")) == ["churned mrr"]
