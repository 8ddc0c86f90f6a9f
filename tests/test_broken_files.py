"""Broken data files: each is answered by a problem with a place, or by counted rows; never by a traceback.

The table asked for is `id:text, at:time, amount:number, paid:truth`, at most four good rows in a file.
"""

from __future__ import annotations

import gzip
import os
import re
from pathlib import Path

import duckdb
import pytest

from loading import codes, loading, plan
from shinro.reports.words import LANGUAGES, words

HEAD = "id,at,amount,paid\n"
A, B, C = "a,2026-04-01,10,yes\n", "b,2026-04-02,20,no\n", "c,2026-04-03,30,\n"
JA = "id,at,amount,paid,備考\na,2026-04-01,10,yes,展示会\nb,2026-04-02,20,no,紹介①～\n"
LINE = '{"id": "a", "at": "2026-04-01", "amount": 1, "paid": true}'
COLUMNS = ("id:text", "at:time", "amount:number", "paid:truth")

# name of the file, its content, the codes of its problems (or "rows/rejected" where it loads), settings of the source
TEXTS: dict[str, tuple[str, str | bytes, str, dict[str, str]]] = {
    "nothing": ("leads.csv", "", "L106", {}),
    "blank lines": ("leads.csv", "\n\n  \n", "L106", {}),
    "a mark and nothing": ("leads.csv", b"\xef\xbb\xbf", "L106", {}),
    "headers alone": ("leads.csv", HEAD, "0/0 L115", {}),
    "headers without an end": ("leads.csv", HEAD.strip(), "0/0 L115", {}),
    "no headers": ("leads.csv", A + B, "L111 L111 L111 L111", {}),
    "a header is missing": ("leads.csv", "id,at,amount\na,2026-04-01,10\n", "L111", {}),
    "a header is misspelt": ("leads.csv", "id,at,amounts,paid\n", "L109", {}),
    "a header twice": ("leads.csv", "id,at,amount,amount,paid\na,2026-04-01,1,2,yes\n", "L110", {}),
    "a header twice that nobody asks for": ("leads.csv", "id,x,x,at,amount,paid\na,1,2,2026-04-01,1,yes\n", "1/0", {}),
    "headers without names": ("leads.csv", "id,,at,,amount,paid\na,1,2026-04-01,2,1,yes\n", "1/0", {}),
    "headers with space": ("leads.csv", " id , at ,　amount,paid　\n" + A, "1/0", {}),
    "headers in full width": ("leads.csv", "ｉｄ,at,ａｍｏｕｎｔ,paid\n" + A, "1/0", {}),
    "headers in capitals": ("leads.csv", "ID,AT,AMOUNT,PAID\n" + A, "L109 L109 L109 L109", {}),
    "titles above": ("leads.csv", "営業レポート\n出力日,2026-05-01\n\n" + HEAD + A + B, "2/0", {}),
    "a quoted title over two lines": ("leads.csv", '"title\nof two lines",x\n' + HEAD + A, "1/0", {}),
    "a title with a lone quote": ("leads.csv", 'our "best" leads\n' + HEAD + A, "1/0", {}),
    "headers over two lines": ("leads.csv", 'id,at,amount,paid,"the\nnote"\na,2026-04-01,10,yes,x\n', "1/0", {}),
    "semicolons": ("leads.csv", (HEAD + A).replace(",", ";"), "1/0", {}),
    "tabs": ("leads.csv", (HEAD + A).replace(",", "\t"), "1/0", {}),
    "bars": ("leads.txt", (HEAD + A).replace(",", "|"), "1/0", {}),
    "commas in a tsv": ("leads.tsv", HEAD + A, "1/0", {}),
    "a half-written last row": ("leads.csv", HEAD + A + B + "c,2026-0", "2/1", {}),
    "a half-written last quote": ("leads.csv", HEAD + A + B + 'c,"2026-0', "2/1", {}),
    "a row too long": ("leads.csv", HEAD + A + "b,2026-04-02,20,no,extra\n" + C, "2/1", {}),
    "a row too short": ("leads.csv", HEAD + A + "b,2026-04-02\n" + C, "2/1", {}),
    "most rows too long": ("leads.csv", HEAD + A + (B.strip() + ",x\n") * 3, "L112", {}),
    "a comma after every row": ("leads.csv", HEAD + "".join(row.strip() + ",\n" for row in (A, B, C)), "3/0", {}),
    "rows of commas": ("leads.csv", HEAD + A + ",,,\n,,,\n" + B, "2/0", {}),
    "blank lines between": ("leads.csv", HEAD + "\n" + A + "\n\n" + B + "\n", "2/0", {}),
    "a line of spaces": ("leads.csv", HEAD + A + "   \n" + B, "2/0", {}),
    "an open quote": ("leads.csv", HEAD + A + '"b,2026-04-02,20,no\n' + C * 5, "6/1", {}),
    "an open quote that another closes": ("leads.csv", HEAD + A * 9 + '"b,2026-04-02,2,no\n"c",,1,\n' + A, "11/1", {}),
    "one open quote alone": ("leads.csv", HEAD + '"a,2026-04-01,10,yes\n', "L112", {}),
    "text behind a quote": ("leads.csv", HEAD + A + B + '"c"x,2026-04-03,30,\n', "2/1", {}),
    "a quote inside a word": ("leads.csv", HEAD + 'a"x,2026-04-01,10,yes\n', "1/0", {}),
    "single quotes": ("leads.csv", HEAD + "'a,b',2026-04-01,10,yes\n" + B, "1/1", {}),
    "line ends of an old Mac": ("leads.csv", (HEAD + A + B).replace("\n", "\r"), "2/0", {}),
    "line ends of Windows": ("leads.csv", (HEAD + A + B).replace("\n", "\r\n"), "2/0", {}),
    "line ends of all kinds": ("leads.csv", HEAD + A.replace("\n", "\r\n") + B + C.replace("\n", "\r\n"), "3/0", {}),
    "line ends inside a cell": ("leads.csv", HEAD.replace("\n", "\r\n") + '"a\nb",2026-04-01,1,yes\r\n', "1/0", {}),
    "a zero byte": ("leads.csv", HEAD + A + "b\0,2026-04-02,20,no\n" + C, "2/1", {}),
    "zero bytes alone": ("leads.csv", b"\0" * 4096, "L107", {}),
    "UTF-16 without a mark": ("leads.csv", JA.encode("utf-16-le"), "L107", {}),
    "UTF-16 with a mark": ("leads.csv", JA.encode("utf-16"), "2/0", {}),
    "UTF-16 cut in half": ("leads.csv", JA.encode("utf-16")[:-3], "2/0", {}),
    "UTF-8 with a mark": ("leads.csv", b"\xef\xbb\xbf" + JA.encode(), "2/0", {}),
    "CP932 that was not said": ("leads.csv", JA.encode("cp932"), "L107", {}),
    "EUC-JP that was not said": ("leads.csv", JA.replace("①～", "").encode("euc_jp"), "L107", {}),
    "EUC-JP with more signs": ("leads.csv", JA.replace("～", "").encode("euc_jis_2004"), "L107", {}),
    "EUC-JP": ("leads.csv", JA.replace("①～", "").encode("euc_jp"), "2/0", {"encoding": "euc_jp"}),
    "CP932": ("leads.csv", JA.encode("cp932"), "2/0", {"encoding": "cp932"}),
    "CP932 by another name": ("leads.csv", JA.encode("cp932"), "2/0", {"encoding": "Shift_JIS"}),
    "CP932 said of UTF-8": ("leads.csv", JA.encode(), "L107", {"encoding": "cp932"}),
    "a broken byte in a text": ("leads.csv", (HEAD + A + B).encode() + b"\x819,2026-04-01,1,\n", "2/1", {}),
    "a broken byte elsewhere": ("leads.csv", b"note,id,at,amount,paid\n\x819,a,2026-04-01,1,yes\n", "1/0", {}),
    "an encoding that is none": ("leads.csv", HEAD + A, "L108", {"encoding": "utf-99"}),
    "an encoding that is no text": ("leads.csv", HEAD + A, "L108", {"encoding": "zlib"}),
    "a zone that is none": ("leads.csv", HEAD + A, "L122", {"timezone": "Asia/Tokio"}),
    "a zone that is a path": ("leads.csv", HEAD + A, "L122", {"timezone": "../../etc/passwd"}),
    "dates of a format that is none": ("leads.csv", HEAD + A, "L130", {"dates": "%d/%m/%Q"}),
    "dates in words": ("leads.csv", HEAD + A, "L130", {"dates": "DD/MM/YYYY"}),
    "numbers that say nothing": ("leads.csv", HEAD + A, "L114", {"numbers": "12"}),
    "a type that is none": ("leads.csv", HEAD + A, "L120", {"type": "oracle"}),
    "dates by month": ("leads.csv", HEAD + "a,4/1/2026,1,yes\nb,4/2/2026,2,no\n", "L113", {}),
    "serial dates": ("leads.csv", HEAD + "a,46113,1,yes\nb,46114,2,no\n", "L113", {}),
    "one ambiguous date": ("leads.csv", HEAD + A + B + "c,01/02/2026,1,yes\n", "2/1", {}),
    "errors of a spreadsheet": ("leads.csv", HEAD + A + B + "c,2026-04-03,#REF!,yes\n", "2/1", {}),
    "mojibake in a truth": ("leads.csv", HEAD + A + B + "c,2026-04-03,1,ã¯ã„\n", "2/1", {}),
    "the headers again": ("leads.csv", HEAD + A + HEAD + B, "2/1", {}),
    "a huge cell": ("leads.csv", HEAD + A + B + f"{'x' * 3_000_000},2026-04-01,1,yes\n", "2/1", {}),
    "a large cell": ("leads.csv", HEAD + A + f'"{"x" * 900_000}",2026-04-01,1,yes\n', "2/0", {}),
    "a thousand columns": ("leads.csv", HEAD.strip() + ",x" * 1000 + "\n" + A.strip() + ",1" * 1000 + "\n", "1/0", {}),
    "SQL in a header": ("leads.csv", HEAD.strip() + ",'; DROP TABLE x; --\n" + A.strip() + ",1\n", "1/0", {}),
    "SQL in a cell": ("leads.csv", HEAD + "a'); DROP TABLE x; --,2026-04-01,1,yes\n", "1/0", {}),
    "a spreadsheet that breaks off": ("leads.xlsx", b"PK\x03\x04", "L117", {}),
    "a page": ("leads.csv", "<!doctype html><html><body>Please sign in</body></html>\n", "L111 L111 L111 L111", {}),
    "an archive by the name of a table": ("leads.csv", gzip.compress((HEAD + A).encode()), "L111 L111 L111 L111", {}),
    "a name that is not the table's": ("contacts.csv", HEAD + A, "L102", {}),
    "JSON that breaks off": ("leads.json", '[{"id": "a", "at"', "L117", {}),
    "JSON lines that break off": ("leads.jsonl", LINE + '\n{"id": "b', "L117", {}),
    "JSON of numbers": ("leads.json", "[1, 2, 3]", "L111 L111 L111 L111", {}),
    "JSON of one word": ("leads.json", '"leads"', "L111 L111 L111 L111", {}),
    "JSON in an envelope": ("leads.json", '{"data": [{"id": "a"}]}', "L111 L111 L111 L111", {}),
    "JSON without anything": ("leads.json", "", "L106", {}),
    "JSON of no rows": ("leads.json", "[]", "L111 L111 L111 L111", {}),
    "JSON that is deep": ("leads.json", "[" * 100_000, "L117", {}),
    "JSON with a deep cell": ("leads.json", LINE.replace('"a"', '{"a": [1]}'), "1/0", {}),
    "JSON with a list for a number": ("leads.json", LINE + '\n{"amount": [1]}', "1/1", {}),
    "JSON in CP932": ("leads.json", LINE.replace('"a"', '"展示会"').encode("cp932"), "L107", {}),
    "Parquet that is text": ("leads.parquet", HEAD + A, "L117", {}),
    "Parquet without anything": ("leads.parquet", b"", "L117", {}),
    "Parquet that is its signs alone": ("leads.parquet", b"PAR1PAR1PAR1", "L117", {}),
}  # fmt: skip


