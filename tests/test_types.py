"""What the three company types offer beside what they ask for: optional metrics, and data in place of typed numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from shinro.definitions.meaning import meanings
from shinro.definitions.project import Project, read_project
from shinro.definitions.refusals import refusals
from shinro.drafts.interview import TYPES, Setting, starting_point
from shinro.periods import Grain
from shinro.problems import Severity
from shinro.queries.scans import Want
from shinro.reports.words import words
from shinro.run.check import check
from shinro.run.check_data import check_data
from shinro.series import Better
from stories import Story

SAY = words("en").say
SETTING = Setting(("ja", "en"), "Asia/Tokyo", date(2026, 1, 1))
NOW = datetime(2026, 5, 2, 3, tzinfo=UTC)
UNMET = {"K303", "M405"}  # owners are asked for
NUMBERS = {
    "b2c-app": {
        "installs": "900", "active_users": "200", "new_active_users": "80", "kept_users": "120", "dau": "60",
        "retention_7d": "0.25", "retention_30d": "0.1", "paying_users": "8", "revenue": "16000", "referred": "90",
        "nps": "-12.5", "mau": "600", "lapsed": "150", "buyers": "20", "buyers_again": "5", "monthly_revenue": "60000",
        "gross_margin": "50%", "marketing": "300000", "new_users": "300", "cash": "1000000", "net_burn": "100000",
    },
    "b2b-saas": {
        "trials_started": "10", "trials_ended": "8", "trials_paid": "2", "new_directly": "0", "returned_companies": "1",
        "churned_companies": "1", "paying_companies": "20",
        "active_companies": "15", "mrr": "800000", "gross_margin": "75%", "sales_and_marketing": "1200000",
        "cash": "30000000", "net_burn": "2000000", "nps": "30",
    },
    "inside-sales": {
        "leads": "50", "calls": "200", "replies": "20", "qualified_leads": "5", "won": "3", "lost": "6",
        "onboarded": "2", "churned": "1", "customers": "12", "proposals": "10", "sales_and_marketing": "900000",
        "referred": "5", "nps": "30", "mrr": "600000", "gross_margin": "75%", "cash": "30000000", "net_burn": "2000000",
    },
}  # fmt: skip
MADE: dict[str, dict[str, str | None]] = {
    "b2c-app": {
        "stickiness": "3/10", "arpu": "80", "arppu": "2000", "referral_rate": "1/10", "repeat_rate": "1/4",
        "lapse_rate": "1/4", "monthly_arpu": "100", "ltv": "200", "cac": "1000", "ltv_to_cac": "1/5",
        "cac_payback": "20", "runway": "10", "growth": "0",
    },
    "b2b-saas": {
        "ltv": "600000", "cac": "600000", "ltv_to_cac": "1", "cac_payback": "20", "net_new_arr": "0",
        "burn_multiple": None, "runway": "15", "mrr_growth": None, "churn_rate": "1/20",
        "trial_to_paid": "1/4", "new_companies": "2",
    },
    "inside-sales": {
        "proposal_to_won": "3/10", "cac": "300000", "cost_per_meeting": "45000", "referral_rate": "1/10",
        "churn_rate": "1/12", "arpa": "50000", "ltv": "450000", "ltv_to_cac": "3/2", "cac_payback": "8",
        "net_new_arr": "0", "burn_multiple": None, "runway": "15", "customer_growth": None,
    },
}  # fmt: skip
WEEKLY = ("stickiness", "arpu", "arppu", "referral_rate")  # of an app
ROWS = {
    "b2c-app": {
        "app/events.csv": "at,user_id,channel,name\n2026-04-06,u1,web,open\n2026-04-06,u1,web,register\n"
        "2026-04-07,u1,web,core_action\n2026-04-06,u2,ad,open\n2026-04-13,u1,web,core_action\n2026-04-14,u3,ad,open\n"
        "2026-04-28,u3,ad,open\n",
        "app/payments.csv": "paid_at,user_id,amount\n2026-04-14,u1,500\n2026-04-28,u3,100\n",
    },
    "b2b-saas": {
        "billing/subscriptions.csv": "company_id,plan,start_date,end_date,amount,interval,trial_end\n"
        "A,gold,2026-01-10,,30000,month,\nB,gold,2026-03-01,,240000,year,2026-03-15\n"
        "C,silver,2026-01-05,2026-04-10,10000,month,\n",
        "billing/usage.csv": "at,company_id,paying\n2026-03-02,A,true\n2026-04-03,A,true\n2026-04-02,C,true\n"
        "2026-04-05,D,false\n2026-04-29,A,true\n",
    },
    "inside-sales": {
        "crm/leads.csv": "lead_id,created_on,channel\nl1,2026-01-05,web\nl2,2026-01-06,web\nl3,2026-04-28,fair\n",
        "crm/contacts.csv": "occurred_on,lead_id,rep,kind,outcome\n2026-01-07,l1,Ann,call,reached\n"
        "2026-01-08,l1,Ann,call,absent\n2026-01-09,l2,Bob,call,absent\n2026-01-20,l1,Ann,meeting,held\n"
        "2026-04-29,l3,Bob,call,absent\n",
        "crm/deals.csv": "deal_id,lead_id,rep,opened_on,closed_on,stage\nd1,l1,Ann,2026-01-20,2026-01-30,won\n"
        "d2,l3,Bob,2026-04-29,,open\n",
    },
}
MEASURED: dict[str, tuple[Grain, date, dict[str, str | None]]] = {
    "b2c-app": (Grain.WEEK, date(2026, 4, 13), {
        "active_users": "2", "new_active_users": "1", "kept_users": "1", "dau": "2/7", "retention_7d": "1/2",
        "paying_users": "1", "paying_share": "1/2", "arpu": "250",
    }),
    "b2b-saas": (Grain.MONTH, date(2026, 4, 1), {
        "paying_companies": "2", "new_companies": "0", "churned_companies": "1", "mrr": "50000", "arpa": "25000",
        "active_companies": "2", "churn_rate": "1/3", "revenue.nrr": "5/6", "trials_paid": "0", "new_directly": "0",
        "trial_to_paid": None, "active_share": "1",
    }),
    "inside-sales": (Grain.MONTH, date(2026, 1, 1), {
        "leads": "2", "calls": "3", "replies": "1", "qualified_leads": "1", "won": "1", "lost": "0", "win_rate": "1",
        "lead_to_won": "1/2", "activity": "1/2", "activity.reached_rate": "1/2",
    }),
}  # fmt: skip


def groups(text: str) -> tuple[list[str], list[str], list[str]]:
    """Lines that are in force; optional ones and measured ones, without their #."""
    live: list[str] = []
    found: dict[str, list[str]] = {SAY("types.optional"): [], SAY("types.measured"): []}
    into: list[str] | None = None
    for line in text.splitlines():
        words_of = line.strip().removeprefix("# ")
        if words_of in found:
            into = found[words_of]
        elif into is not None and line.startswith("  # "):
            into.append("  " + line.removeprefix("  # "))
        else:
            into = None
            live.append(line)
    optional, measured = found.values()
    return live, optional, measured


