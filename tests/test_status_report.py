from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from rich.cells import cell_len

from made_up import STORY, Daily, bearings_of, daily
from shinro.analysis.measured import Bearings, Soundings
from shinro.analysis.status import status
from shinro.definitions.meaning import meanings
from shinro.definitions.project import read_project
from shinro.findings.readings import Status
from shinro.loads import Load
from shinro.periods import Grain, Period
from shinro.problems import Place, Problem
from shinro.reports.as_json import status_json
from shinro.reports.milestones import why_unknown
from shinro.reports.readings import Telling
from shinro.reports.report import Table
from shinro.reports.states import SHAPES, state
from shinro.reports.status import status_report
from shinro.reports.terminal import render
from shinro.reports.words import words
from shinro.series import Mark, State

AS_OF = date(2026, 4, 22)
MORE = """
targets:
  calls: {per: week, level: 250, each: {rep: {佐藤: 125, 伊藤: 125}}}
  reply_rate: {steps: {2026-04-01: "8%", 2026-07-01: "10%"}}
influences: [{from: leads, to: qualified_leads, lag: 2 weeks}]
milestones:
  - {id: m0, by: 2026-04-15, reach: [companies >= 3]}
  - {id: m3, by: +3 months, reach: [companies >= 6, leads >= 160 per month, churn_rate <= 5% over 3 months]}
  - {id: m6, by: +6 months, reach: [qualified_leads >= 400 per month]}
traction: [{audience: investors, headline: qualified_leads}]
"""
NUMBERS: dict[str, Daily | tuple[Daily, Daily]] = {
    "calls": daily(53),
    "leads": daily(5),
    "reply_rate": (daily(1), daily(5)),
    "companies": daily(5, 5),
    "qualified_leads": lambda day: (day - date(2025, 1, 1)).days // 60,
    "churn_rate": (lambda _: 0, lambda _: 0),
}
PROBLEMS = tuple(Problem(Place("shinro.yaml", line, 3), "Q103", {"quote": "'"}) for line in range(1, 6))
LOAD = Load("contacts", "crm", ("data/contacts.csv",), ("x",), "f", 12345, rejected=3, newest=AS_OF, known_until=AS_OF)


def look(text: str = STORY + MORE) -> Bearings:
    bearings = bearings_of(text, AS_OF, NUMBERS, segments={("calls", "rep", "佐藤"): daily(18)})
    return replace(bearings, measured=replace(bearings.measured, loads={"contacts": LOAD}))


def told(bearings: Bearings, lang: str, width: int, found: Status | None = None) -> str:
    shown = found or status(bearings, PROBLEMS)
    return render(status_report(shown, bearings.project, words(lang), bearings.meanings), width)


def empty(text: str) -> Bearings:
    project, _ = read_project(text, "shinro.yaml")
    return Bearings(project, meanings(project), Soundings(AS_OF, {}), project.calendar)


def test_a_status_holds_every_part_of_where_we_are() -> None:
    found = status(look(), PROBLEMS)
    assert found.star
    assert found.star.metric == "qualified_leads"
    assert [reading.metric for reading in found.focus] == ["leads", "reply_rate"]
    assert [(name, [each.metric for each in readings]) for name, readings in found.departments] == [
        ("marketing", ["leads"]),
        ("inside_sales", ["calls", "reply_rate"]),
    ]
    assert [dict(reading.segment) for reading in found.segments] == [{"rep": "佐藤"}, {"rep": "伊藤"}]
    assert [milestone.state for milestone in found.milestones] == [State.REACHED, State.UNKNOWN, State.INCOMPLETE]
    assert [answer.question for answer in found.answers] == [1, 2, 3, 4]
    assert (found.freshness[0].rows, found.freshness[0].rejected) == (12345, 3)
    assert found.others == ()


def test_all_metrics_on_request_each_shown_once() -> None:
    found = status(look(), everything=True)
    assert {reading.metric for reading in found.others} == {"replies", "companies", "churn_rate"}


def test_a_grain_asked_for_is_everybodys() -> None:
    found = status(look(), asked=Grain.MONTH)
    assert {reading.grain for reading in (found.star, *found.focus) if reading} == {Grain.MONTH}


