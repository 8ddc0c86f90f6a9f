"""Broken workbooks: what each is called, how it is written, and what loading must answer.

The table asked for is `id:text, at:time, amount:number, paid:truth`; an answer is "rows/rejected" and codes.
"""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from books import CLOCK, DATE, HEAD, SPREADSHEET, Book, Cell, Sheet, book, error, formula, without

Write = Callable[[Path], object]

HEADS: list[object] = ["id", "at", "amount", "paid"]
APRIL = date(2026, 4, 1)
A: list[object] = ["a", APRIL, 10, True]
B: list[object] = ["b", APRIL, 20, False]
C: list[object] = ["c", APRIL, 30, None]
GOOD = [HEADS, A, B, C]
SHEET, STRINGS, WORKBOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENTRY, CHECKSUM, PACKED, SIZE, FLAGS = b"PK\x01\x02", 16, 20, 24, 8  # of the archive's list; places within an entry
DEFINED = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
LAUGHS = f'<!DOCTYPE x [<!ENTITY a "ha">{DEFINED}]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def data(content: bytes | str) -> Write:
    return lambda path: path.write_bytes(content.encode() if isinstance(content, str) else content)


def rows(*cells: Sequence[object]) -> Write:
    return lambda path: book(path, [*cells])


def part(content: str | bytes, name: str = SHEET) -> Write:
    """A good workbook with one part of it replaced, or one more."""
    return lambda path: book(path, GOOD, parts={name: content})


def xml(cells: str, before: str = "", after: str = "") -> str:
    return f'{HEAD}{before}<worksheet xmlns="{SPREADSHEET}"><sheetData>{cells}</sheetData>{after}</worksheet>'


def texts(*values: str, before: str = "") -> str:
    items = "".join(f"<si><t>{value}</t></si>" for value in values)
    return f'{HEAD}{before}<sst xmlns="{SPREADSHEET}">{items}</sst>'


def lacking(pattern: str) -> Write:
    return lambda path: without(book(path, GOOD), pattern)


def changed(change: Callable[[bytes], bytes]) -> Write:
    """A good workbook of 200 rows whose bytes are changed."""

    def write(path: Path) -> None:
        path.write_bytes(change(book(path, [HEADS, *[A] * 200]).read_bytes()))

    return write


def listed(name: str, field: int, value: int) -> Callable[[bytes], bytes]:
    """Another value in a field of a part's entry in the archive's list."""

    def change(content: bytes) -> bytes:
        entry = content.rindex(ENTRY, 0, content.rindex(name.encode()))
        form = "<H" if field == FLAGS else "<I"
        made = bytearray(content)
        struct.pack_into(form, made, entry + field, value)
        return bytes(made)

    return change


def damaged(content: bytes) -> bytes:
    """Some bytes in the middle of the packed sheet turned round."""
    at = content.index(SHEET.encode()) + len(SHEET) + 40
    return content[:at] + bytes(255 - byte for byte in content[at : at + 20]) + content[at + 20 :]


def archive(parts: Mapping[str, str | bytes]) -> Write:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
            for name, content in parts.items():
                made.writestr(name, content)

    return write


def nested(depth: int) -> bytes:
    content = b"0" * 1_000_000
    for _ in range(depth):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
            for n in range(10):
                made.writestr(f"{n}.zip", content)
        content = buffer.getvalue()
    return content


def noise(size: int) -> str:
    """Text that does not shrink much."""
    chance = random.Random(1)  # noqa: S311 - the same each time
    return "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(size))


def lines(count: int, cell: str) -> str:
    return "".join(f'<row r="{n}">{cell.format(n=n)}</row>' for n in range(1, count + 1))


def wide_rows(count: int) -> str:
    """Headers of as many columns as a sheet may have, and rows without references."""
    return f"<row>{'<c><v>1</v></c>' * 16_384}</row>" + "<row><c><v>1</v></c></row>" * count


