"""The Markdown: read by a parser it holds just the blocks that were meant, and every text as it was written."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.token import Token

from documents import STRINGS, hostile, rendered
from inertness import BLOCKS, READER, WITHIN, acting
from shinro.reports.forms.markdown import JOINER, escaped
from shinro.reports.inert import inert


def kinds(tokens: list[Token]) -> set[str]:
    return {re.sub(r"_(?:open|close)$", "", each.type) for each in tokens}


@pytest.mark.parametrize("text", STRINGS, ids=lambda text: ascii(text[:24]))
@pytest.mark.parametrize("around", ["{}", "- {}", "# {}", "- **{}** ({})", "| {} | b |\n| --- | --- |\n| {} | d |"])
def test_a_hostile_text_is_one_text_wherever_it_stands(text: str, around: str) -> None:
    tokens = READER.parse(around.replace("{}", escaped(text)))
    assert kinds(tokens) <= BLOCKS
    assert {each.type for token in tokens for each in token.children or ()} <= WITHIN
    read = ["".join(each.content for each in token.children or ()) for token in tokens if token.type == "inline"]
    assert " ".join(inert(text).split()) in read[0].replace(JOINER, "")


@given(st.text(max_size=60) | st.text("*_`[]()<>|~#+-=.!&@$\\ 1a:/w", max_size=40))
def test_any_text_is_one_text_in_a_cell_and_in_a_line(text: str) -> None:
    plain = " ".join(inert(text).split())
    for around in ("| x{}x | b |\n| --- | --- |\n| c | d |", "- {}"):
        tokens = READER.parse(around.format(escaped(text)))
        assert kinds(tokens) <= BLOCKS
        assert {each.type for token in tokens for each in token.children or ()} <= WITHIN
        read = "".join(each.content for token in tokens for each in token.children or ()).replace(JOINER, "")
        assert plain in " ".join(read.split())


def test_a_hostile_document_has_no_link_no_picture_no_element_and_no_block_of_a_users() -> None:
    file = rendered("hostile", "md")
    assert acting("md", file) == []
    tokens = READER.parse(file.decode())
    heads = [token for token in tokens if token.type == "heading_open"]
    assert len(heads) == 1 + len(hostile().sections)


def test_a_document_reads_as_a_person_would_write_it() -> None:
    text = rendered("ja", "md").decode()
    for line in (
        "# 髙﨑𠮷①㈱ 成長の記録",
        "## 言えること",
        "- **6か月で有料契約社数が3社から12社に(4.0倍)** (✓ 約束どおり)",
        "  - KPI：有料契約社数",
        "| 顧客 | 月額 | 比率 | 前月比 | 備考 |",
        "| --- | ---: | ---: | ---: | --- |",
        "| 髙﨑𠮷①㈱第1商事 | 1,234円 | 0.1% | -29.0pt |  |",
        "| 2026年6月 (集計途中) | 5 | 14 |",
        "| 2026年1月 | – | 8 |",
    ):
        assert line in text.splitlines()
    assert "shinro record verify" in text
    assert text.count("\n\n\n") == 0


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("18.2% から 27.5% に", "18.2% から 27.5% に"),
        ("$1.2M to $3M", "$1.2M to $3M"),
        ("-29.0pt", "-29.0pt"),
        ("- item", r"\- item"),
        ("2026. 4", r"2026\. 4"),
        ("lead_to_won", "lead_to_won"),
        ("_i_ a_", r"\_i\_ a\_"),
        ("< 1% & more, a <b> &amp;", r"< 1% & more, a \<b> \&amp;"),
        ("> quote", r"\> quote"),
        ("$x$", r"\$x\$"),
        ("a|b", r"a\|b"),
    ],
)
def test_only_what_would_be_read_otherwise_is_escaped(said: str, written: str) -> None:
    assert escaped(said) == written