def with_optional(kind: str) -> str:
    live, optional, _ = groups(starting_point(kind, SETTING, SAY))
    at = live.index("metrics:") + 1
    return "\n".join([*live[:at], *optional, *live[at:]]) + "\n"


def with_measured(kind: str) -> str:
    """As the comments tell: their # taken away, and the typed lines of the same names deleted."""
    live, _, measured = groups(starting_point(kind, SETTING, SAY))
    names = {line.split(":")[0] for line in measured if re.match(r"  \w", line)}
    kept = [line for line in live if not (line.split(":")[0] in names and "reported:" in line)]
    at = kept.index("metrics:")
    ahead = [re.sub(r"^(\s*)# (?=\s*\w+:|\s*tables)", r"\1", line) for line in kept[2:at]]
    return "\n".join([*ahead, "metrics:", *measured, *kept[at + 1 :]]) + "\n"


def story(folder: Path, text: str) -> Story:
    made = Story(folder, NOW)
    made.write("shinro.yaml", text)
    return made


def read(text: str) -> Project:
    project, problems = read_project(text, "shinro.yaml")
    assert problems == ()
    assert list(refusals(project, meanings(project))) == []
    return project


@pytest.mark.parametrize("kind", TYPES)
def test_with_all_that_is_optional_nothing_more_is_wrong(kind: str, tmp_path: Path) -> None:
    project = read(with_optional(kind))
    story(tmp_path, with_optional(kind))
    wrong = {each.code for each in check(tmp_path).problems if each.severity is Severity.ERROR}
    assert wrong <= UNMET
    assert all(metric.label and set(metric.label.texts) == {"ja", "en"} for metric in project.metrics.values())