def test_the_page_in_japanese() -> None:
    page = told(look(), "ja", 120)
    assert page.startswith("青空クラウドの現在地（2026年4月22日時点）\n")
    rows = {line.split("  ")[0]: line for line in page.splitlines() if line}
    assert re.search(r"コール数\s+▲ 先行\s+265\s+250\s+4/13週", rows["コール数"])
    assert "今週 159/250（目安150）▲" in rows["コール数"]
    assert "今週 54/125（目安75）▼" in rows["コール数 佐藤"]
    assert "? 不明" in rows["コール数 伊藤"]
    assert rows["コール数"].endswith("佐藤")
    assert not rows["コール数 伊藤"].endswith("佐藤")  # who answers for the KPI is not whom the row is about
    assert " 20.0%* " in rows["返信率"]
    assert "* 返信率は母数が25と小さく、実力は8.9〜39.1%の間" in page
    assert "✓ 達成 m0 2026年4月15日まで（7日前）" in page
    assert re.search(r"有料社数 ≥ 6\s+● 順調\s+5\s+5.2\s+0%\s+2026年4月22日", page)
    assert re.search(r"解約率 ≤ 5\.0%（3か月通算）\s+\? 不明\s+–", page)
    assert "足りないのは" in page
    assert "ほかに2件あります。" in page
    assert page.count("shinro.yaml:") == 3
    assert "contacts（crm）: 2026年4月22日まで、12,345行、読み取れず除外3行" in page


def test_the_page_in_english() -> None:
    page = told(look(), "en", 120)
    assert page.startswith("青空クラウド: where we are, as of Apr 22, 2026\n")
    assert "this week 159/250 (150 due) ▲" in page
    assert "* Reply rate: a base of 25, so anything from 8.9 to 39.1% may be behind it (95% interval)." in page
    assert "Leads ≥ 160 per month" in page
    assert "And 2 more: `shinro check --data` shows all." in page
    assert "contacts (crm): known until Apr 22, 2026, 12,345 rows, 3 rows rejected" in page


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_page_fits_its_width_and_says_every_key(lang: str, width: int) -> None:
    page = told(look(), lang, width)
    assert max(map(cell_len, page.splitlines())) <= width
    assert not re.search(r"\b(?:status|state|period|milestone|reading|now|data|q\d|problems)\.\w+", page)
    assert "{" not in page


def test_a_narrow_page_says_the_same() -> None:
    """What stands in a cell at 120 columns stands on a card at 60."""
    bearings = look()
    found = status_report(status(bearings, PROBLEMS), bearings.project, words("ja"), bearings.meanings)
    cells = {cell.text for block in found.blocks if isinstance(block, Table) for row in block.rows for cell in row}
    narrow = re.sub(r"\s+", "", render(found, 60))
    assert all(re.sub(r"\s+", "", cell) in narrow for cell in cells)


@pytest.mark.parametrize(
    ("lang", "words_of_it"),
    [
        (
            "ja",
            [
                "北極星指標がまだありません",
                "注力KPIがまだありません",
                "マイルストーンがまだありません",
                "`shinro sync`",
            ],
        ),
        (
            "en",
            ["There is no North Star yet", "No KPI is in focus yet", "There are no milestones yet", "`shinro sync`"],
        ),
    ],
)
def test_what_is_not_there_yet_says_how_to_get_it(lang: str, words_of_it: list[str]) -> None:
    """company: 青空"""
    bearings = empty("company: 青空\n")
    page = told(bearings, lang, 120, status(bearings))
    assert all(said in page for said in words_of_it)


def test_metrics_without_data_are_unknown_not_zero() -> None:
    bearings = empty(STORY + MORE)
    page = told(bearings, "ja", 120, status(bearings))
    assert re.search(r"商談化リード数\s+\? 不明\s+不明", page)
    assert " 0 " not in page


def test_what_reads_a_metric_that_is_not_defined_is_named() -> None:
    lost = "  won_rate: {label: 受注率, ratio: wins / leads}\n"
    text = (
        STORY.replace("north_star:", f"{lost}north_star:")
        + "milestones: [{id: m3, by: +3 months, reach: [won_rate >= 30%]}]\n"
    )
    bearings = bearings_of(text, AS_OF, NUMBERS)
    page = told(bearings, "ja", 120)
    assert words("ja").say("unmeasured.undefined", metrics="受注率") in page


def test_the_guardrail_stands_beside_the_star() -> None:
    text = (STORY + MORE).replace(
        "north_star: {metric: qualified_leads}", "north_star: {metric: qualified_leads, guardrail: companies}"
    )
    page = told(look(text), "ja", 120)
    assert page.index("北極星指標") < page.index("有料社数（歯止め）") < page.index("注力KPI")
    assert page.count("有料社数（歯止め）") == 1


def test_what_users_wrote_cannot_draw_on_the_terminal() -> None:
    text = (STORY + MORE).replace("company: 青空クラウド", 'company: "[red]\\e[31m青空\\u202e[/]"', 1)
    project, problems = read_project(text, "shinro.yaml")
    bearings = look()
    assert not problems
    page = told(replace(bearings, project=project), "ja", 80)
    assert page.startswith("[red]青空[/]の現在地")


