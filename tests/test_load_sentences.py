"""Every code and reason that loading speaks has its sentences in both languages, with fields that the problem fills."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from loading import loading, plan
from shinro import warehouse
from shinro.loads import Reject
from shinro.reports.problems import next_move, says
from shinro.reports.words import LANGUAGES, words

ROOM = Path(warehouse.__file__).parent
CODES = sorted(
    {code for path in ROOM.glob("*.py") for code in re.findall(r'"(L\d{3})"', path.read_text(encoding="utf-8"))}
)
REASONS = (
    "number", "currency", "date", "ambiguous date", "truth", "too many columns", "too few columns", "encoding", "quote",
    "too long", "total", "formula",
)  # fmt: skip
LOST = {  # most cells of a column of amounts, and what is advised
    "199,600円": ("is money of another currency", "The project counts in USD. Export these amounts in USD"),
    "abc": ("is no number", "Name a column of numbers in place of `amount`"),
    "#REF!x,y": ("the row has more columns than the header", "Check the export's delimiter"),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_every_code_has_its_sentences(code: str, lang: str) -> None:
    for part in ("says", "next"):
        assert words(lang).say(f"{code}.{part}") != f"{code}.{part}"


@pytest.mark.parametrize("code", CODES)
def test_both_languages_fill_the_same_fields(code: str) -> None:
    fields = [
        sorted(re.findall(r"{(\w+)}", words(lang).say(f"{code}.says") + words(lang).say(f"{code}.next")))
        for lang in LANGUAGES
    ]
    assert set(fields[0]) == set(fields[1])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_its_words(reason: str, lang: str) -> None:
    assert words(lang).say(f"reject.{reason}") != f"reject.{reason}"


@pytest.mark.parametrize("value", LOST)
def test_a_refused_table_says_why_and_advises_on_that(tmp_path: Path, value: str) -> None:
    cell = f'"{value}"' if value.endswith("円") else value
    rows = ["1,2026-04-01,10", *(f"{n},2026-04-01,{cell}" for n in (2, 3))]
    (tmp_path / "leads.csv").write_text("\n".join(["id,at,amount", *rows]), encoding="utf-8")
    asked = plan(tmp_path, "id:text", "at:time", "amount:number", key="id", time="at", currency="USD")
    _, (refused,) = loading(asked, tmp_path)
    why, advice = LOST[value]
    assert says(refused, words("en")).endswith(f"({why}).")
    assert next_move(refused, words("en")).startswith(advice)
    assert isinstance(refused.args["sample"], Reject)
    assert str(refused.args["case"]) in REASONS