def one_text_often(path: Path) -> None:
    sheet = xml(lines(20_000, '<c r="A{n}" t="s"><v>0</v></c>'))
    book(path, GOOD, parts={SHEET: sheet, STRINGS: texts(noise(300_000))})


ENDS = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
NO_REFERENCES = (
    '<row><c t="inlineStr"><is><t>id</t></is></c><c t="inlineStr"><is><t>at</t></is></c>'
    '<c t="inlineStr"><is><t>amount</t></is></c><c t="inlineStr"><is><t>paid</t></is></c></row>'
    '<row><c t="inlineStr"><is><t>a</t></is></c><c s="1"><v>46113</v></c><c><v>1</v></c></row>'
    '<row><c t="inlineStr"><is><t>b</t></is></c><c s="1"><v>46113</v></c><c t="e"><v>#N/A</v></c></row>'
    '<row><c t="inlineStr"><is><t>c</t></is></c><c s="1"><v>46113</v></c><c><v>3</v></c></row>'
)
PREFIXED = (
    xml(NO_REFERENCES).replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns", "xmlns:x")
)
PAGE = "<html><body><table><tr><td>id</td></tr></table></body></html>"
OLD_XML = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
OUTWARD = 'Id="rId1" Type="worksheet" Target="../../../../etc/passwd"'
ELSEWHERE = f"{HEAD}<Relationships><Relationship {OUTWARD}/></Relationships>"
FOUR = "L111 L111 L111 L111"