def test_every_state_has_a_shape_and_a_word_of_its_own() -> None:
    for lang in ("ja", "en"):
        shown = [state(each, words(lang)) for each in State]
        assert len(set(shown)) == len(State)
        assert all(" " in each and not each.endswith(".") for each in shown)
    assert [state(each, words("ja")).split()[1] for each in State] == [
        "先行",
        "順調",
        "遅れ",
        "達成",
        "未達",
        "集計途中",
        "不明",
    ]
    assert "".join(SHAPES[each] for each in State) == "▲●▼✓✗…?"


def test_json_is_exact_and_says_how_it_is_shown() -> None:
    bearings = look()
    found = json.loads(
        json.dumps(status_json(status(bearings, PROBLEMS), bearings.project, words("ja"), bearings.meanings))
    )
    calls = found["departments"][1]["readings"][0]
    assert (calls["metric"], calls["label"], calls["state"], calls["pace"]) == ("calls", "コール数", "ahead", "ahead")
    assert calls["last"]["value"] == "265"
    assert (calls["last"]["first_day"], calls["last"]["last_day"]) == ("2026-04-13", "2026-04-19")
    assert calls["target"] == {"value": "250", "shown": "250"}
    rate = found["focus"][1]
    assert (rate["last"]["value"], rate["last"]["over"], rate["last"]["base"]) == ("0.2", "5", "25")
    assert rate["interval"] == ["0.0886", "0.3913"]
    churn = found["milestones"][1]["conditions"][2]
    assert (churn["value"], churn["shown"], churn["state"], churn["last_day"]) == (None, "–", "unknown", "2026-03-31")
    assert len(found["problems"]) == 5
    assert found["answers"][0]["says"].startswith("リード数、返信率。")
    assert found["star"]["trend"][-1]["mark"] == "complete"


def test_a_level_that_always_holds_has_no_day() -> None:
    page = told(look(STORY + "targets: {leads: 40 per week, reply_rate: 8%, qualified_leads: 9 per week}\n"), "ja", 120)
    assert "✓ 商談化リード数 9（1週間）、リード数 40（1週間）、返信率 8.0%。" in page


@pytest.mark.parametrize(
    ("condition", "ja", "en"),
    [
        ("calls >= 100 per week", "コール数 ≥ 100（1週間）", "Calls ≥ 100 per week"),
        ("calls >= 900 since start", "コール数 ≥ 900（開始からの累計）", "Calls ≥ 900 since start"),
        ("churn_rate < 3% over 1 month", "解約率 < 3.0%（1か月通算）", "Churn rate < 3.0% over 1 month"),
        ("companies > 3", "有料社数 > 3", "Paying companies > 3"),
    ],
)
def test_conditions_are_told_in_the_readers_words(condition: str, ja: str, en: str) -> None:
    bearings = look(f'{STORY}milestones: [{{id: m3, by: +3 months, reach: ["{condition}"]}}]\n')
    assert ja in told(bearings, "ja", 120)
    assert en in told(bearings, "en", 120)


def test_milestones_are_told_by_their_label_their_day_and_what_is_missing() -> None:
    text = """
milestones:
  - {id: m3, label: {ja: 最初の一歩, en: First step}, by: +3 months, reach: [companies >= 4]}
  - {id: due, on: 2026-04-22, reach: [companies >= 4]}
  - {id: open}
"""
    page = told(look(STORY + text), "ja", 120)
    assert "最初の一歩 2026年7月1日まで（あと70日） 期日前にすべての条件を満たしています" in page
    assert "due 2026年4月22日まで（今日）" in page
    assert "? 不明 open 期日なし（`by` を書いてください）\n  読み取れる条件がありません。" in page


def test_the_star_says_what_it_means_and_a_department_without_kpis_is_left_out() -> None:
    text = (STORY + MORE).replace(
        "{metric: qualified_leads}", "{metric: qualified_leads, meaning: 商談を終えたリードの数}", 1
    )
    text = text.replace("departments:\n", "departments:\n  support: {label: サポート}\n")
    page = told(look(text), "ja", 120)
    assert "北極星指標\n商談を終えたリードの数\n" in page
    assert "サポート" not in page


def test_other_metrics_stand_apart() -> None:
    bearings = look()
    page = told(bearings, "ja", 120, status(bearings, everything=True))
    assert page.index("内訳ごとの目標") < page.index("その他の指標") < page.index("マイルストーン")


