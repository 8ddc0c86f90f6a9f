"""What explain says, word by word: what no driver holds, what lies before, and why there is nothing in times."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from shinro.cli import main

METRIC = "{{label: {label}, reported: sheet.m, value: {name}, every: month, nature: flow, better: higher}}"
HEAD = "company: Aozora\ntimezone: Asia/Tokyo\nlanguages: [en, ja]\nsources: {sheet: {type: files, path: data/*.csv}}\n"


def written(folder: Path, tree: Sequence[str], columns: str, rows: Sequence[str]) -> None:
    """A project whose star is `t`, with a sheet of a row a month."""
    metrics = [f"  {name}: {METRIC.format(label=name.upper(), name=name)}" for name in columns.split(",")]
    lines = [HEAD + "metrics:", *metrics, "north_star: {metric: t}", "tree:", *(f"  {each}" for each in tree)]
    (folder / "data").mkdir()
    (folder / "shinro.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    numbered = [f"2026-{n:02d}-01,{row}" for n, row in enumerate(rows, 1)]
    (folder / "data" / "m.csv").write_text("\n".join([f"date,{columns}", *numbered]) + "\n", encoding="utf-8")


def said(folder: Path, capsys: pytest.CaptureFixture[str], *args: str) -> str:
    with pytest.raises(SystemExit):
        main(["explain", "-p", str(folder), *args])
    return " ".join(capsys.readouterr().out.split())


SUM = (["t: a + b"], "a,b,t", ["10,2,14", "12,3,20", "15,4,19", "15,5,60"])


@pytest.mark.parametrize(
    ("lang", "off", "best"),
    [
        ("en", "Most of it (+40) is held by no driver", "What helped most is B (+1)."),
        ("ja", "その大半(+40)はどのドライバーにもありません", "B(+1)。"),
    ],
)
def test_a_rise_that_no_driver_holds_is_said_before_what_helped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, off: str, best: str
) -> None:
    written(tmp_path, *SUM)
    text = said(tmp_path, capsys, "--lang", lang)
    assert text.index(off) < text.index(best)


def test_a_rise_that_a_driver_holds_is_not_said_to_be_held_by_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, ["t: a + b"], "a,b,t", ["10,2,12", "20,3,24"])
    assert "held by no driver:" not in said(tmp_path, capsys, "--lang", "en")


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "Not explained by its parts: T, over 3 periods together +12"),
        ("ja", "内訳と合わない分: T(3期間の合計) +12"),
    ],
)
def test_what_a_chain_sums_is_told_as_a_sum(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, line: str
) -> None:
    written(tmp_path, ["t: previous + a"], "a,t", ["0,10", "1,14", "1,18", "1,25"])
    assert line in said(tmp_path, capsys, "--lang", lang, "--from", "2026-01", "--chained")


@pytest.mark.parametrize(
    ("lang", "cause", "row"),
    [
        ("en", "The main cause is A, 2 periods earlier (-5)", "A, before 0 9 +9 +3"),
        ("ja", "主因はA(2期間前)(-5)", "A(前の期間) 0 9 +9 +3"),
    ],
)
def test_earlier_periods_are_named_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, cause: str, row: str
) -> None:
    written(tmp_path, ['t: "mean(a, 3)"'], "a,t", ["6,6", "15,8", "0,7", "9,8", "9,6"])
    text = said(tmp_path, capsys, "--lang", lang)
    assert cause in text
    assert row in text


TIMES = {
    "level": (["t: s / a", "s: x * y + a"], "a,x,y,s,t", ["2,3,0,2,1", "2,3,2,8,4"], "Y is not above zero throughout"),
    "term": (["t: x * (x - y)"], "x,y,t", ["3,3,0", "3,1,6"], "T is not above zero throughout"),
    "inner": (["t: x * (x - y) + y"], "x,y,t", ["3,3,3", "3,1,7"], "a part of the formula of T is not above zero"),
    "call": (["t: greatest(x, y)"], "x,y,t", ["3,2,3", "3,5,5"], "greatest(x, y) is neither a sum nor a product"),
}


@pytest.mark.parametrize("case", TIMES)
def test_why_there_is_nothing_in_times_is_told_by_what_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    tree, columns, rows, expected = TIMES[case]
    written(tmp_path, [each.replace(": ", ': "', 1) + '"' for each in tree], columns, rows)
    assert f"It cannot be told in times: {expected}" in said(tmp_path, capsys, "--lang", "en", "--times")
    japanese = said(tmp_path, capsys, "--lang", "ja", "--times")
    assert "倍率では示せません" in japanese
    assert "explain." not in japanese