# how it is written, the answer, and the file's name where it is not leads.xlsx
BOOKS: dict[str, tuple[Write, str] | tuple[Write, str, str]] = {
    # no workbooks
    "nothing": (data(""), "L106"),
    "the first bytes of an archive": (data(b"PK\x03\x04"), "L117"),
    "zero bytes": (data(b"\0" * 4096), "L132"),
    "noise": (data(random.Random(1).randbytes(5000)), "L132"),  # noqa: S311 - the same each time
    "a page that calls itself .xls": (data(PAGE), "L132", "leads.xls"),
    "a page that calls itself .xlsx": (data("\ufeff\n" + PAGE.upper()), "L132"),
    "a page in UTF-16": (data(PAGE.encode("utf-16")), "L132", "leads.xls"),
    "CSV that calls itself .xlsx": (data("id,at,amount,paid\na,2026-04-01,1,yes\n"), "L132"),
    "CSV in CP932 that calls itself .xls": (data("氏名,金額\n佐藤,1\n".encode("cp932")), "L132", "leads.xls"),
    "TSV in UTF-16 that calls itself .xls": (data("id\tat\r\na\t2026-04-01\r\n".encode("utf-16")), "L132", "leads.xls"),
    "a sheet of 2003": (data(OLD_XML), "L132", "leads.xls"),
    "an old workbook": (data(COMPOUND + b"\0" * 3000), "L132", "leads.xls"),
    "an old workbook that calls itself .xlsx": (data(COMPOUND + b"\0" * 3000), "L132"),
    "a workbook with a password": (data(COMPOUND + b"\0" * 999 + "EncryptedPackage".encode("utf-16-le")), "L133"),
    "a PDF": (data(b"%PDF-1.7\n"), "L132"),
    "a workbook that calls itself .csv": (rows(*GOOD), "L132", "leads.csv"),
    "an old workbook that calls itself .csv": (data(COMPOUND), "L132", "leads.csv"),
    "a PDF that calls itself .csv": (data(b"%PDF-1.7\n"), "L132", "leads.csv"),
    "an archive of another kind": (data(gzip.compress(b"id,at")), "L132"),
    "a document": (archive({"word/document.xml": "<w/>"}), "L132"),
    "a binary workbook": (archive({"xl/workbook.bin": b"\x83\x01\x00"}), "L132", "leads.xlsb"),
    "an OpenDocument sheet": (archive({"mimetype": "x", "content.xml": "<o/>"}), "L132", "leads.ods"),
    "an archive of nothing": (archive({}), "L132"),
    "a good one that calls itself .xls": (rows(*GOOD), "3/0", "leads.xls"),
    "a good one with macros": (part(b"\0", "xl/vbaProject.bin"), "3/0", "leads.xlsm"),
    # half-written, damaged
    "half of it": (changed(lambda content: content[: len(content) // 2]), "L117"),
    "all but the end": (changed(lambda content: content[:-30]), "L117"),
    "all but the beginning": (changed(lambda content: b"PK\x03\x04" + content[900:]), "L117"),
    "something before it": (changed(lambda content: b"PK\x03\x04" + content), "200/0"),
    "a damaged sheet": (changed(damaged), "L117"),
    "a wrong checksum": (changed(listed(SHEET, CHECKSUM, 1)), "L117"),
    "a size that is a lie": (changed(listed(SHEET, SIZE, 10)), "L117"),
    "a huge size that is a lie": (changed(listed(SHEET, SIZE, 0xFFFFFFF0)), "L131"),
    "a packed size that is a lie": (changed(listed(SHEET, PACKED, 5)), "L117"),
    "a part with a password": (changed(listed(SHEET, FLAGS, 1)), "L133"),
    "no list of sheets": (lacking(WORKBOOK), "L117"),
    "no relations": (lacking(RELATIONS), "L117"),
    "no sheet": (lacking(SHEET), "L117"),
    "no texts": (lacking(STRINGS), "L117"),
    "no styles": (lacking("xl/styles.xml"), "L113"),
    "no list of kinds": (lacking("Content_Types"), "3/0"),
    "XML that breaks off": (part(xml("")[:-30] + '<row r="1"><c r="A1"'), "L117"),
    "XML that breaks off between cells": (part(xml("")[:-24] + '<row r="1"><c r="A1"><v>1</v></c>'), "L117"),
    "XML that is crossed": (part(xml('<row r="1"><c r="A1"><v>1</c></v></row>')), "L117"),
    "XML in UTF-16": (part(xml(NO_REFERENCES).encode("utf-16")), "L106"),
    "texts that are no UTF-8": (part(texts("a" * 9).encode().replace(b"aa", b"\x82\xa0"), STRINGS), "L117"),
    "a text that is not there": (part(xml('<row r="1"><c r="A1" t="s"><v>999</v></c></row>')), "L117"),
    "a sheet elsewhere on the disk": (part(ELSEWHERE, RELATIONS), "L117"),
    # bombs
    "a part of blanks": (part(b" " * (20 << 20), "xl/more.xml"), "L131"),
    "a sheet of blanks": (part(xml(" " * (30 << 20))), "L131"),
    "ten thousand parts": (lambda path: book(path, GOOD, parts={f"xl/m/{n}": "" for n in range(10_001)}), "L131"),
    "archives within archives": (part(nested(3), "xl/media/bomb.zip"), "3/0"),
    "entities upon entities in the texts": (part(texts("&j;", before=LAUGHS), STRINGS), "L131"),
    "entities upon entities in the sheet": (part(xml('<row r="1"><c r="A1"><v>&j;</v></c></row>', LAUGHS)), "L131"),
    "entities in the list of sheets": (part(f"{LAUGHS}<workbook/>", WORKBOOK), "L131"),
    "an entity outside": (part(xml('<row r="1"><c r="A1"><v>&a;</v></c></row>', OUTSIDE)), "L131"),
    "two cells far apart": (part(xml(ENDS)), "L119"),
    "rows as long as may be": (part(xml(wide_rows(100_000))), "L119"),
    "one text in twenty thousand cells": (one_text_often, "L119"),
    "a size that nobody has": (part(xml(ENDS.replace("1048576", "99999999999"))), "L119"),
    "a column that nobody has": (part(xml('<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>')), "L119"),
    "a cell of no row": (part(xml('<row r="0"><c r="A0"><v>1</v></c></row>')), "L117"),
    "a million blank rows": (part(xml(lines(50_000, '<c r="A{n}" s="1"/>'))), "L106"),
    "deep XML": (part(xml("<x>" * 100_000)), "L106"),
    # cells
    "a huge cell": (rows(*GOOD, ["x" * 3_000_000, APRIL, 1, True]), "3/1"),
    "a huge formula": (rows(*GOOD, ["d", APRIL, formula("1+" * 5_000_000, None), True]), "L131"),
    "a cell as long as may be": (rows(*GOOD, ["展" * 32_767, APRIL, 1, True]), "4/0"),
    "quotes, commas, lines in a cell": (rows(*GOOD, ['"a",\r\n"b"', APRIL, 1, True]), "4/0"),
    "an error": (rows(*GOOD, ["d", APRIL, error("#N/A"), True]), "3/1"),
    "an error for a key": (rows(*GOOD, [error("#REF!"), APRIL, 1, True]), "3/1"),
    "errors alone": (rows(HEADS, *[["d", APRIL, error("#VALUE!"), True]] * 9), "L112"),
    "a formula that was never worked out": (rows(*GOOD, ["d", APRIL, formula("A1*2", None), True]), "3/1"),
    "a formula of no text": (rows(*GOOD, [formula('""', "", "str"), APRIL, 1, True]), "4/0"),
    "a formula in full": (rows(*GOOD, ["d", APRIL, formula("A1*2", "20"), True]), "4/0"),
    "errors without references": (part(xml(NO_REFERENCES)), "2/1"),
    "errors under a prefix": (part(PREFIXED), "2/1"),
    "a number that is none": (rows(*GOOD, ["d", APRIL, Cell("<v>1,5x</v>"), True]), "3/1"),
    "a number without end": (rows(*GOOD, ["d", APRIL, Cell("<v>1E400</v>"), True]), "3/1"),
    "a number that is too large": (rows(*GOOD, ["d", APRIL, Cell("<v>1E300</v>"), True]), "3/1"),
    "a truth that is none": (rows(*GOOD, ["d", APRIL, 1, 2]), "3/1"),
    "a time without a day": (rows(*GOOD, ["d", Cell("<v>0.5</v>", style=CLOCK), 1, True]), "3/1"),
    "a day before all days": (rows(*GOOD, ["d", Cell("<v>-5</v>", style=DATE), 1, True]), "3/1"),
    "a day after all days": (rows(*GOOD, ["d", Cell("<v>9999999</v>", style=DATE), 1, True]), "3/1"),
    "days that are plain numbers": (rows(HEADS, ["a", 46113, 1, True], ["b", 46114, 1, True]), "L113"),
    "a date in words whose order nobody can tell": (rows(*GOOD, ["d", "01/02/2026", 1, True]), "3/1"),
    # sheets
    "no sheets": (lambda path: Book([]).write(path), "L117"),
    "a blank sheet": (rows([]), "L106"),
    "a hidden sheet alone": (lambda path: Book([Sheet("leads", GOOD, hidden=True)]).write(path), "L134"),
    "headers alone": (rows(HEADS), "0/0 L115"),
    "no headers": (rows(A, B), FOUR),
    "a header is missing": (rows(HEADS[:3], A[:3]), "L111"),
    "a header is misspelt": (rows(["id", "at", "amounts", "paid"]), "L109"),
    "a header twice": (rows([*HEADS, "paid"], [*A, True]), "L110"),
    "a header that is a number": (rows([*HEADS, 2026, datetime(2026, 4, 1), True], [*A, 1, 1, 1]), "1/0"),  # noqa: DTZ001
    "as many columns as may be": (rows([*HEADS, *range(16_380)], A, B), "2/0"),
    "titles without end": (rows(*[["title", n] for n in range(99)], *GOOD), FOUR),
    "a name like a path": (lambda path: Book([Sheet("..\\..\\x <&> '1'", GOOD)]).write(path), "3/0"),
    "the same cell twice": (part(xml('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>')), FOUR),
    "rows in disorder": (part(xml('<row r="9"><c r="A9"/></row><row r="2"><c r="A2"><v>2</v></c></row>')), FOUR),
}  # fmt: skip
