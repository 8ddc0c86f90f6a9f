"""The design's example with the files that it leaves to imagine: CP932 exports, a billing database, answers by hand."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from postgres import Postgres
from shinro.periods import Grain, Period
from shinro.queries.scans import Want
from shinro.run.gathering import Gathered, Moment, gathering
from shinro.run.opening import open_project
from shinro.run.status import status_of
from shinro.series import State

EXAMPLE = Path(__file__).parent.parent / "examples" / "aozora" / "shinro.yaml"
MAY = Period(date(2026, 5, 1), date(2026, 6, 1))

FILES = {
    "leads.csv": """\
lead_id,created_at,channel
L1,2026/05/01 01:00,展示会
L2,2026/05/07 02:30,web
L3,2026/05/31 14:59,web
L4,2026/05/31 15:00,展示会
""",
    "activities.csv": """\
activity_id,lead_id,occurred_at,channel,rep,種別,結果
A1,L1,2026/05/08 01:00,展示会,佐藤,call,none
A2,L1,2026/05/11 01:00,展示会,佐藤,call,reached
A3,L2,2026/05/11 02:00,web,田中,call,meeting
A4,L2,2026/05/18 02:00,web,田中,meeting,held
A5,L2,2026/05/25 02:00,web,田中,meeting,held
A6,L1,2026/05/20 02:00,展示会,佐藤,call,none
A7,L3,2026/06/01 02:00,web,佐藤,call,none
""",
    "deals.csv": """\
deal_id,lead_id,created_at,closed_at,proposed_at,rep,stage
D1,L2,2026/05/18 03:00,2026/05/29 03:00,2026/05/20 03:00,田中,won
D2,L9,2026/05/02 03:00,2026/05/31 14:00,,佐藤,lost
D3,L9,2026/05/02 03:00,,,佐藤,open
""",
    "onboarding.csv": """\
company_id,started_at,done_at
C1,2026/05/01 03:00,2026/05/20 03:00
""",
    "nps.csv": """\
date,score
2026/04/30,31
2026/05/31,35.5
""",
}


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Iterator[Gathered]:
    """The example's folder, filled; its billing in a real PostgreSQL."""
    tmp_path = tmp_path_factory.mktemp("aozora")
    (tmp_path / "shinro.yaml").write_bytes(EXAMPLE.read_bytes())
    folder = tmp_path / "data" / "crm"
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        rows = io.StringIO(newline="")
        csv.writer(rows).writerows(csv.reader(text.splitlines()))
        (folder / name).write_bytes(rows.getvalue().encode("cp932"))
    billing = postgres.database({"TimeZone": "America/St_Johns", "DateStyle": "SQL, DMY"})
    billing.run(
        """create table subscription_periods (company_id text, start_date date, end_date date, amount bigint,
           interval text, seats int, status text, trial_end date, currency text, plan text)""",
        """insert into subscription_periods values
           ('C1', '2026-05-01', null, 11000, 'month', 3, 'active', null, 'JPY', 'pro')""",
    )
    moment = Moment(datetime(2026, 6, 10, tzinfo=UTC), date(2026, 6, 10), {"BILLING_URL": billing.url})
    with gathering(open_project(tmp_path), moment) as found:
        yield found


def test_every_table_is_loaded(gathered: Gathered) -> None:
    assert [problem.code for problem in gathered.problems] == []
    assert {name: load.rows for name, load in gathered.loads.items()} == {
        "leads": 4, "contacts": 7, "deals": 3, "onboarding": 1, "subscriptions": 1, "nps": 2,
    }  # fmt: skip


# Moments are UTC and days are Tokyo's: L4 was born on June 1, D2 was lost on May 31 at 23:00.
ANSWERS = {
    "leads": 3,
    "calls": 4,
    "replies": 2,
    "qualified_leads": 1,
    "calls_per_lead": Fraction(4, 3),
    "reply_rate": Fraction(1, 2),
    "appointment_rate": Fraction(1, 2),
    "won": 1,
    "closed": 2,
    "win_rate": Fraction(1, 2),
    "nps": Fraction(71, 2),
    "revenue.mrr": 30_000,  # three seats at 11,000 yen, less 10 % of tax
    "revenue.new_mrr": 30_000,
    "revenue.companies": 1,
    "revenue.churn_rate": None,  # nobody could leave
}


@pytest.mark.parametrize("metric", ANSWERS)
def test_may_as_counted_by_hand(gathered: Gathered, metric: str) -> None:
    want = Want(metric, Grain.MONTH)
    (series,) = gathered.measure([want])[want]
    point = series.at(MAY)
    assert point is not None
    assert point.value == ANSWERS[metric]


def test_channels_add_up_and_nobody_is_lost(gathered: Gathered) -> None:
    want = Want("calls", Grain.MONTH, ("channel",))
    found = {series.segment[0][1]: series.at(MAY) for series in gathered.measure([want])[want]}
    assert {channel: point.value for channel, point in found.items() if point} == {"展示会": 3, "web": 1}


def test_the_status_says_what_is_known_and_what_is_not(gathered: Gathered) -> None:
    status = status_of(gathered)
    assert status.star is not None
    assert status.star.metric == "qualified_leads"
    assert status.unmeasured == ()
    readings = {condition.metric: condition for condition in status.milestones[0].conditions}
    assert readings["revenue.companies"].state is State.UNKNOWN  # billing has told nothing since May 1