@pytest.mark.parametrize("kind", TYPES)
def test_optional_metrics_are_made_of_typed_numbers(kind: str, tmp_path: Path) -> None:
    text = with_optional(kind)
    project, made = read(text), story(tmp_path, text)
    mondays = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(17)]
    firsts = [date(2026, month, 1) for month in range(1, 5)]
    for name, number in NUMBERS[kind].items():
        metric = project.metric(name)
        days = firsts if metric and metric.every is Grain.MONTH else mondays
        made.write(f"numbers/{name}.csv", "date,value\n" + "".join(f"{day},{number}\n" for day in days))
    for grain in (Grain.WEEK, Grain.MONTH):
        of_grain = {
            name: told
            for name, told in MADE[kind].items()
            if (kind == "b2c-app" and name in WEEKLY) is (grain is Grain.WEEK)
        }
        assert values(made, grain, date(2026, 4, 20), of_grain) == of_grain


def values(made: Story, grain: Grain, day: date, names: Iterable[str]) -> dict[str, str | None]:
    """The values of the period around a day, exact."""
    wants = {name: Want(name, grain) for name in names}
    with made.gathered(date(2026, 4, 30)) as gathered:
        found = gathered.measure(wants.values())
    points = {name: found[want][0].on(day) for name, want in wants.items()}
    return {name: None if not point or point.value is None else str(point.value) for name, point in points.items()}


@pytest.mark.parametrize("kind", TYPES)
def test_files_take_the_place_of_typed_numbers(kind: str, tmp_path: Path) -> None:
    text = with_measured(kind)
    project, made = read(text), story(tmp_path, text)
    assert project.tables
    for name, rows in ROWS[kind].items():
        made.write(name, rows)
    grain, day, expected = MEASURED[kind]
    assert values(made, grain, day, expected) == expected
    found = check_data(tmp_path, made.moment(date(2026, 4, 30))).problems
    wrong = [each for each in found if each.severity is Severity.ERROR and each.code not in UNMET]
    assert [each for each in wrong if each.code[0] not in "LD"] == []
    assert not [each for each in found if each.code == "T203" and each.args.get("case") == "gap"]


def test_what_a_type_calls_weekly_is_of_seven_days_at_every_grain(tmp_path: Path) -> None:
    made = story(tmp_path, with_measured("b2c-app"))
    for name, rows in ROWS["b2c-app"].items():
        made.write(name, rows)
    found = values(made, Grain.MONTH, date(2026, 4, 1), ["active_users", "paying_users", "mau", "arpu"])
    assert found == {"active_users": "1", "paying_users": "1", "mau": "3", "arpu": None}  # a week that began before


def test_trials_that_pay_and_companies_without_one_are_told_apart(tmp_path: Path) -> None:
    made = story(tmp_path, with_measured("b2b-saas"))
    for name, rows in ROWS["b2b-saas"].items():
        made.write(name, rows)
    january = {"new_companies": "2", "trials_paid": "0", "new_directly": "2", "trial_to_paid": None}
    assert values(made, Grain.MONTH, date(2026, 1, 1), january) == january
    march = {
        "new_companies": "1",
        "trials_paid": "1",
        "new_directly": "0",
        "trial_to_paid": "1",
        "revenue.trial_to_paid": "1",
    }
    assert values(made, Grain.MONTH, date(2026, 3, 1), march) == march


def test_every_metric_of_a_type_says_which_way_is_good() -> None:
    for kind in TYPES:
        project = read(with_optional(kind))
        silent = [str(name) for name, known in meanings(project).items() if known.better is Better.NONE]
        assert silent == (["trials_ended"] if kind == "b2b-saas" else [])


def test_an_app_has_users_that_leave_and_no_companies() -> None:
    text = starting_point("b2c-app", SETTING, words("ja").say)
    assert not re.search(r"[社契]|解約|顧客[^獲生]", "".join(re.findall(r"  # (?!ask).*$", text, re.MULTILINE)))
    assert "離脱のない月は" in text
