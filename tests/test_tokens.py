"""Words, numbers and signs, as people write them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from shinro.definitions.tokens import MAX_LENGTH, Mistake, Source, Token, is_plain_name, tokens
from shinro.problems import Place
from shinro.reports.words import words


def one(text: str) -> Token:
    first, end = tokens(Source(text))
    assert (end.kind, end.at) == ("end", len(text))
    return first


def refused(text: str) -> tuple[str, int, dict[str, object]]:
    with pytest.raises(Mistake) as caught:
        tokens(Source(text))
    problem = caught.value.problem
    assert problem.hint is not None
    return problem.code, problem.hint[1], dict(problem.args)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("1200", 1200, ""),
        ("1,200,000", 1_200_000, ""),
        ("１，２００．５", Fraction(2401, 2), ""),
        (".5", Fraction(1, 2), ""),
        ("0.05", Fraction(1, 20), ""),
        ("5%", Fraction(1, 20), "%"),
        ("５ ％", Fraction(1, 20), "%"),
        ("2pt", Fraction(1, 50), "pt"),
        ("2 pts", Fraction(1, 50), "pt"),
        ("0.3ポイント", Fraction(3, 1000), "pt"),
        ("100万円", 1_000_000, "JPY"),
        ("30 万 円", 300_000, "JPY"),
        ("3百万円", 3_000_000, "JPY"),
        ("1.2億円", 120_000_000, "JPY"),
        ("2兆", 2 * 10**12, ""),
        ("1億2000万円", 120_000_000, "JPY"),
        ("1億2,000万円", 120_000_000, "JPY"),
        ("1億2千万円", 120_000_000, "JPY"),
        ("1万5千", 15_000, ""),
        ("1万5000", 15_000, ""),
        ("$30", 30, "USD"),
        ("30 USD", 30, "USD"),
        ("USD 30", 30, "USD"),
        ("30ドル", 30, "USD"),
        ("¥1M", 1_000_000, "JPY"),
        ("￥１，０００", 1000, "JPY"),
        ("¥100万円", 1_000_000, "JPY"),
        ("€ 1.5k", 1500, "EUR"),
        ("30€", 30, "EUR"),
        ("2B", 2 * 10**9, ""),
    ],
)
def test_numbers_are_exact_and_carry_their_unit(text: str, number: Fraction | int, unit: str) -> None:
    token = one(text)
    assert (token.kind, token.number, token.unit) == ("number", number, unit)


@pytest.mark.parametrize("text", ["2026-04-01", "２０２６－０４－０１", "2026年4月1日", "2026年04月01日"])
def test_days_are_one_word(text: str) -> None:
    assert one(text).day == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'it''s'", "it's"),
        ('"say ""so"""', 'say "so"'),
        ("'全角（）'", "全角（）"),
        ("''", ""),
    ],
)
def test_texts_keep_what_stands_between_their_quotes(text: str, value: str) -> None:
    token = one(text)
    assert (token.kind, token.value) == ("text", value)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("leads", "leads"),
        ("リード数", "リード数"),
        ("コール・数", "コール・数"),
        ("ｱﾎﾟ･数", "ｱﾎﾟ･数"),
        ("＿ａ１", "＿ａ１"),
        ("_x9", "_x9"),
        ("`and`", "and"),
        ("`a ``b`` c`", "a `b` c"),
    ],
)
def test_names_are_kept_as_they_are_written(text: str, name: str) -> None:
    token = one(text)
    assert (token.kind, token.value) == ("name", name)


@pytest.mark.parametrize("text", ["AND", "Or", "nOt", "IN", "Between", "is", "NULL", "True", "false"])
def test_words_are_read_in_any_case(text: str) -> None:
    assert (one(text).kind, one(text).value) == ("word", text.lower())


@pytest.mark.parametrize(
    ("text", "sign"),
    [("＝", "="), ("==", "="), ("<>", "!="), ("！＝", "!="), ("≠", "!="), ("≧", ">="), ("≤", "<="), ("＜＝", "<="),
     ("＞", ">"), ("×", "*"), ("÷", "/"), ("－", "-"), ("＋", "+"), ("（", "("), ("）", ")"), ("，", ",")],
)  # fmt: skip
def test_signs_are_read_in_every_writing(text: str, sign: str) -> None:
    assert (one(text).kind, one(text).value) == ("sign", sign)


