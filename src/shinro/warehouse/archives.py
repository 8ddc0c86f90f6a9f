"""Archives: a zip's own list of what it holds, looked at before anything is unpacked."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

PARTS = 10_000
UNPACKED = 400 << 20  # bytes of XML in all; media is never unpacked
SMALL = 16 << 20  # bytes of a part that may shrink as far as it will
RATIO = 150  # a larger part that shrank further is made of nothing but repetition
XML = (".xml", ".rels", ".bin", ".vml")
END = b"PK\x05\x06"
LONGEST_END = 65_557  # bytes of the record at the end, with the longest comment

Refusal = Mapping[str, object]


def refusal(path: Path) -> Refusal | None:
    """Why an archive must not be unpacked: `case` and its arguments; None where it may be.

    Archives inside it stay closed. Raises zipfile.BadZipFile. Cost: its directory alone is read.
    """
    if _many(path):
        return {"case": "parts", "limit": PARTS}
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    if len(parts) > PARTS:
        return {"case": "parts", "limit": PARTS}
    if any(part.flag_bits & 1 for part in parts):
        return {"case": "password"}
    xml = [part for part in parts if part.filename.lower().endswith(XML)]
    if sum(part.file_size for part in xml) > UNPACKED:
        return {"case": "size", "limit": f"{UNPACKED >> 20} MB"}
    if any(part.file_size > max(SMALL, RATIO * part.compress_size) for part in xml):
        return {"case": "ratio", "limit": RATIO}
    return None


def _many(path: Path) -> bool:
    """Whether the record at the end counts more parts than may be; their list is then not read."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - LONGEST_END, 0))
        tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) < at + 12:
        return False
    count = int(struct.unpack_from("<H", tail, at + 10)[0])
    return count > PARTS


def looks_like(path: Path) -> str:
    """What a zip is by its parts: xlsx, xlsb, ods, or zip for anything else."""
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "mimetype" in names and "content.xml" in names:
        return "ods"
    return "xlsx" if any(name.startswith("xl/") for name in names) else "zip"
