"""Claims of an app and its shop, in dollars: sentences of another trade, written after the rules and not tuned on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

import pytest

from checking import project_of
from claiming import said_of
from shinro.checks.telling import refusals
from shinro.definitions.meaning import meaning_of, meanings
from shinro.findings.claims import Step, Track
from shinro.periods import Grain

PROJECT = project_of("""\
company: Umi
currency: USD
sources: {app: {type: files, path: data/*.csv}}
tables:
  visits: {from: app.visits, time: at, entity: user}
  orders: {from: app.orders, key: id, time: at, entity: user}
  installs: {from: app.installs, key: id, time: at}
metrics:
  dau: {label: {ja: 日次アクティブ利用者, en: Daily active users}, active: visits, within: 1 day}
  mau: {label: {ja: MAU, en: MAU}, active: visits, within: 30 days}
  retention: {label: {ja: 30日後の継続率, en: 30-day retention}, retention: visits, after: 30 days}
  orders: {label: {ja: 注文件数, en: Orders}, count: orders}
  sales: {label: {ja: 売上高, en: Net sales}, sum: orders.amount}
  gmv: {label: {ja: 取扱高, en: Gross merchandise value}, sum: orders.total}
  aov: {label: {ja: 平均注文単価, en: Average order value}, ratio: sales / orders}
  installs: {label: {ja: アプリのダウンロード数, en: App downloads}, count: installs}
  burn: {label: {ja: 純支出, en: Net burn}, reported: app.burn, value: n, every: month, unit: USD, better: lower}
  refund_rate: {label: {ja: 返品率, en: Refund rate}, reported: app.r, value: n, every: month, unit: "%", better: lower}
milestones: [{id: m6, by: 2026-06-30, declared: 2026-01-01, reach: [mau >= 50000, retention >= 30%]}]
traction: [{audience: investors, headline: mau, supports: [retention, refund_rate], period: 12 months}]
""")
SHARES = {
    "retention": [2220, 2240, 2290, 2310, 2400, 2480, 2570, 2660, 2790, 2880, 3010, 3120],
    "refund_rate": [620, 600, 610, 580, 560, 510, 490, 440, 410, 370, 350, 310],
}
NUMBERS: dict[str, list[int | str]] = {
    "mau": [21300, 22100, 23800, 25000, 27400, 29900, 33100, 36800, 41200, 45900, 50800, 56000],
    "dau": [4100, 4200, 4600, 4900, 5300, 6000, 6900, 7800, 8800, 9900, 11200, 12600],
    "orders": [1800, 1850, 1990, 2100, 2300, 2550, 2800, 3100, 3500, 3900, 4400, 5000],
    "sales": [54000, 55500, 60700, 65100, 71300, 80300, 89600, 100800, 115500, 130700, 149600, 172500],
    "gmv": [540000, 555000, 607000, 651000, 713000, 803000, 896000, 1008000, 1155000, 1307000, 1496000, 1725000],
    "aov": ["30", "30", "61/2", "31", "31", "63/2", "32", "65/2", "33", "67/2", "34", "69/2"],
    "installs": [3000, 3100, 3300, 3500, 3800, 4200, 4700, 5300, 5900, 6600, 7400, 8300],
    "burn": [95000, 93000, 96000, 92000, 90000, 88000, 84000, 80000, 77000, 71000, 66000, 60000],
}
YEAR = (date(2025, 7, 1), date(2026, 6, 30))
HALF = (date(2026, 1, 1), date(2026, 6, 30))


def path(metric: str, values: Iterable[int | str], base: int | None = None) -> Track:
    calendar = PROJECT.calendar
    first = calendar.period(YEAR[0], Grain.MONTH)
    steps = []
    for n, value in enumerate(values):
        over = Fraction(value) if base else None
        period = calendar.step(first, Grain.MONTH, n)
        steps.append(Step(period, Fraction(value) / (base or 1), n, over=over, base=Fraction(base) if base else None))
    return Track(meaning_of(metric, meanings(PROJECT)), Grain.MONTH, tuple(steps))


PATHS = {metric: path(metric, values) for metric, values in NUMBERS.items()}
PATHS |= {metric: path(metric, values, 10_000) for metric, values in SHARES.items()}


def refused(kpi: str, days: tuple[date, date], says: str) -> list[str]:
    (traction,) = PROJECT.traction
    found = refusals(said_of(says, kpi, *days, milestone="m6"), traction, PATHS, PROJECT)
    return [f"{problem.code} {problem.args['case']}" for problem in found]


@pytest.mark.parametrize(
    ("kpi", "days", "says"),
    [
        (
            "mau",
            YEAR,
            "MAU has grown from 21k to 56k over the past twelve months. Month over month that is about 9% on average.",
        ),
        ("mau", YEAR, "MAUは21,300人→56,000人。1年で2.6倍、月平均およそ9%の成長です。"),
        ("mau", HALF, "June MAU: 56,000 (January: 33,100), above the 50,000 we promised for m6."),
        (
            "mau",
            YEAR,
            "More than doubled - 56,000 people opened the app in June, against 21,300 in July last year.",
        ),
        ("retention", YEAR, "30日後の継続率は22.2%から31.2%へ9.0ポイント改善"),
        ("retention", YEAR, "30-day retention improved from 22.2% to 31.2%."),
        ("retention", HALF, "30-day retention crossed 30% in May and reached 31.2% in June (25.7% in January)"),
        ("sales", YEAR, "Net sales tripled, from $54K in July 2025 to $172.5K in June 2026"),
        ("sales", YEAR, "売上高は5.4万ドルから17.3万ドルに(3.2倍)"),
        ("sales", HALF, "Net sales were $89.6K in January and $172.5K in June, +93%."),
        ("orders", YEAR, "注文件数 1,800件→5,000件、平均注文単価も30ドルから34.5ドルへ上昇"),
        ("aov", YEAR, "Average order value rose $4.50 to $34.50"),
        ("burn", YEAR, "Net burn is down 37%, from $95K to $60K a month"),
        ("burn", YEAR, "純支出は月9.5万ドルから6万ドルに減りました"),
        ("burn", YEAR, "We cut net burn by $35K a month."),
        ("refund_rate", YEAR, "返品率を6.2%から3.1%へ半減"),
        ("refund_rate", YEAR, "Refund rate halved from 6.2% to 3.1%"),
        ("gmv", YEAR, "Gross merchandise value went from $540K to $1.73M a month"),
        ("gmv", YEAR, "取扱高(売上ではありません)は54万ドル→172万5千ドル"),
        ("dau", YEAR, "DAU tripled: 4,100 to 12,600 (3.1x)."),
        ("mau", YEAR, "① MAUは2.6倍の5.6万人"),
        ("mau", YEAR, "June was the best month yet: 56,000 MAU"),
        ("mau", YEAR, "Since launch in July 2025 MAU has gone from 21,300 to 56,000"),
        ("mau", YEAR, "過去最高のMAU 56,000人。前年7月の21,300人から163%増"),
        ("sales", YEAR, "Our biggest month so far: $172,500 in net sales"),
        ("orders", YEAR, "5,000 orders in June; that is 2.8 times last July's 1,800."),
        ("mau", YEAR, "一年前の約2.1万人から、5万6千人の方にご利用いただくまでになりました"),
        ("mau", YEAR, "MAUは毎月増え続け、12か月で21,300人から56,000人になりました"),
        ("mau", YEAR, "11 months in a row of growth, now 56,000 MAU"),
        ("retention", YEAR, "When someone joins us today, 31.2% are still here after 30 days; a year ago 22.2% were"),
        ("sales", YEAR, "Revenue (net sales) hit $172.5K in June"),
    ],
)
def test_what_is_honest_is_told(kpi: str, days: tuple[date, date], says: str) -> None:
    assert refused(kpi, days, says) == []


@pytest.mark.parametrize(
    ("kpi", "days", "says"),
    [
        ("mau", YEAR, "MAU has quadrupled"),
        ("mau", YEAR, "60,000 MAU and growing"),
        ("mau", YEAR, "MAUは約7万人"),
        ("installs", YEAR, "累計ダウンロード59,100件"),
        ("sales", YEAR, "$1.73M in sales last month"),
        ("gmv", YEAR, "Sales of $1.73M a month"),
        ("gmv", YEAR, "売上高172万ドルを突破"),
        ("sales", YEAR, "年商200万ドル規模に到達(月次売上の12倍)"),
        ("retention", YEAR, "継続率が41%向上"),
        ("retention", YEAR, "Retention grew 1.4x"),
        ("retention", YEAR, "Retention is up 9%"),
        ("burn", YEAR, "Net burn fell by half"),
        ("mau", YEAR, "Asia's fastest-growing app with 56,000 MAU"),
        ("refund_rate", YEAR, "Excluding inactive customers, the refund rate is 3.1%"),
        ("mau", YEAR, "3か月で21,300人から56,000人"),
        ("orders", YEAR, "10,000 orders in June"),
        ("orders", YEAR, "Orders passed 5,500 a month"),
        ("sales", YEAR, "Net sales of €172.5K"),
        ("mau", YEAR, "利用者は指数で263"),
    ],
)
def test_what_inflates_is_not(kpi: str, days: tuple[date, date], says: str) -> None:
    assert refused(kpi, days, says) != []


def test_downloads_stand_beside_activity_retention_and_revenue() -> None:
    says = "App downloads: 8,300 in June alone"
    assert refused("installs", YEAR, says) == ["R604 said"]
    assert refused("installs", YEAR, f"{says}; net sales of $172.5K") == []
