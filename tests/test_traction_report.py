"""A tale as a document: its sentences in both languages, and everything that must stand beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import cache
from typing import Literal

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from made_up import project_of
from recounting import Number, entry, milestone, month, reports, restated, written
from shinro.analysis.tale import Ground, matures, tale
from shinro.definitions.meaning import meanings
from shinro.definitions.normal import normal_form
from shinro.definitions.project import Project
from shinro.entries import Checkpoint, Draft, Entry, Json, Kind
from shinro.findings.claims import Cohorts, Concentration, Kept, Low, Pledge, Tale
from shinro.findings.forecasts import ConditionOdds, MilestoneOdds
from shinro.periods import Grain
from shinro.problems import Place, Problem
from shinro.record.notes import checkpoint, notes, public
from shinro.record.offline.verify import notes as offline_notes
from shinro.reports.claim_sentences import claim_text, condition_words, factor_text, held_text, mark_text
from shinro.reports.document import Bullets, Document, Grid, Para, Piece, Plot, Section, Statement
from shinro.reports.forms import drawn
from shinro.reports.measuring import measuring
from shinro.reports.readings import Telling
from shinro.reports.rendering import render
from shinro.reports.traction import audience_text, traction_document
from shinro.reports.traction_front import low_text
from shinro.reports.words import words

TEXT = """
company: 青空クラウド
currency: JPY
languages: [ja, en]
story: {starts: 2026-01-01}
sources: {crm: {type: files, path: data/*.csv}}
tables:
  leads: {from: crm.leads, key: id, time: at, entity: id}
  trials: {from: crm.trials, key: id, time: at, times: {paid: paid_at}, entity: id}
  calls: {from: crm.calls, key: id, time: at}
  subscriptions: {from: crm.subscriptions, entity: company, starts: since, ends: until, amount: amount}
metrics:
  leads: {label: {ja: リード数, en: Leads}, count: leads}
  calls: {label: {ja: コール数, en: Calls}, count: calls}
  revenue: {label: {ja: 契約, en: Contracts}, recurring: subscriptions}
  paid_rate:
    label: {ja: 有料転換率, en: Trial-to-paid rate}
    conversion: trials
    to: {table: trials, at: paid}
    within: 30 days
  ltv: {label: LTV, reported: crm.ltv, value: amount, every: month, unit: JPY, better: higher}
  lead_time:
    label: {ja: 受注までの日数, en: Days to close}
    reported: crm.days
    value: n
    every: month
    unit: days
    better: lower
  cash:
    label: {ja: 現預金, en: Cash}
    reported: crm.cash
    value: amount
    every: month
    unit: JPY
    nature: stock
    better: higher
north_star: {metric: leads}
kpis: {paid_rate: {owner: 田中, focus: true}, lead_time: {owner: 田中, focus: true}, ltv: {owner: 田中, focus: true}}
milestones:
  - {id: m6, by: 2026-07-01, reach: [revenue.companies >= 10]}
  - {id: m9, label: {ja: 秋, en: autumn}, by: 2026-10-01, reach: [revenue.companies >= 20]}
traction:
  - audience: investors
    headline: revenue.companies
    supports: [revenue.mrr, revenue.churn_rate, revenue.nrr]
    period: 6 months
    cadence: month
    cash: [cash]
    words: {ja: 続けます。, en: We go on.}
    asks: [{ja: 紹介, en: Introductions}]
    claims:
      - says: {ja: 会社が3社から12社に, en: Companies went from 3 to 12}
        kpi: revenue.companies
        starts: 2026-01-01
        ends: 2026-07-31
        milestone: m6
      - says: {ja: 会社が9倍に, en: Companies grew 9x}
        kpi: revenue.companies
        starts: 2026-01-01
        ends: 2026-07-31
"""
TOP = "revenue.companies"
NUMBERS: dict[str, Sequence[Number]] = {
    TOP: [3, 4, 6, 7, 9, 10, 12],
    "revenue.mrr": [300_000, 400_000, 600_000, 700_000, 900_000, 1_000_000, 1_200_000],
    "revenue.churn_rate": [(n, 10_000) for n in range(400, 279, -20)],
    "revenue.nrr": [(98, 100), (100, 100), (102, 100), (104, 100), (106, 100), (108, 100), (110, 100)],
    "revenue.grr": [(95, 100), (94, 100), (93, 100), (92, 100), (91, 100), (90, 100), (89, 100)],
    "paid_rate": [(1, 25), (4, 25), (7, 25), (10, 25), (13, 25), (16, 25), (19, 25)],
    "ltv": [100_000, 107_000, 114_000, 120_000, 127_000, 133_000, 140_000],
    "lead_time": [62, 58, 55, 52, 49, 45, 41],
    "leads": [50, 48, 46, 44, 42, 40, 30],
    "cash": [9_000_000, 8_000_000, 7_000_000, 6_000_000, 5_000_000, 4_000_000, 3_000_000],
}  # fmt: skip
CHECKPOINT = Checkpoint("shinro/record/x", 99, "cm9vdHJvb3Ryb290cm9vdA==", "note")


@cache
def project() -> Project:
    return project_of(TEXT)


def entries(numbers: dict[str, Sequence[Number]] | None = None) -> list[Entry]:
    found = [milestone("m6", "2026-07-01", ["revenue.companies >= 10"], date(2025, 12, 20), -9)]
    for n, (metric, values) in enumerate((numbers or NUMBERS).items()):
        found += reports(metric, values, 10 * n)
    return found


def told(found: Sequence[Entry] | None = None, lang: str = "ja", **changes: object) -> Tale:
    ground = Ground(
        project=project(),
        traction=project().traction[0],
        meanings=meanings(project()),
        entries=tuple(entries() if found is None else found),
        checkpoint=CHECKPOINT,
        calendar=project().calendar,
        as_of=date(2026, 8, 9),
        today=date(2026, 8, 10),
        lang=lang,
    )
    made = tale(replace(ground, **changes))  # type: ignore[arg-type]
    assert made
    return made


def telling(lang: str = "ja") -> Telling:
    return Telling(words(lang), project())


def document(made: Tale, lang: str = "ja") -> Document:
    forms = {TOP: {"format": "1", "metric revenue recurring": "subscriptions"}}
    return traction_document(made, project(), words(lang), forms, date(2026, 8, 10))


def texts(pieces: Sequence[Piece]) -> list[str]:
    """Every text of a section's pieces."""
    found: list[str] = []
    for piece in pieces:
        match piece:
            case Para():
                found.append(piece.text)
            case Bullets():
                found += [each.text for each in piece.items]
            case Statement():
                found += [piece.sentence, piece.badge, *piece.marks, *(f"{a}: {b}" for a, b in piece.rests_on)]
            case Grid():
                found += [piece.title, *piece.columns, piece.note, *(cell.text for row in piece.rows for cell in row)]
            case Plot():
                found += [piece.title, piece.says, piece.note]
    return found


def section(made: Document, title: str) -> Section:
    (found,) = [each for each in made.sections if each.title == title]
    return found


def sentences(made: Tale, lang: str) -> list[str]:
    return [claim_text(claim, telling(lang)) for claim in made.claims]


def test_the_sentences_in_japanese() -> None:
    found = sentences(told(), "ja")
    assert found[0] == "6か月で契約 有料社数が3社から12社に（4.0倍）"
    assert "6か月で契約 解約率（社数）が4.0%から2.8%まで下がり、LTVが10万円から14万円に（1.4倍）" in found
    assert "6か月で有料転換率を4.0%から76.0%に改善（+72.0pt）" in found
    assert "6か月で契約 NRRを98.0%から110.0%に改善し（+12.0pt）、契約 GRRは95.0%から89.0%に" in found
    assert "6か月で受注までの日数が62日から41日まで下がった" in found
    assert not any("リード数" in each for each in found)


def test_the_sentences_in_english() -> None:
    found = sentences(told(lang="en"), "en")
    assert found[0] == "Contracts Paying companies grew from 3 to 12 in 6 months (4.0x)"
    assert (
        "Contracts Customer churn came down from 4.0% to 2.8% in 6 months; LTV grew 1.4x, from ¥100K to ¥140K"
    ) in found
    assert "Trial-to-paid rate improved from 4.0% to 76.0% in 6 months (+72.0pt)" in found
    assert "Days to close came down from 62 days to 41 days in 6 months" in found


@pytest.mark.parametrize(
    ("factor", "ja", "en"),
    [("4", "4.0倍", "4.0x"), ("1.05", "+5.0%", "+5.0%"), ("250", "250倍", "250x"), ("1.4", "1.4倍", "1.4x")],
)
def test_how_many_times(factor: str, ja: str, en: str) -> None:
    assert [factor_text(Fraction(factor), telling(lang)) for lang in ("ja", "en")] == [ja, en]


def test_from_nothing_there_is_no_multiple() -> None:
    made = told(entries({TOP: [0, 4, 6, 7, 9, 10, 12]}))
    assert sentences(made, "ja")[0] == "6か月で契約 有料社数が0社から12社に"
    assert sentences(made, "en")[0] == "Contracts Paying companies went from 0 to 12 in 6 months"


def test_a_claim_stands_with_what_it_rests_on() -> None:
    (first, *_) = [each for each in section(document(told()), "記録が示す成果").pieces if isinstance(each, Statement)]
    assert first.badge == "約束どおり達成"
    rests = dict(first.rests_on)
    assert rests["KPI"] == "契約 有料社数 (revenue.companies)"
    assert rests["期間"] == "2026年1月〜2026年7月（月次、公表済みの7期間）"
    assert rests["マイルストーン"] == (
        "m6: 契約 有料社数 ≥ 10（期日 2026年7月1日、宣言 2025年12月20日、達成 2026年6月30日から）"
    )
    assert rests["根拠"] == "記録の項目 #0、#6、チェックポイント 99:cm9vdHJvb3Ryb290"
    assert rests["会社の言葉"] == "会社が3社から12社に"


@pytest.mark.parametrize(
    ("lang", "absent", "notes"),
    [
        ("en", "not published", ["1 period within was not published.", "1 period is undefined (–)."]),
        ("ja", "未公表", ["途中の未公表の期間: 1", "定義できない期間（–）: 1期間。"]),
    ],
)
def test_what_is_undefined_and_what_was_not_published_are_told_apart(lang: str, absent: str, notes: list[str]) -> None:
    """The fifth month is 0 / 0, and the sixth was never published."""
    values: list[Number] = [3, 4, 5, 7, None, 8, 9]
    found = [each for each in entries({"revenue.companies": values}) if each.draft.period != month(5)]
    (plot,) = [each for each in document(told(found, lang), lang).sections[0].pieces if isinstance(each, Plot)]
    shown = {row[0]: row[1] for row in drawn.rows(plot, words(lang))}
    assert [shown[place] for place in ("2026-04", "2026-05", "2026-06", "2026-07")] == ["7", "–", absent, "9"]
    assert [note in plot.note for note in notes] == [True, True]


def test_one_final_period_is_compared_with_nothing() -> None:
    """It would be compared with itself, and be the same."""
    found = entries(
        {"revenue.companies": [None, None, None, None, None, None, 9], "revenue.mrr": [1, 2, 3, 4, 5, 6, 7]}
    )
    pieces = document(told(found, "en"), "en").sections[0].pieces
    rows = [[cell.text for cell in row] for each in pieces if isinstance(each, Grid) for row in each.rows]
    assert [row[1:5] for row in rows if row[4] == "1"] == [["9", "9", "–", "1"]]
    says = [each.says for each in pieces if isinstance(each, Plot)]
    assert says[0].endswith("in Jul 2026, the one final period")


def test_small_bases_and_unplanned_claims_are_marked() -> None:
    pieces = section(document(told(lang="en"), "en"), "What the record shows").pieces
    rate = next(each for each in pieces if isinstance(each, Statement) and "Trial-to-paid" in each.sentence)
    assert rate.badge == "unplanned"
    assert any("19 of 25" in mark for mark in rate.marks)
    assert any("Trial-to-paid rate" in mark and "`" not in mark for mark in rate.marks)


def test_what_was_restated_stands_with_both_values_both_days_and_the_reason() -> None:
    found = entries()
    found.append(restated(found[7], 11, 950, datetime(2026, 8, 8, tzinfo=UTC), "1社を二重に数えていた"))
    made = document(told(found))
    (line,) = [each for each in texts(section(made, "修正した数値").pieces) if each]
    assert line == (
        "契約 有料社数、2026年7月: 12社（2026年8月5日公表）→ 11社（2026年8月8日公表）。理由: 1社を二重に数えていた"
    )
    assert section(made, "修正した数値").evidence == ("記録の項目 #6、#950",)


def test_what_was_written_after_the_day_we_stand_on_is_not_told() -> None:
    found = entries()
    found.append(restated(found[7], 11, 950, written(month(9)), "later"))
    assert not [each for each in document(told(found)).sections if each.title == "修正した数値"]


@pytest.mark.parametrize(
    ("ended", "breaks", "ja", "en"),
    [
        (None, False, "2026年8月31日から", "from Aug 31, 2026"),
        (None, True, "2026年8月31日から、途切れあり", "from Aug 31, 2026, with breaks"),
        (7, False, "2026年8月のみ", "in Aug 2026 only"),
        (8, False, "2026年8月31日から2026年9月30日のみ", "from Aug 31, 2026 to Sep 30, 2026 only"),
        (
            9,
            True,
            "2026年8月31日から2026年10月31日まで、途切れあり",
            "between Aug 31, 2026 and Oct 31, 2026, with breaks",
        ),
    ],
)
def test_what_held_for_a_time_reads_as_that(ended: int | None, ja: str, en: str, *, breaks: bool) -> None:
    end = None if ended is None else month(ended)
    pledge = Pledge(Kept.LATE, "m3", reached=date(2026, 8, 31), grain=Grain.MONTH, ended=end, breaks=breaks)
    assert held_text(pledge, Telling(words("ja"), project_of(TEXT))) == ja
    assert held_text(pledge, Telling(words("en"), project_of(TEXT))) == en


@pytest.mark.parametrize(
    ("ended", "unseen", "ja", "en"),
    [
        (None, False, "2026年8月31日から。それより前の2期間も", "from Aug 31, 2026; in 2 earlier periods too"),
        (7, False, "2026年8月。それより前の2期間も", "in Aug 2026; in 2 earlier periods too"),
        (
            8,
            True,
            "2026年8月31日から2026年9月30日まで。その前に未公表か定義できない期間があり、さらに前の2期間も",
            "from Aug 31, 2026 to Sep 30, 2026, behind a gap (not published, or undefined); in 2 earlier periods too",
        ),
    ],
)
def test_what_held_before_that_too_is_never_told_to_be_the_only_time(
    ended: int | None, ja: str, en: str, *, unseen: bool
) -> None:
    end = None if ended is None else month(ended)
    pledge = Pledge(Kept.LATE, "m3", reached=date(2026, 8, 31), grain=Grain.MONTH, ended=end, earlier=2, unseen=unseen)
    assert held_text(pledge, Telling(words("ja"), project_of(TEXT))) == ja
    assert held_text(pledge, Telling(words("en"), project_of(TEXT))) == en


def test_milestones_with_their_outcome_and_those_that_were_never_recorded() -> None:
    found = entries()
    found[0] = milestone("m6", "2026-05-01", ["revenue.companies >= 10"], date(2025, 12, 20), -9)
    found.append(milestone("m6", "2026-07-01", ["revenue.companies >= 9"], date(2026, 4, 20), -8, replaces=-9))
    made = document(told(found))
    text = texts(section(made, "マイルストーン: 約束と達成").pieces)
    assert "見直し後に達成" in text or "期日は未達、その後達成" in text
    assert any("「m6」は2026年4月20日に見直しました（項目 #-9）" in each for each in text)
    assert any("約束として数えないもの: 秋" in each for each in text)
    assert any("「m6」" in each for each in texts(section(made, "足りなかったこと").pieces))


def test_what_fell_short_is_always_there() -> None:
    assert any("リード数が悪化: 50（2026年1月）から30（2026年7月）" in each for each in fell(told()))
    fine = told(entries({TOP: [3, 4, 6, 7, 9, 10, 12]}))
    assert any("足りなかったことは見つかりませんでした" in each for each in fell(fine))


def fell(made: Tale) -> list[str]:
    return texts(section(document(made), "足りなかったこと").pieces)


def test_a_refused_sentence_is_named_with_the_reason() -> None:
    made = told(lang="en")
    assert [each.text for each in made.refused] == ["Companies grew 9x"]
    text = texts(section(document(made, "en"), "Refused and marked").pieces)
    assert any("“Companies grew 9x” – " in each and "(R" in each for each in text)


@pytest.mark.parametrize(("lang", "title"), [("ja", "語らなかったこと・注意点"), ("en", "Refused and marked")])
def test_a_report_tells_the_refusal_of_its_own_language_alone_and_once(lang: str, title: str) -> None:
    made = told(lang=lang)
    (line,) = [each for each in texts(section(document(made, lang), title).pieces) if "9倍" in each or "9x" in each]
    mine, other = ("9倍", "9x") if lang == "ja" else ("9x", "9倍")
    assert mine in line
    assert other not in line
    said = [each.args["said"] for refused in made.refused for each in refused.problems if "said" in each.args]
    assert len(said) == len(set(said)) > 0


def test_what_only_another_language_says_wrong_is_refused_with_that() -> None:
    text = TEXT.replace("{ja: 会社が9倍に, en: Companies grew 9x}", "{ja: 会社が3社から12社に, en: Companies grew 9x}")
    other = project_of(text)
    made = told(project=other, traction=other.traction[0])
    (refused,) = made.refused
    assert refused.text == "会社が3社から12社に"
    assert any("9x" in str(each.args) for each in refused.problems)


def test_the_same_metrics_as_last_time() -> None:
    last = Draft(kind=Kind.TOLD, subject="investors", data={"metrics": [TOP, "calls", "gone"]})
    other = Draft(kind=Kind.TOLD, subject="board", data={"metrics": ["cash"]})
    at = datetime(2026, 5, 1, tzinfo=UTC)
    found = [*entries(), *reports("calls", [9, 8, 7], 960), entry(970, last, at), entry(971, other, at)]
    text = texts(section(document(told(found)), "前回と同じ指標か").pieces)
    assert "前回（2026年8月5日、項目 #970）は語り、今回は語らない指標:" in text
    assert "コール数: 記録では9（2026年1月）から7（2026年3月）" in text
    assert "gone: この頻度の記録がありません" in text
    days: dict[str, Json] = {"starts": "2025-05-01", "ends": "2026-04-30"}
    same = Draft(kind=Kind.TOLD, subject="investors", data={"metrics": [TOP], **days})
    again = texts(section(document(told([*entries(), entry(970, same, at)])), "前回と同じ指標か").pieces)
    assert again == [
        "前回（2026年8月5日、項目 #970）と同じ指標です。外した指標はありません。",
        "前回（2025年5月〜2026年4月）より短い期間を語っています。",
    ]


def test_money_and_customers_whose_names_are_hidden() -> None:
    shares = (("", Fraction(1, 2)), ("", Fraction(1, 4)))
    concentration = Concentration(meanings(project())["revenue.mrr"], 9, shares, month(6))
    text = texts(section(document(told(concentration=concentration)), "資金と売上の集中").pieces)
    assert "9社のうち上位2社で契約 MRRの75.0%を占めます（2026年7月）。" in text
    assert "顧客1" in text
    assert "300万円" in text
    named = replace(concentration, shares=(("A社", Fraction(1, 2)),), named=True)
    assert "A社" in texts(section(document(told(concentration=named)), "資金と売上の集中").pieces)


def test_cohorts_are_shown_whole_and_what_is_next_with_its_probability() -> None:
    rows = ((month(0), Fraction(10), (Fraction(1), Fraction(1, 2))), (month(1), Fraction(0), (None,)))
    cohorts = (Cohorts(meanings(project())["leads"], Grain.MONTH, rows),)
    odds = ConditionOdds("revenue.companies >= 20", TOP, meanings(project())[TOP], None)
    ahead = (MilestoneOdds("m9", date(2026, 10, 1), 0.3, (odds,)),)
    made = document(told(cohorts=cohorts, odds=ahead))
    assert "50.0%" in texts(section(made, "コホート（すべて）").pieces)
    text = texts(section(made, "これから").pieces)
    shown = ["秋", "30%", "・契約 有料社数 ≥ 20", "判断できない"]
    assert [each for each in text if each in shown] == shown
    assert any(
        "達成より未達の可能性が高い（達成の確率 30%）" in each
        for each in texts(section(made, "足りなかったこと").pieces)
    )


def test_a_cohort_of_a_running_period_is_marked_and_the_day_of_the_data_is_its_grid_s_note() -> None:
    rows = tuple((month(n), Fraction(10), (Fraction(1),)) for n in (6, 7))
    found = told(cohorts=(Cohorts(meanings(project())["leads"], Grain.MONTH, rows),))
    found = replace(found, as_of=date(2026, 8, 10))
    (grid,) = section(document(found), "コホート（すべて）").pieces
    assert isinstance(grid, Grid)
    assert [row[0].text for row in grid.rows] == ["2026年7月", "2026年8月 …"]
    assert "…は途中の期間" in grid.note
    assert grid.note.endswith("記録ではなく、2026年8月10日時点のデータから計算したものです。")
    (english,) = section(document(found, "en"), "Cohorts, all of them").pieces
    assert isinstance(english, Grid)
    assert "…: still running" in english.note
    (over,) = section(document(replace(found, as_of=date(2026, 8, 31))), "コホート（すべて）").pieces
    assert isinstance(over, Grid)
    assert "途中" not in over.note


def test_the_foot_stands_with_the_checkpoint_and_says_draft() -> None:
    assert document(told()).foot.startswith("下書き（記録には未登録） · 記録のチェックポイント 99:cm9v")
    assert document(told(published=True)).foot.startswith("記録のチェックポイント 99:cm9v")
    assert "下書き" in document(told(checkpoint=None)).foot


def test_a_chart_starts_where_the_record_does_and_says_what_it_lacks() -> None:
    found = [each for each in entries() if not (each.draft.subject == TOP and each.seq == 2)]
    made = document(told(found))
    plot = next(each for each in section(made, "主要な数値").pieces if isinstance(each, Plot))
    assert plot.places == tuple(f"2026-0{n}" for n in range(1, 8))
    assert plot.lines[0].values[2] is None
    assert "途中の未公表の期間: 1期間。" in plot.note
    assert plot.unit == "社"


@pytest.mark.parametrize(
    ("gone", "says"), [({2}, "1 period within was not published."), ({2, 3}, "2 periods within were not published.")]
)
def test_one_is_told_as_one(gone: set[int], says: str) -> None:
    found = [each for each in entries() if not (each.draft.subject == TOP and each.seq in gone)]
    alone = Concentration(meanings(project())["revenue.mrr"], 1, (("", Fraction(1)),), month(6))
    made = document(told(found, "en", concentration=alone), "en")
    text = " ".join(text for each in made.sections for text in texts(each.pieces))
    assert says in text
    assert "1 customer of 1 makes 100.0% of" in text


def test_without_a_headline_in_the_record_that_is_said() -> None:
    made = told(entries({"leads": [1, 2, 3, 4]}))
    assert made.headline is None
    assert "見出しの指標は、まだ記録にありません。" in texts(section(document(made), "主要な数値").pieces)
    assert any("宣言した期間は" in each for each in texts(section(document(made), "主要な数値").pieces))


def test_nothing_published_is_no_tale() -> None:
    ground = Ground(
        project(), project().traction[0], {}, (), None, project().calendar, date(2026, 8, 9), date(2026, 8, 10)
    )
    assert tale(ground) is None


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_same_tale_makes_the_same_bytes(lang: str) -> None:
    found = entries()
    made = document(told(found, lang=lang), lang)
    assert render(made, "md") == render(document(told(found[::-1], lang=lang), lang), "md")


def test_a_milestone_that_was_edited_after_its_miss_shows_it_in_what_fell_short() -> None:
    first = milestone("m3", "2026-05-01", ["revenue.companies >= 10", "revenue.mrr >= 400000"], date(2025, 12, 20), -8)
    for reach, texts in (
        (["revenue.companies >= 5", "revenue.mrr >= 400000"], {"· Contracts Paying companies ≥ 5": "retrospective"}),
        (
            ["revenue.mrr >= 400000"],
            {"· Contracts Paying companies ≥ 10 (not promised any more)": "missed on its day, reached"},
        ),
    ):
        made = told([*entries(), first, milestone("m3", "2026-05-01", reach, date(2026, 5, 8), 900)])
        shown = document(made, "en")
        (grid,) = [each for each in section(shown, "Milestones: promised and reached").pieces if isinstance(each, Grid)]
        rows = {row[0].text: row[3].text for row in grid.rows}
        assert rows["m3"] == "reached as moved"
        assert [rows[text].startswith(kept) for text, kept in texts.items()] == [True]
        text = next(low_text(each, telling("en")) for each in made.lows if each.promise and each.promise.title == "m3")
        assert text.startswith("m3 (due May 1, 2026) was reached only as it was moved: ")
        assert (
            "as promised before (Contracts Paying companies ≥ 10, Contracts MRR ≥ ¥400K, due May 1, 2026): missed"
            in text
        )
        assert "before its day" not in text


def test_a_milestone_that_holds_by_a_restated_figure_says_so_where_it_stands() -> None:
    reported = entries(NUMBERS | {TOP: [3, 4, 6, 7, 9, 9, 12]})
    june = next(each for each in reported if (each.draft.subject, each.draft.period) == (TOP, month(5)))
    again = restated(june, 11, 900, datetime(2026, 8, 6, tzinfo=UTC), "one was typed in late")
    made = told([*reported, again])
    shown = document(made, "en")
    (grid,) = [each for each in section(shown, "Milestones: promised and reached").pieces if isinstance(each, Grid)]
    assert [row[3].text for row in grid.rows[:2]] == [
        "promised and reached on time, by restated figures",
        "promised and reached on time by restated figures; as first published: missed on its day, reached later",
    ]
    (text,) = [low_text(each, telling("en")) for each in made.lows if each.key == "low.restated"]
    assert text.startswith("m6 (due Jul 1, 2026) is judged by restated figures: Contracts Paying companies ≥ 10: ")
    claim = next(each for each in made.claims if each.track.metric == TOP)
    assert claim.pledge.first is Kept.LATE
    badges = [each.badge for each in section(shown, "What the record shows").pieces if isinstance(each, Statement)]
    assert any(badge.endswith("as first published: missed on its day, reached later") for badge in badges)


def test_a_day_that_is_still_to_come_is_not_called_missed() -> None:
    first = milestone("m3", "2026-05-01", ["revenue.companies >= 10", "leads >= 9"], date(2025, 12, 20), -8)
    after = milestone(
        "m3b", "2026-12-31", ["revenue.companies >= 20", "leads >= 9"], date(2026, 8, 5), 900, replaces=-8
    )
    for lang, words_, name in (
        ("en", "missed as promised before; its day is still to come", "m3b took the place of m3 on Aug 5, 2026"),
        ("ja", "見直し前の約束は未達、期日はこれから", "「m3」は2026年8月5日に「m3b」に見直しました"),
    ):
        made = told([*entries(), first, after], lang=lang)
        found = section(document(made, lang), telling(lang).say("tale.promises")).pieces
        (grid,) = [each for each in found if isinstance(each, Grid)]
        rows = {row[0].text: row[3] for row in grid.rows}
        assert (rows["m3b"].text, rows["m3b"].tone) == (words_, "bad")
        assert [row.text for text, row in rows.items() if "20" in text] == [words_]
        assert any(text.startswith(name) for text in texts(found))
        (low,) = [low_text(each, telling(lang)) for each in made.lows if each.promise and each.promise.title == "m3b"]
        expected = {"en": "which is still to come) was missed as promised before: as", "ja": "はこれから）: 見直し前の"}
        assert expected[lang] in low
    late = told([*entries(), first, after], today=date(2027, 1, 5))
    (low,) = [low_text(each, telling("en")) for each in late.lows if each.promise and each.promise.title == "m3b"]
    assert low.startswith("m3b (due Dec 31, 2026) cannot be told")


def test_a_milestone_that_another_replaced_or_that_has_no_name_is_in_the_record() -> None:
    more = "  - {id: m6b, by: 2026-12-01, reach: [revenue.companies >= 30], replaces: m6}\n"
    more += (
        "  - {by: 2027年1月1日, reach: [revenue.companies >= 40]}\n  - {id: new, by: 2027-02-01, reach: [leads >= 1]}\n"
    )
    asked = project_of(TEXT.replace("traction:\n", f"{more}traction:\n", 1))
    after = milestone("m6b", "2026-12-01", ["revenue.companies >= 30"], date(2026, 8, 5), 900, replaces=-9)
    unnamed = milestone("2027-01-01", "2027-01-01", ["revenue.companies >= 40"], date(2026, 8, 5), 901)
    assert told([*entries(), after, unnamed], project=asked).unrecorded == ("m9", "new")


def test_a_change_is_told_with_its_day() -> None:
    after = milestone("m6", "2026-12-01", ["revenue.companies >= 30"], date(2026, 8, 5), 900)
    made = told([*entries(), after])
    (text,) = [low_text(each, telling("en")) for each in made.lows if each.key == "low.replaced"]
    assert text.startswith("m6 was changed on Aug 5, 2026 (now due Dec 1, 2026)")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_lowlight_and_audience_has_its_words(lang: str) -> None:
    known = telling(lang)
    keys = ("missed", "late", "moved", "unknown", "replaced", "given_up", "fell", "dipped", "unclear", "slower",
            "holes", "stopped", "unlikely", "stale",
            "partly", "past", "redefined", "restated", "unlike", "renamed", "turned")  # fmt: skip
    assert [key for key in keys if not low_text(Low(f"low.{key}", None), known).strip()] == []
    assert [key for key in keys if low_text(Low(f"low.{key}", None), known).startswith("tale.")] == []
    assert audience_text(replace(told(), audience="我が母"), known) == "我が母"


def test_words_of_rules_name_metrics_as_readers_do() -> None:
    found = Problem(Place("x"), "R602", {"case": "retrospective", "metric": TOP, "text": "revenue.companies >= 10"})
    assert "契約 有料社数 ≥ 10" in mark_text(found, telling())
    assert condition_words("展示会に出る", telling()) == "展示会に出る"


def test_a_conversion_is_final_only_when_its_young_are_grown() -> None:
    assert [matures(project(), metric) for metric in ("paid_rate", "leads", "none")] == [30, 0, 0]


def of_another_definition(found: Sequence[Entry], metric: str, periods: int) -> list[Entry]:
    """The newest periods of a metric as measured by another definition."""
    last = sorted(each.seq for each in found if each.draft.subject == metric)[-periods:]
    return [
        replace(each, draft=replace(each.draft, origin=replace(each.draft.origin, definition="b" * 64)))
        if each.seq in last and each.draft.origin
        else each
        for each in found
    ]


def test_what_two_definitions_measured_is_not_claimed_and_that_is_said() -> None:
    made = told(of_another_definition(entries(), TOP, 3))
    assert TOP not in [each.track.metric for each in made.claims if not each.written]
    assert "low.redefined" in [each.key for each in made.lows]
    shown = section(document(made, "en"), "Headline").pieces
    plot = next(each for each in shown if isinstance(each, Plot))
    assert plot.note == "Measured by another definition from May 2026 on."
    grid = next(each for each in shown if isinstance(each, Grid))
    assert grid.rows[0][3].text == "–"


def test_a_report_of_the_past_says_that_the_record_goes_on() -> None:
    assert "low.past" not in [each.key for each in told().lows]
    low = next(each for each in told(today=date(2026, 5, 15)).lows if each.key == "low.past")
    assert "the record goes on with" in low_text(low, telling("en"))


def test_a_milestone_that_the_file_says_otherwise_than_the_record_has_no_probability() -> None:
    odds = ConditionOdds("revenue.companies >= 10", TOP, meanings(project())[TOP], 0.99)
    ahead = (MilestoneOdds("m6", date(2026, 7, 1), 0.99, (odds,)),)
    assert told(odds=ahead).odds == ahead
    declared = milestone("m6", "2026-07-01", ["revenue.companies >= 100"], date(2025, 12, 20), -9)
    made = told([declared, *[each for each in entries() if each.draft.kind is not declared.draft.kind]], odds=ahead)
    assert made.odds == ()
    assert "low.unlike" in [each.key for each in made.lows]


@pytest.mark.parametrize("form", ["md", "html"])
def test_the_report_holds_the_signed_checkpoint_so_that_the_file_itself_can_be_checked(
    form: Literal["md", "html"],
) -> None:
    key = Ed25519PrivateKey.generate()
    signed = checkpoint("shinro/record/x", 99, b"r" * 32, [key])
    text = render(document(told(checkpoint=signed)), form).decode()
    (found,) = notes(text)
    assert found.checkpoint == signed
    assert found.signed_by(public(key))
    (offline,) = offline_notes(text)
    assert (offline.size, offline.root) == (99, b"r" * 32)


def test_what_is_counted_is_told_in_the_readers_words() -> None:
    forms = {"paid_rate": normal_form(project(), "paid_rate", Grain.MONTH)}
    for lang, said in (
        ("ja", ("有料転換率: paid_rate 転換: trials、", "期限: 30 days", "; 表 trials ", "行を区別する列: id")),
        ("en", ("Trial-to-paid rate: paid_rate conversion: trials, ", "within: 30 days", "; table trials ", "key: id")),
    ):
        how = measuring("paid_rate", forms["paid_rate"], telling(lang))
        assert [part in f"{telling(lang).label('paid_rate')}: {how}" for part in said] == [True] * 4, how
    both = {
        "metric b derived": "a + 1",
        "metric a count": "leads",
        "metric a odd": "1",
        "table t column x": "X",
        "z": "0",
    }
    assert measuring("b", both, telling("ja")) == "b 計算式: a + 1; a 件数: leads、odd: 1; 表 t 列 x: X"


def test_several_metrics_of_a_problem_are_called_by_their_labels() -> None:
    found = Problem(Place("shinro.yaml"), "R610", {"case": "alone", "metrics": ["leads", "calls"]})
    assert mark_text(found, telling("ja")).startswith("リード数、コール数 は")


def test_a_definition_that_was_edited_since_stands_as_it_measured_the_numbers() -> None:
    now = {"leads": normal_form(project(), "leads", Grain.MONTH)}
    then = {"leads": {**now["leads"], "metric leads where": "paid"}}
    texts_of = [
        texts(
            section(traction_document(told(), project(), words("en"), forms, date(2026, 8, 10)), "Definitions").pieces
        )
        for forms in (now, then)
    ]
    assert not any("defines these otherwise" in each for each in texts_of[0])
    assert any(each.endswith("measured: Leads.") for each in texts_of[1])
    assert any("leads count: leads, date: at, where: paid" in each for each in texts_of[1])


def test_a_new_audience_is_told_that_others_were_told_before() -> None:
    before = entry(
        950, Draft(kind=Kind.TOLD, subject="partners", data={"metrics": ["leads"]}), datetime(2026, 8, 1, tzinfo=UTC)
    )
    text = texts(section(document(told([*entries(), before]), "en"), "The same metrics as last time").pieces)
    assert "The record holds earlier tellings to others: partners. What those were told may differ." in text


def test_a_figure_that_was_restated_twice_tells_each_step_by_its_own_values() -> None:
    found = entries()
    found.append(restated(found[7], 99, 950, datetime(2026, 8, 7, tzinfo=UTC), "A"))
    found.append(restated(found[-1], 12, 951, datetime(2026, 8, 8, tzinfo=UTC), "B"))
    made = section(document(told(found), "en"), "Restated figures")
    first, second = [each for each in texts(made.pieces) if each]
    assert ": 12 (published Aug 5, 2026) became 99 (published Aug 7, 2026); reason: A" in first
    assert ": 99 (published Aug 7, 2026) became 12 (published Aug 8, 2026); reason: B" in second
    assert made.evidence == ("record entries #6 and #950", "record entries #950 and #951")
