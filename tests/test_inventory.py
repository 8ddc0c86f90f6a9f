"""The star's selection: KPIs in use sorted by what they are for, and candidates tried by the four questions."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from checking import facts_of
from judging import with_series
from shinro.analysis.candidates import candidates, in_question
from shinro.analysis.inventory import inventory
from shinro.analysis.listed import folded
from shinro.cli.application import _app
from shinro.findings.evidence import Evidence, Pair, Role, Verdict
from shinro.findings.inventory import Answer, Candidate, Candidates, Listed, Question, Sort
from shinro.problems import CannotGoOn
from shinro.reports.inventory import candidates_json, candidates_report, inventory_json, inventory_report
from shinro.reports.readings import Telling
from shinro.reports.terminal import render
from shinro.reports.words import LANGUAGES, words
from shinro.run.inventory import read_list

PROJECT = """\
languages: [ja, en]
currency: JPY
story: {starts: 2026-01-01}
sources:
  crm: {type: files, path: data/*.csv}
tables:
  leads: {from: crm.leads, key: lead_id, time: created_at, entity: lead_id}
  contacts: {from: crm.contacts, key: id, time: occurred_at, entity: lead_id}
  orders: {from: crm.orders, key: id, time: closed_at, entity: lead_id, amount: amount}
metrics:
  leads: {label: {ja: リード数, en: Leads}, count: leads}
  calls: {label: {ja: コール数, en: Calls}, count: contacts, where: kind = 'call', kind: activity}
  replies: {count: contacts, where: kind = 'reply'}
  meetings: {label: {ja: 商談数, en: Meetings}, count_distinct: contacts.lead_id, where: kind = 'meeting'}
  calls_per_lead: {ratio: calls / leads}
  reply_rate: {label: {ja: 返信率, en: Reply rate}, ratio: replies / calls}
  meeting_rate: {ratio: meetings / replies}
  sales: {label: {ja: 売上, en: Sales}, sum: orders.amount}
  won: {count: orders, where: amount > 0}
  members: {label: {ja: 累計会員数, en: Members to date}, cumulative: leads}
  mails: {label: {ja: メール送信数, en: Mails sent}, count: contacts, where: kind = 'mail'}
  demos: {count: contacts, where: kind = 'demo'}
  seen: {label: {ja: 閲覧, en: Views}, count: contacts, where: kind = 'view'}
north_star:
  metric: meetings
  meaning: {ja: 商談をした見込み客の数, en: Leads that held a meeting}
  guardrail: won
  outcomes: [sales]
  confirmed:
    inside_sales: {by: Sato, on: 2026-01-05, growth: yes, shared: yes, actionable: no}
tree:
  meetings: leads * calls_per_lead * reply_rate * meeting_rate
influences:
  - {from: meetings, to: sales}
departments:
  marketing: {owns: [leads, mails]}
  inside_sales: {owns: [calls, reply_rate]}
kpis:
  leads: {owner: Tanaka, cadence: monthly}
  calls: {owner: Sato, cadence: weekly}
  reply_rate: {owner: Sato, cadence: weekly}
  mails: {owner: Tanaka, cadence: weekly}
  demos: {owner: Tanaka, cadence: weekly, decides: whom to invite}
"""
FACTS = facts_of(PROJECT)
SHUFFLED = Listed("返信率", 1), Listed("Reply rates", 2), Listed("架空の指標", 3), Listed("累計ダウンロード", 4)


def sorts(*listed: Listed) -> dict[str, str]:
    found = inventory(FACTS, listed, "kpis.csv" if listed else "")
    return {item.name: item.sort.value for item in found.items}


def test_each_metric_of_a_project_has_its_place() -> None:
    found = sorts()
    assert found == {
        "meetings": "star",
        "sales": "outcome",
        "leads": "driver",
        "calls_per_lead": "driver",
        "reply_rate": "driver",
        "meeting_rate": "driver",
        "calls": "department",
        "won": "guardrail",
        "demos": "watch",
        "replies": "watch",
        "members": "drop",
        "mails": "drop",
        "seen": "drop",
    }


def test_signs_of_vanity_in_the_data_count() -> None:
    facts = with_series(PROJECT, demos=range(100, 1000, 100))
    item = next(item for item in inventory(facts).items if item.name == "demos")
    assert item.sort is Sort.DROP
    assert [reason.key for reason in item.reasons] == ["untied", "vain"]


@pytest.mark.parametrize(
    ("listed", "sort", "reason"),
    [
        (Listed("Meetings", 1), "star", "star"),
        (Listed("ＭＥＥＴＩＮＧＳ", 1), "star", "star"),
        (Listed("商談", 1), "star", "star"),
        (Listed("Reply rates", 1), "driver", "in_tree"),
        (Listed("Retention D7", 1, owner="Ono"), "department", "define"),
        (Listed("累計ダウンロード数", 1, owner="Ono"), "drop", "cumulative"),
        (Listed("訪問件数", 1, owner="Ono"), "watch", "work"),
        (Listed("Sign-ups", 1, owner="Ono"), "watch", "crowd"),
        (Listed("受注金額", 1, owner="Ono"), "outcome", "revenue"),
        (Listed("満足度", 1), "drop", "nobody"),
    ],
)
def test_a_row_of_a_list_is_sorted_by_the_project_or_by_its_words(listed: Listed, sort: str, reason: str) -> None:
    item = inventory(FACTS, [listed], "kpis.csv").items[0]
    assert (item.sort.value, item.reasons[0].key) == (sort, reason)


def test_what_an_earlier_row_says_is_dropped() -> None:
    found = inventory(FACTS, [Listed("返信率", 1), Listed("Reply rate", 2)], "kpis.csv")
    assert [(item.name, item.sort.value) for item in found.items] == [("返信率", "driver"), ("Reply rate", "drop")]
    assert found.items[1].reasons[0].args["row"] == 1


def test_inputs_of_the_lists_own_formulas_are_drivers_in_however_many_steps() -> None:
    rows = (
        Listed("リード数", 1, formula="広告クリック × LP転換率"),
        Listed("LP転換率", 2, formula="申込 ÷ LP訪問者"),
        Listed("申込", 3),
        Listed("広告クリック", 4),
        Listed("別の話", 5, owner="Ono", formula="申込 + 1"),
    )
    found = sorts(*rows)
    assert [found[row.name] for row in rows] == ["driver", "driver", "driver", "driver", "department"]


def test_a_list_that_feeds_itself_ends() -> None:
    found = sorts(Listed("リード数", 1, formula="A"), Listed("A", 2, formula="B"), Listed("B", 3, formula="A"))
    assert set(found.values()) == {"driver"}


def test_kpis_that_the_list_lacks_are_named() -> None:
    assert inventory(FACTS, [Listed("コール数", 1)], "kpis.csv").missing == ("leads", "reply_rate", "mails", "demos")


def test_another_owner_in_the_list_is_said_a_shorter_name_is_not() -> None:
    other, short = (
        inventory(FACTS, [Listed("leads", 1, owner=owner)], "kpis.csv").items[0] for owner in ("Sato", "Tanak")
    )
    assert [reason.key for reason in other.reasons] == ["in_tree", "other_owner"]
    assert [reason.key for reason in short.reasons] == ["in_tree"]


@given(st.permutations(SHUFFLED))
def test_the_sort_of_a_row_that_repeats_none_does_not_depend_on_the_order(rows: list[Listed]) -> None:
    """Law: of rows that say the same, one is kept and the others are dropped, wherever they stand."""
    found = sorts(*rows)
    assert sorted([found["返信率"], found["Reply rates"]]) == ["driver", "drop"]
    assert (found["架空の指標"], found["累計ダウンロード"]) == ("drop", "drop")


@given(st.lists(st.text(max_size=12), max_size=6))
def test_every_row_has_one_sort_and_a_reason(names: list[str]) -> None:
    """Law: nothing is lost, whatever a list holds."""
    rows = [Listed(name, row, owner=name[:1]) for row, name in enumerate(names, 1)]
    found = inventory(FACTS, rows, "kpis.csv")
    assert sorted(item.listed.row for item in found.items if item.listed) == [row.row for row in rows]
    assert all(item.reasons for item in found.items)


def test_names_are_compared_without_width_case_brackets_and_counting_words() -> None:
    assert folded("コール数（週次）") == folded("コール") == "コール"
    assert folded("Reply Rate") == folded("replyRate")
    assert folded("率数") == "率数"


def tried(metric: str, facts: object = FACTS) -> Candidate:
    return candidates(facts, [metric])[0]  # type: ignore[arg-type]


def answers(found: Candidate, question: Question) -> dict[str, str]:
    return {trial.key: trial.answer.value for trial in found.of(question)}


def test_the_star_is_tried_by_the_four_questions() -> None:
    found = tried("meetings")
    assert found.is_star
    assert not found.barred
    growth = answers(found, Question.GROWTH)
    assert (growth["tied"], growth["value"], growth["falls"], growth["leads"]) == ("yes", "yes", "yes", "ask")
    assert answers(found, Question.MEASURABLE) == {"source": "ask"}
    shared = [(trial.key, trial.answer.value) for trial in found.of(Question.SHARED)]
    assert shared == [("meaning", "yes"), ("departments", "yes"), ("confirmed", "ask"), ("confirmed", "yes")]
    actionable = [(trial.key, trial.answer.value) for trial in found.of(Question.ACTIONABLE)]
    assert actionable[:3] == [("drivers", "yes"), ("owned", "yes"), ("quick", "yes")]
    assert actionable[3:] == [("confirmed", "ask"), ("confirmed", "no")]


@pytest.mark.parametrize(
    ("metric", "barred"), [("calls", ("work",)), ("sales", ("money",)), ("members", ("cumulative",)), ("won", ())]
)
def test_work_money_and_totals_are_barred_whatever_their_score(metric: str, barred: tuple[str, ...]) -> None:
    assert tried(metric).barred == barred
    assert next(each.metric for each in candidates(FACTS, [metric, "meetings"])) == "meetings"


@pytest.mark.parametrize(
    ("verdict", "power", "answer"),
    [
        (Verdict.LEADS, 0.3, Answer.YES),
        (Verdict.NO_SIGN, 0.9, Answer.NO),
        (Verdict.NO_SIGN, 0.3, Answer.ASK),
        (Verdict.FOLLOWS, 0.9, Answer.NO),
        (Verdict.CANNOT_TELL, None, Answer.ASK),
    ],
)
def test_silence_of_the_data_counts_only_where_a_driver_would_have_shown(
    verdict: Verdict, power: float | None, answer: Answer
) -> None:
    pair = Pair("meetings", "sales", Role.CANDIDATE, Evidence(verdict, 60, power=power))
    found = tried("meetings", replace(FACTS, evidence={("meetings", "sales"): pair}))
    assert next(trial for trial in found.trials if trial.key == "leads").answer is answer


def test_what_cannot_be_answered_counts_neither_way() -> None:
    found = tried("meetings")
    asked = [trial for trial in found.trials if trial.answer is not Answer.ASK]
    assert found.total == (sum(trial.answer is Answer.YES for trial in asked), len(asked))


def test_without_names_the_star_nodes_and_kpis_are_tried() -> None:
    assert in_question(FACTS)[0] == "meetings"
    assert "sales" not in in_question(FACTS)


def test_without_a_star_nothing_is_dropped_for_being_untied_and_every_metric_is_tried() -> None:
    facts = facts_of(PROJECT[: PROJECT.index("north_star:")])
    assert {
        item.name: item.sort.value for item in inventory(facts).items if item.name in ("won", "members", "seen")
    } == {
        "won": "watch",
        "members": "drop",
        "seen": "watch",
    }
    assert set(in_question(facts)) >= {"reply_rate", "meeting_rate"}
    bare = facts_of(PROJECT[: PROJECT.index("  calls_per_lead")].replace("languages: [ja, en]\n", ""))
    assert in_question(bare) == ("leads", "calls", "replies", "meetings")


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_everything_is_said(lang: str) -> None:
    telling = Telling(words(lang), FACTS.project)
    found = inventory(FACTS, [*SHUFFLED, Listed("leads", 5, owner="Ono")], "kpis.csv")
    told = render(inventory_report(found, telling), 100) + render(inventory_report(inventory(FACTS), telling), 100)
    tests = candidates(FACTS, in_question(FACTS))
    chosen = Candidates(tests, date(2026, 5, 11), (("won", "unmeasured.rows"),))
    told += render(candidates_report(chosen, telling), 100)
    told += render(candidates_report(Candidates((), date(2026, 5, 11)), telling), 100)
    told += json.dumps([inventory_json(found, telling), candidates_json(chosen, telling)], ensure_ascii=False)
    assert not re.search(r"\b(?:inventory|candidates)\.[a-z]", told)
    assert "{" not in told.split('[{"')[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_a_list_is_read_in_whatever_encoding_below_whatever_title(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "kpis.csv"
    text = "当社の指標一覧\n\n指標名,担当者,部門,計算式\nコール数,佐藤,営業,\n,誰か,,\n返信率,佐藤,,返信数 ÷ コール数\n"
    file.write_text(text, encoding)
    rows = read_list(file)
    assert [(row.name, row.owner, row.department, row.formula) for row in rows] == [
        ("コール数", "佐藤", "営業", ""),
        ("返信率", "佐藤", "", "返信数 ÷ コール数"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("kpis.csv", b"owner,formula\nSato,a\n", "L144"),
        ("kpis.csv", b"", "L106"),
        ("kpis.pdf", b"%PDF-1.4", "L105"),
        ("kpis.xlsx", b"PK\x03\x04nothing", "L117"),
    ],
)
def test_a_list_that_cannot_be_read_gets_a_clear_answer(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(CannotGoOn) as stop:
        read_list(file)
    assert [problem.code for problem in stop.value.problems] == [code]


def test_a_list_that_is_not_there_gets_a_clear_answer(tmp_path: Path) -> None:
    with pytest.raises(CannotGoOn) as stop:
        read_list(tmp_path / "kpis.csv")
    assert [problem.code for problem in stop.value.problems] == ["L121"]


@pytest.fixture
def company(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "shinro.yaml").write_text(PROJECT, "utf-8")
    days = [f"2026-0{month}-{day:02}" for month in range(1, 9) for day in range(1, 29, 3)]
    leads = [f"l{n},{day}" for n, day in enumerate(days)]
    (tmp_path / "data/leads.csv").write_text("\n".join(["lead_id,created_at", *leads]) + "\n", "utf-8")
    kinds = ("call", "reply", "meeting", "mail")
    rows = [f"c{n},l{n // 4},{days[n // 4]},{kinds[n % 4]}" for n in range(4 * len(days))]
    (tmp_path / "data/contacts.csv").write_text("\n".join(["id,lead_id,occurred_at,kind", *rows]) + "\n", "utf-8")
    orders = [f"o{n},l{n},{day},{100 + n}" for n, day in enumerate(days)]
    (tmp_path / "data/orders.csv").write_text("\n".join(["id,lead_id,closed_at,amount", *orders]) + "\n", "utf-8")
    return tmp_path


def run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(_app(words("en")), list(args))
    return result.exit_code, result.output


def test_the_command_takes_stock_and_tries_candidates(company: Path) -> None:
    (company / "kpis.csv").write_text("KPI,owner\nCalls,Sato\nHits ever,Ono\n", "utf-8")
    code, told = run("check", "--inventory", str(company / "kpis.csv"), "-p", str(company), "--lang", "en", "--json")
    assert code == 0
    assert {item["name"]: item["sort"] for item in json.loads(told)["items"]} == {
        "Calls": "department",
        "Hits ever": "drop",
    }
    code, told = run("check", "--north-star", "-p", str(company), "--as-of", "2026-08-31", "--lang", "en", "--json")
    assert code == 0
    best = json.loads(told)["candidates"][0]
    assert best["metric"] == "meetings"
    assert best["score"]["measurable"] == [4, 4]
    code, told = run("check", "--inventory", "--data", "-p", str(company), "--as-of", "2026-08-31", "--lang", "en")
    assert code == 0
    assert "Signs of vanity were looked for in the data" in told


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("check", "kpis.csv"), "FILE goes with --inventory only"),
        (("check", "--candidate", "calls"), "--candidate goes with --north-star only"),
        (("check", "--inventory", "--north-star"), "--inventory and --north-star do not go together"),
    ],
)
def test_options_that_do_not_go_together_are_refused(args: tuple[str, ...], said: str) -> None:
    code, told = run(*args)
    assert code == 2
    assert said in told


def test_a_candidate_that_is_no_metric_is_named(company: Path) -> None:
    code, told = run("check", "--north-star", "--candidate", "meeting", "-p", str(company), "--lang", "en")
    assert code == 1
    assert "meetings" in told