@pytest.mark.parametrize("case", TEXTS)
def test_a_broken_file_is_answered(tmp_path: Path, case: str) -> None:
    name, content, expected, settings = TEXTS[case]
    (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    made, problems = loading(plan(tmp_path, *COLUMNS, key="id", time="at", **settings), tmp_path)
    counts = [f"{made.rows}/{made.rejected}"] if made else []
    assert [*counts, *codes(problems)] == expected.split()
    assert all(one.place.line for one in problems)
    assert made is None or len(made.rejects) == min(made.rejected, 5)
    for one in problems:
        for key in (f"{one.code}.says", f"{one.code}.next"):
            said = [words(lang).say(key, **one.args) for lang in LANGUAGES]
            assert not [text for text in said if text == key or re.search(r"{\w+}", text)]
            assert str(tmp_path) not in "".join(said)


def write_parquet(path: Path, select: str) -> bytes:
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path.read_bytes()


GOOD = "SELECT 'a' AS id, DATE '2026-04-01' AS at, 1.5::DOUBLE AS amount, true AS paid FROM range(1000)"


@pytest.mark.parametrize("cut", [1, 8, 100, 300])
def test_parquet_that_was_cut_off(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "leads.parquet"
    path.write_bytes(write_parquet(path, GOOD)[:-cut])
    _, problems = loading(plan(tmp_path, *COLUMNS), tmp_path)
    assert codes(problems) == ["L117"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("'NaN'::DOUBLE", "2/1"),
        ("'-Infinity'::DOUBLE", "2/1"),
        ("1e30", "2/1"),
        ("[1]", "2/1"),
        ("NULL", "3/0"),
        ("DATE '2026-01-01'", "2/1"),
    ],
)
def test_parquet_with_one_amount_that_is_none(tmp_path: Path, change: str, expected: str) -> None:
    kind = "VARCHAR" if change.startswith(("[", "DATE")) else "DOUBLE"
    amounts = f"CASE n WHEN 2 THEN ({change})::{kind} ELSE 1::{kind} END"
    select = f"SELECT n::VARCHAR AS id, DATE '2026-04-01' AS at, {amounts} AS amount, true AS paid FROM range(3) t(n)"
    write_parquet(tmp_path / "leads.parquet", select)
    made, problems = loading(plan(tmp_path, *COLUMNS), tmp_path)
    assert made is not None
    assert (f"{made.rows}/{made.rejected}", problems) == (expected, [])


def test_a_byte_changed_inside_parquet_is_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "leads.parquet"
    whole = write_parquet(path, GOOD)
    for at in range(4, len(whole) - 8, max(len(whole) // 12, 1)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        made, problems = loading(plan(tmp_path, *COLUMNS), tmp_path)
        assert made is not None or problems


def test_a_folder_by_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").mkdir()
    _, problems = loading(plan(tmp_path, *COLUMNS), tmp_path)
    assert codes(problems) == ["L102"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_we_may_not_read(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(HEAD + A, encoding="utf-8")
    path.chmod(0)
    _, problems = loading(plan(tmp_path, *COLUMNS), tmp_path)
    assert codes(problems) == ["L121"]


def test_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").symlink_to(tmp_path / "gone.csv")
    _, problems = loading(plan(tmp_path, *COLUMNS), tmp_path)
    assert codes(problems) == ["L102"]