def test_a_running_week_that_is_not_known_is_said() -> None:
    bearings = look()
    key = ("calls", Grain.WEEK)
    series = bearings.measured.series[key]
    points = tuple(
        point._replace(value=None, mark=Mark.UNKNOWN) if point.period.start >= date(2026, 4, 20) else point
        for point in series.points
    )
    measured = replace(bearings.measured, series={**bearings.measured.series, key: replace(series, points=points)})
    assert "今週 不明" in told(replace(bearings, measured=measured), "ja", 120)


def test_an_exact_third_is_written_as_one() -> None:
    numbers = {"reply_rate": (lambda _: 1, lambda _: 3)}
    bearings = bearings_of(STORY, AS_OF, numbers)
    found = status_json(status(bearings), bearings.project, words("en"), bearings.meanings)
    focus = found["focus"]
    assert isinstance(focus, list)
    assert focus[1]["last"]["value"] == "1/3"
    assert Fraction(focus[1]["last"]["value"]) == Fraction(1, 3)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_key_that_the_reports_say_is_in_the_catalog(lang: str) -> None:
    root = Path(__file__).parent.parent / "src/shinro"
    texts = [
        path.read_text(encoding="utf-8") for room in ("reports", "analysis") for path in (root / room).glob("*.py")
    ]
    keys = {
        key
        for text in texts
        for key in re.findall(r'"((?:status|milestone|q\d|data|values|problems|period)\.[a-z_0-9]+)"', text)
    }
    catalog = (root / f"locale/{lang}/LC_MESSAGES/reports.po").read_text(encoding="utf-8")
    assert len(keys) > 50
    assert {key for key in keys if f'msgid "{key}"' not in catalog} == set()


@pytest.mark.parametrize(
    ("lang", "said"), [("ja", "注力KPIが北極星指標だけです"), ("en", "Only the North Star itself is in focus")]
)
def test_a_star_in_focus_alone_is_told_so(lang: str, said: str) -> None:
    """kpis: {qualified_leads: {focus: true}}"""
    text = STORY.replace(", focus: true", "") + "  qualified_leads: {owner: 田中, focus: true}\n"
    assert said in told(look(text), lang, 120)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "over 3 months: Mar 2026 has a part that is undefined, so the periods do not add up."),
        ("ja", "（3か月通算）：2026年3月は分子か分母を定義できないため、通算できません。"),
    ],
)
def test_months_that_do_not_add_up_say_which_of_them_is_why(lang: str, said: str) -> None:
    found = status(look(), PROBLEMS)
    of_m3 = next(each for each in found.milestones if each.title == "m3")
    march = Period(date(2026, 3, 1), date(2026, 4, 1))
    torn = replace(of_m3, conditions=(*of_m3.conditions[:2], replace(of_m3.conditions[2], gap=march)))
    assert said not in told(look(), lang, 200)
    assert said in told(look(), lang, 200, replace(found, milestones=(torn,)))
    plain = json.dumps(status_json(replace(found, milestones=(torn,)), look().project, words(lang), look().meanings))
    assert '"undefined_in": {"first_day": "2026-03-01", "last_day": "2026-03-31"}' in plain


@pytest.mark.parametrize(
    ("lang", "unknown", "undefined"),
    [
        (
            "en",
            "Jun 2026 decides, and is not known: neither reached nor missed. Add it",
            "Jun 2026 is undefined, since",
        ),
        (
            "ja",
            "：判定に使う2026年6月の値が分からないため、達成とも未達とも言えません。",
            "：2026年6月は割る数や対象がなく",
        ),
    ],
)
def test_a_milestone_that_is_unknown_when_its_day_has_come_says_why(lang: str, unknown: str, undefined: str) -> None:
    """Its month was never reported: no condition of it can be told, and the page for mail says so as well."""
    found = status(look(), PROBLEMS)
    of_m3 = next(each for each in found.milestones if each.title == "m3")
    june = Period(date(2026, 6, 1), date(2026, 7, 1))
    lost = replace(of_m3.conditions[0], value=None, period=None, state=State.UNKNOWN, missing=june)
    empty = replace(lost, period=june, missing=None)
    for condition, said in ((lost, unknown), (empty, undefined)):
        milestone = replace(of_m3, conditions=(condition,), state=State.UNKNOWN)
        assert said in told(look(), lang, 300, replace(found, milestones=(milestone,)))
        assert said.strip("：") in why_unknown(condition, Telling(words(lang), look().project))
    plain = json.dumps(status_json(replace(found, milestones=(replace(of_m3, conditions=(lost,)),)), look().project,
                                   words(lang), look().meanings))  # fmt: skip
    assert '"not_known_in": {"first_day": "2026-06-01", "last_day": "2026-06-30"}' in plain
