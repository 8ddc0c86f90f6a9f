"""Office files read as they are: zipped parts of XML, by the standard library alone."""

from __future__ import annotations

from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
SHOW = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
LINKS = "{http://schemas.openxmlformats.org/package/2006/relationships}"


def parts(file: bytes) -> dict[str, ET.Element]:
    """The XML parts of a file by their names."""
    with ZipFile(BytesIO(file)) as found:
        names = [name for name in found.namelist() if name.endswith((".xml", ".rels"))]
        return {name: ET.fromstring(found.read(name)) for name in names}  # noqa: S314 - made by ourselves


def inside(file: bytes, ending: str) -> list[bytes]:
    """The files within a file whose names end so."""
    with ZipFile(BytesIO(file)) as found:
        return [found.read(name) for name in found.namelist() if name.endswith(ending)]


def outward(file: dict[str, ET.Element]) -> list[str]:
    """What a file asks for from elsewhere."""
    every = [
        each for name, part in file.items() if name.endswith(".rels") for each in part.iter(f"{LINKS}Relationship")
    ]
    return [each.get("Target", "") for each in every if each.get("TargetMode") == "External"]


def cells(file: dict[str, ET.Element], sheet: int) -> dict[str, tuple[str, str]]:
    """A sheet's cells: each place with its type (`s` a text) and what stands there."""
    shared = ["".join(text.text or "" for text in each.iter(f"{MAIN}t")) for each in file["xl/sharedStrings.xml"]]
    found = {}
    for cell in file[f"xl/worksheets/sheet{sheet}.xml"].iter(f"{MAIN}c"):
        value = cell.findtext(f"{MAIN}v")
        if value is not None:
            kind = cell.get("t", "n")
            found[cell.get("r", "")] = (kind, shared[int(value)] if kind == "s" else value)
    return found