def test_a_comma_cuts_off_thousands_outside_parentheses_and_separates_inside() -> None:
    assert [token.number for token in tokens(Source("1,200"))[:-1]] == [1200]
    assert [token.value for token in tokens(Source("(1,200)"))] == ["(", "1", ",", "200", ")", ""]
    assert [token.number for token in tokens(Source("(a) 1,200"))[3:-1]] == [1200]
    assert refused("(1,000)") == ("Q104", 3, {"text": "000"})
    assert [token.value for token in tokens(Source("(1億2,345)"))] == ["(", "1", "億2", ",", "345", ")", ""]


def test_offsets_are_columns_of_the_text() -> None:
    found = tokens(Source("金額　≧ １００万円"))
    assert [(token.at, token.end) for token in found] == [(0, 2), (3, 4), (5, 10), (10, 10)]


def test_a_word_that_clings_to_a_number_is_left_to_the_grammar() -> None:
    assert [token.value for token in tokens(Source("30万社"))] == ["30", "万社", ""]
    assert [token.value for token in tokens(Source("1万5千億"))] == ["1", "万5千億", ""]


@pytest.mark.parametrize(
    ("text", "code", "column", "argument"),
    [
        ("a ; b", "Q102", 2, ";"),
        ("a\0", "Q102", 1, "U+0000"),
        ("a\ud800", "Q102", 1, "U+D800"),
        ("a = 'x", "Q103", 4, "'"),
        ('a = "x', "Q103", 4, '"'),
        ("`a", "Q103", 0, "`"),
        ("a = 「x」", "Q116", 4, "「"),
        ("a = “x”", "Q116", 4, "“"),
        ("1,20", "Q104", 0, "1,20"),
        ("1.2.3", "Q104", 0, "1.2.3"),
        ("a = 007", "Q104", 4, "007"),
        ("1234567890123456789", "Q104", 0, "1234567890123456789"),
        ("1000000兆", "Q104", 0, "1000000兆"),
        ("2026-4-1", "Q104", 0, "2026-4-1"),
        ("2026/04/01", "Q104", 0, "2026/04/01"),
        ("2026-02-30", "Q104", 0, "2026-02-30"),
        ("2026年13月1日", "Q104", 0, "2026年13月1日"),
        ("$30円", "Q115", 0, "$30円"),
        ("$5%", "Q115", 0, "$5%"),
    ],
)
def test_what_is_no_token_is_refused_at_its_place(text: str, code: str, column: int, argument: str) -> None:
    found, caret, args = refused(text)
    assert (found, caret) == (code, column)
    assert list(args.values()) == [argument]


def test_the_minus_of_a_sheet_is_not_to_be_taken_away() -> None:
    found, caret, args = refused("mrr >= ▲5")
    assert (found, caret, args) == ("Q102", 7, {"character": "▲", "case": "minus"})
    assert "-" in words("ja").say("Q102.minus.next", **args)
    assert "Take it away" not in words("en").say("Q102.minus.next", **args)


def test_a_text_too_long_for_a_reader_is_refused() -> None:
    assert len(tokens(Source("a" * MAX_LENGTH))) == 2
    assert refused("a" * (MAX_LENGTH + 1))[0] == "Q107"


def test_a_mistake_is_placed_in_the_file_and_shows_its_line() -> None:
    problem = Source("a ; b", Place("shinro.yaml", 4, 10)).mistake("Q102", 2, character=";").problem
    assert (str(problem.place), problem.hint) == ("shinro.yaml:4:12", ("a ; b", 2))
    assert str(Mistake(problem)) == "shinro.yaml:4:12 Q102"


def test_in_a_text_of_several_lines_the_hint_shows_the_right_one() -> None:
    problem = Source("a = 1\nand ; b\n", Place("shinro.yaml", 4, 10)).mistake("Q102", 10).problem
    assert (str(problem.place), problem.hint) == ("shinro.yaml:4:10", ("and ; b", 4))


@pytest.mark.parametrize("name", ["", "a b", "1a", "and", "NULL", "a-b", "a.b", "`"])
def test_names_that_need_backquotes(name: str) -> None:
    assert not is_plain_name(name)
