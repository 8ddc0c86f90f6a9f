"""A made-up company's story for the tests of its page: every part is there, every text of the user can be replaced."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache

from made_up import Daily, bearings_of, daily, project_of
from shinro.analysis.decompose import tree_of
from shinro.analysis.explain import explained
from shinro.analysis.measured import Bearings
from shinro.analysis.months import months
from shinro.analysis.scene import Scene
from shinro.analysis.status import status
from shinro.analysis.targets import metric_of
from shinro.definitions.story import Milestone
from shinro.findings.effects import Effect, Effects, Estimate, Interval, Sight, Verdict
from shinro.findings.evidence import Drivers, Evidence, Pair, Role
from shinro.findings.evidence import Verdict as LeadVerdict
from shinro.findings.explanations import Explanation
from shinro.findings.forecasts import ConditionOdds, Forecast, How, MilestoneOdds, Prospects, Step
from shinro.findings.plans import Alone, Lever, Origin, Plan, PlannedCondition, PlannedLever, Shortfall
from shinro.findings.readings import Status
from shinro.loads import Load
from shinro.periods import Grain, Period
from shinro.problems import Place, Problem, Severity
from shinro.reports.cards import every_reading
from shinro.reports.drawing import draw
from shinro.reports.page import Told, page
from shinro.reports.parts import Story, Studies
from shinro.reports.readings import Telling
from shinro.reports.story import Gist, charted, story
from shinro.reports.studies import Outlook, studies
from shinro.reports.words import words

LONGEST = 200  # of a key in YAML
AS_OF = date(2026, 6, 17)
TEXTS = {
    "COMPANY": "青空クラウド",
    "PICTURE": "1年後に有料30社",
    "LEADS": "リード数",
    "CALLS": "コール数",
    "REPLY": "返信率",
    "STAR": "商談化リード数",
    "MEANING": "初回の商談を終えた有効リードの数",
    "MARKETING": "マーケティング",
    "OWNER": "佐藤",
    "DECIDES": "どのリストに架電するか",
    "MILESTONE": "半年後",
    "SCRIPT": "トークスクリプト改訂",
    "FAIR": "展示会出展",
    "VERDICT": "リードは増えたが商談は増えなかった",
    "FORMER": "28%",
    "REP": "伊藤",
}
COMPANY = """
company: COMPANY
currency: JPY
timezone: Asia/Tokyo
fiscal_year_starts: april
holidays: JP
languages: [ja, en]
story: {starts: 2026-04-01, picture: PICTURE}
sources: {crm: {type: files, path: data/*.csv}}
tables:
  leads: {from: crm.leads, key: lead_id, time: created_at, entity: lead_id, dimensions: [channel]}
  contacts: {from: crm.activities, key: activity_id, time: occurred_at, entity: lead_id, dimensions: [rep]}
  customers: {from: crm.customers, starts: started_on, ends: ended_on}
  deals: {from: crm.deals, key: deal_id, time: closed_at, amount: amount}
metrics:
  leads: {label: LEADS, count: leads}
  calls: {label: CALLS, count: contacts, where: kind = 'call', kind: activity}
  replies: {count: contacts, where: outcome = 'reached'}
  qualified_leads: {label: STAR, count_distinct: contacts.lead_id, where: kind = 'meeting'}
  reply_rate: {label: REPLY, ratio: replies / calls}
  held_rate: {label: {ja: 商談化率, en: Held rate}, ratio: qualified_leads / replies}
  companies: {label: {ja: 有料社数, en: Paying companies}, stock: customers, better: higher}
  sales: {label: {ja: 受注額, en: Sales}, sum: deals.amount}
  net: {label: {ja: 純増, en: Net}, derived: leads - (calls + previous(leads)) / 2}
north_star:
  metric: qualified_leads
  meaning: MEANING
  guardrail: reply_rate
  outcomes: [sales, companies]
tree: {qualified_leads: calls * reply_rate * held_rate}
influences:
  - {from: qualified_leads, to: sales, lag: 6 weeks}
  - {from: leads, to: calls, status: supported}
departments:
  marketing: {label: MARKETING, owns: [leads]}
  inside_sales: {label: {ja: インサイドセールス, en: Inside sales}, owns: [calls, reply_rate]}
kpis:
  leads: {owner: OWNER, cadence: weekly, focus: true}
  calls: {owner: OWNER, cadence: weekly}
  reply_rate: {owner: OWNER, cadence: weekly, focus: true, decides: DECIDES}
targets:
  calls: {per: week, level: 250, each: {rep: {REP: 125}}}
  reply_rate:
    steps: {2026-04-01: "25%", 2026-07-01: "30%"}
    declared: 2026-05-15
    before: [{until: 2026-05-15, was: FORMER}]
milestones:
  - {id: m0, by: 2026-04-15, reach: [companies >= 3]}
  - {id: m3, by: +3 months, reach: [companies >= 6, sales >= 500万円 per month, leads >= 900 since start]}
  - id: m6
    label: MILESTONE
    by: +6 months
    reach: [qualified_leads >= 400 per month, reply_rate >= 30% over 3 months]
initiatives:
  - {name: SCRIPT, starts: 2026-05-11, moves: reply_rate, expect: +2pt, owner: OWNER, cost: 20万円}
  - {name: FAIR, on: 2026-04-08, moves: leads, expect: +80 in 1 month, owner: OWNER, verdict: VERDICT}
  - {name: 料金改定, starts: 2026-08-01, ends: 2026-09-30, moves: sales, expect: +10%}
  - {name: 紹介制度, on: 2026-07-01, moves: companies, expect: x2}
traction: [{audience: investors, headline: qualified_leads, supports: [sales]}]
"""
NUMBERS: dict[str, Daily | tuple[Daily, Daily]] = {
    "calls": daily(53),
    "leads": daily(9),
    "replies": daily(11),
    "reply_rate": (daily(11), daily(53)),
    "held_rate": (daily(4), daily(11)),
    "companies": daily(5, 5),
    "qualified_leads": lambda day: (day - date(2025, 1, 1)).days // 60,
    "sales": lambda day: 98_765 + day.day * 5_000,
}
PROBLEMS = tuple(
    Problem(Place("shinro.yaml", line, 3), "Q103", {"quote": "'"}, severity)
    for line, severity in enumerate((Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.INFO), 1)
)
LOAD = Load("contacts", "crm", ("data/contacts.csv",), ("x",), "f", 12345, rejected=3, newest=AS_OF, known_until=AS_OF)


def text_of(texts: Mapping[str, str] = TEXTS) -> str:
    """The project's text with the user's texts in it."""
    found = COMPANY
    for name, said in sorted(texts.items(), key=lambda each: -len(each[0])):
        found = found.replace(name, quoted(said[:LONGEST] if name == "REP" else said))
    return found


def quoted(text: str) -> str:
    """A text in YAML's double quotes."""
    plain = "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text)
    return f'"{plain}"'


@cache
def measured() -> Bearings:
    """The company with its numbers; they stay the same whatever it is called."""
    bearings = bearings_of(text_of(), AS_OF, NUMBERS)
    return replace(bearings, measured=replace(bearings.measured, loads={"contacts": LOAD}))


def look(texts: Mapping[str, str] = TEXTS) -> Bearings:
    return replace(measured(), project=project_of(text_of(texts)))


def gist(texts: Mapping[str, str] = TEXTS) -> Gist:
    bearings = look(texts)
    series = [bearings.measured.series[metric, Grain.MONTH] for metric in charted(bearings.project)]
    found = replace(status(bearings, PROBLEMS, everything=True), why=why(bearings))
    shown = tuple(months(bearings, each) for each in series)
    return Gist(found, bearings.project, bearings.meanings, shown, told(bearings, found))


def told(bearings: Bearings, found: Status) -> dict[str, Studies]:
    """What leads, and what an initiative did, as the statistics would have it."""
    seen = Evidence(LeadVerdict.LEADS, 76, 6, 1, 0.01, 0.03, 0.4, 0.2, 0.6)
    drivers = Drivers(AS_OF, (Pair("qualified_leads", "sales", Role.INFLUENCE, seen),))
    project = bearings.project
    effects = Effects(AS_OF, tuple(effect(bearings, str(each.name)) for each in project.initiatives[:2]))
    ahead = Prospects(AS_OF, tuple(chance(each, bearings) for each in project.milestones if each.by))
    goals = months(bearings, bearings.measured.series["qualified_leads", Grain.MONTH]).goals
    fans = [(forecast(bearings), goals)]
    readings = every_reading(found)
    tracked = [
        (months(bearings, bearings.measured.series[str(metric), Grain.MONTH]), readings[str(metric)])
        for metric in project.targets
    ]
    outlook = Outlook(ahead, fans, tracked, worked_back(bearings))
    return {lang: studies(found.why, drivers, effects, Telling(words(lang), project), outlook) for lang in ("ja", "en")}


def worked_back(bearings: Bearings) -> Plan:
    """The calls and the reply rate raised for the star's milestone, which the bounds hardly allow."""
    calendar, span = bearings.calendar, Period(date(2026, 9, 1), date(2026, 10, 1))
    spans = tuple(calendar.periods(date(2026, 6, 1), date(2026, 9, 30), Grain.MONTH))
    calls = Lever("calls", bearings.meaning("calls"), Fraction(1600), Fraction(2000), 1, origin=Origin.ASSUMED)
    rate = Lever("reply_rate", bearings.meaning("reply_rate"), Fraction(1, 5), Fraction(3, 10), 1)
    levers = tuple(PlannedLever(each, (each.limit,) * len(spans), (each.limit,)) for each in (calls, rate))
    asked = "qualified_leads >= 400 per month"
    meaning, level = bearings.meaning("qualified_leads"), Fraction(400)
    condition = PlannedCondition("m6", asked, meaning, ">=", level, span, Fraction(150), Fraction(380), holds=False)
    alone = (Alone(rate, Fraction(1, 3)), Alone(calls, None))
    short = Shortfall(condition, Fraction(380), alone, calendar.step(span, Grain.MONTH), Fraction(1, 20), 1, 4)
    base = calendar.period(date(2026, 5, 1), Grain.MONTH)
    knots = ((span, ("m6",)),)
    return Plan(AS_OF, Grain.MONTH, base, spans, knots, levers, (condition,), 3.5, shortfalls=(short,))


def chance(milestone: Milestone, bearings: Bearings) -> MilestoneOdds:
    """As likely as not, all its conditions alike."""
    asked = [(str(goal.text), metric_of(goal.condition)) for goal in milestone.reach if goal.condition]
    odds = tuple(ConditionOdds(text, name, bearings.meaning(name), 0.5, median=1.0) for text, name in asked)
    return MilestoneOdds(milestone.title, date(2026, 10, 1), 0.5, odds, earlier=((date(2026, 5, 17), 0.4),))


def forecast(bearings: Bearings) -> Forecast:
    """Six months of the star."""
    past = bearings.measured.series["qualified_leads", Grain.MONTH].points
    ahead = list(bearings.calendar.periods(AS_OF, date(2026, 11, 30), Grain.MONTH))
    steps = tuple(Step(each, (100.0, 150.0, 200.0, 250.0, 300.0, 350.0, 400.0)) for each in ahead)
    return Forecast(bearings.meaning("qualified_leads"), Grain.MONTH, AS_OF, How.OWN, past, steps)


def effect(bearings: Bearings, name: str) -> Effect:
    """A reply rate that rose by 2 points for ten weeks after ten."""
    weeks = list(bearings.calendar.periods(date(2026, 1, 5), date(2026, 5, 24), Grain.WEEK))
    without = Interval(0.2, 0.18, 0.22)
    sights = tuple(
        Sight(week, 0.2 if n < 10 else 0.22, None if n < 10 else without, n >= 10) for n, week in enumerate(weeks)
    )
    gain = Interval(0.02, 0.01, 0.03)
    return Effect(
        name,
        Verdict.WORKED,
        metric="reply_rate",
        meaning=bearings.meaning("reply_rate"),
        first=date(2026, 3, 16),
        window=Period(date(2026, 3, 16), date(2026, 5, 25)),
        before=10,
        after=10,
        estimate=Estimate(gain, gain.times(10), 0.2, 0.01, 0.002),
        sights=sights,
    )


def why(bearings: Bearings) -> Explanation:
    """Why the star stands where it does."""
    scene = Scene(bearings, tree_of(bearings.project, "qualified_leads"), "qualified_leads", Grain.WEEK)
    assert scene.last
    return explained(scene, scene.last.period)


def page_of(found: Gist, langs: tuple[str, ...] = ("ja", "en")) -> str:
    return page([Told(each, drawings(each)) for each in (story(found, words(lang)) for lang in langs)])


def drawings(found: Story) -> tuple[str, ...]:
    return tuple(_drawing(json.dumps(chart.spec)) for chart in found.drawn)


@cache
def _drawing(spec: str) -> str:
    (svg,) = draw([json.loads(spec)])
    return svg
