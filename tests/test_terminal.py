from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from shinro.reports.inert import inert
from shinro.reports.report import Cell, Column, Heading, Line, Lines, Report, Table, lines
from shinro.reports.terminal import render, wrapped
from shinro.series import State

TABLE = Table(
    (Column("指標", main=True), Column("状態", main=True), Column("実績", "right"), Column("推移", bare=True)),
    (
        (Cell("商談化リード数", "strong"), Cell("▼ 遅れ", State.BEHIND), Cell("34"), Cell("▁▄█")),
        (Cell("返信率"), Cell("● 順調", State.ON_COURSE), Cell("1,234"), Cell("")),
    ),
)


def told(*blocks: Heading | Lines | Table, width: int = 60, colour: bool = False) -> str:
    return render(Report("ja", blocks), width, colour=colour)


def test_a_table_lines_up_wide_characters() -> None:
    assert told(TABLE) == (
        "指標            状態     実績  推移\n商談化リード数  ▼ 遅れ     34  ▁▄█\n返信率          ● 順調  1,234\n"
    )


def test_a_table_without_room_becomes_a_few_lines_a_row() -> None:
    assert told(TABLE, width=26) == "商談化リード数  ▼ 遅れ\n  実績 34 · ▁▄█\n返信率  ● 順調\n  実績 1,234\n"


def test_headings_are_set_apart() -> None:
    report = told(Heading("青空", 1), lines("a"), Heading("北極星"), lines(Line("b", indent=2)))
    assert report == "青空\n════\na\n\n北極星\n  b\n"


def test_colour_only_where_asked_for_and_never_alone() -> None:
    plain, coloured = told(TABLE), told(TABLE, colour=True)
    assert "\x1b" not in plain
    assert "\x1b[31m▼ 遅れ\x1b[0m" in coloured
    assert inert(coloured.replace("\n", "")) == plain.replace("\n", "")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;http://evil\x07link\x1b]8;;\x07", "link"),
        ("\x1b]0;title\x1b\\x", "x"),
        ("\x9b2Jx", "x"),
        ("\x1bc", ""),
        ("a\x00\x07\x08b", "ab"),
        ("a\tb\nc", "a b c"),
        ("a\u202eb\u2066c\ufeff", "abc"),
        ("[bold red]x[/]", "[bold red]x[/]"),
        (":boom:", ":boom:"),
        ("家族👨\u200d👩", "家族👨\u200d👩"),
    ],
)
def test_what_users_wrote_is_inert(text: str, plain: str) -> None:
    assert inert(text) == plain
    assert told(lines(text)) == (f"{plain}\n" if plain else "")


def test_no_line_begins_with_a_mark_that_closes_or_ends_with_one_that_opens() -> None:
    text = "リード数160（2026年7月1日まで）、返信率は「測れるだけ」で、つながっていません。"
    for width in range(20, 40):
        found = list(wrapped(text, width))
        assert "".join(found) == text
        assert not any(line[0] in "）」、。" or line[-1] in "（「" for line in found)


def test_a_source_line_is_never_wrapped() -> None:
    text = "where: 種別 = 'call' and outcome in ('reached', 'meeting') and so on and on"
    assert told(lines(Line(text, indent=2, verbatim=True)), width=30) == f"  {text}\n"


texts = st.text(st.sampled_from("ab 1,.（）「」、。漢字カナ👍é\x1b[m\t"), max_size=80)


@given(texts, st.integers(20, 50))
def test_no_line_is_wider_than_the_terminal(text: str, width: int) -> None:
    row = (Cell(text), Cell(text), Cell(text), Cell(text))
    report = Report("ja", (Heading(text, 1), lines(text), Table(TABLE.columns, (row,))))
    assert all(cell_len(line) <= width for line in render(report, width).splitlines())


@given(texts, st.integers(20, 50))
def test_wrapping_loses_nothing_but_blanks(text: str, width: int) -> None:
    plain = inert(text)
    assert "".join("".join(wrapped(plain, width)).split()) == "".join(plain.split())
