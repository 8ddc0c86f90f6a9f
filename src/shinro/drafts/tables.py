"""Tables: from sighted files to the `sources` and `tables` of a project."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from shinro.definitions.sources import SCALES
from shinro.definitions.writing import Plain
from shinro.drafts.currencies import company, counted
from shinro.drafts.parts import Note, Part
from shinro.drafts.sighting import Sighted, plain_name, repeats
from shinro.loads import is_total
from shinro.surveys import Survey
from shinro.units import stated_in, unit_of

SHOWN = 5  # names
MOMENTS = ("created", "closed", "qualified", "starts", "ends", "trial_ends")  # the roles of days and moments
IN_UTC = re.compile(r"(?<![a-z])UTC(?![a-z]|\s*[-+±])", re.IGNORECASE)
Locate = Mapping[str, str]  # a file's path -> the path of its folder, as the project file writes it


@dataclass(frozen=True, slots=True)
class Tables:
    """The two sections, the currency that the rows name, and what was guessed on the way."""

    sources: Mapping[str, Mapping[str, Plain]]
    tables: Mapping[str, Mapping[str, Plain]]
    currency: str | None = None
    notes: tuple[Note, ...] = ()
    asks: Mapping[str, Note] = field(default_factory=dict)  # by the name of a source
    doubles: Mapping[str, Note] = field(default_factory=dict)  # what is asked of keys that repeat, by table


def tabled(files: Sequence[Sighted], parts: Sequence[tuple[Sighted, Part]], folders: Locate) -> Tables:
    """The sources and tables that files make, as far as something is measured from them or joined to."""
    used = {file.survey.path for file, _ in parts}
    used |= {other for file, _ in parts for other in file.joins}
    kept = [file for file in files if file.survey.path in used and (file.kind != "lookup" or "key" in file.roles)]
    notes = [Note("found", f"is_{file.kind}", _seen(file)) for file in files]
    notes += [note for file in files for note in _totals(file)]
    notes += [note for file in kept for note in _units(file)]
    sources: dict[str, Mapping[str, Plain]] = {}
    tables: dict[str, Mapping[str, Plain]] = {}
    asks: dict[str, Note] = {}
    own = {file.survey.path: part for file, part in parts}
    for file in kept:
        body, found = _source(file, folders)
        name = _named(sources, file, body)
        sources[name] = body
        notes += found
        for note in found:
            if note.how == "ask":
                asks[name] = note
        tables[file.table] = _table(file, name, own.get(file.survey.path), kept)
    doubles = {file.table: note for file in kept for note in _doubles(file)}
    return Tables(sources, tables, company(files), (*notes, *doubles.values()), asks, doubles)


def _doubles(file: Sighted) -> Iterator[Note]:
    """The id that some rows have twice: it is declared as the key all the same, so that a check names them."""
    key = file.column("key")
    if key and repeats(key):
        again = tuple(value for value, rows in key.counts.most_common(SHOWN) if rows > 1)
        args = {"table": file.table, "column": key.header, "rows": key.filled - len(key.counts), "values": again}
        yield Note("ask", "key_repeats", args)


def _seen(file: Sighted) -> dict[str, object]:
    survey, shown = file.survey, ", ".join(f"{role} = {header}" for role, header in file.roles.items())
    vendor = file.export.vendor if file.export else ""
    return {"file": PurePath(survey.path).name, "rows": survey.rows, "roles": shown or "–", "vendor": vendor}


def _totals(file: Sighted) -> Iterator[Note]:
    """The rows that sum up others, by who pays in a sheet, else by their day: a load leaves them out."""
    columns = [file.column(role) for role in ("created", "closed", "starts", *(["entity"] * (file.kind == "sheet")))]
    names = tuple(dict.fromkeys(cell for column in columns if column for cell in column.values if is_total(cell)))
    if names:
        yield Note("found", "totals", {"file": PurePath(file.survey.path).name, "names": names[:SHOWN]})


def _units(file: Sighted) -> Iterator[Note]:
    """The amounts that are said to be in thousands or the like."""
    said, unit = _said(file)
    if said:
        args = {"file": PurePath(file.survey.path).name, "column": said, "times": f"{SCALES[unit]:,}", "unit": unit}
        yield Note("guess", "amounts_in", args)


def _said(file: Sighted) -> tuple[str, str]:
    """What says what the amounts are in, and what: their header, else a row above it, else the file's name."""
    named = [file.roles["amount"]] if "amount" in file.roles else []
    said = [(name, unit_of(name) or stated_in(name)) for name in named]
    if named or file.across:
        above, stem = file.survey.stated, file.survey.stem
        said += [(above, stated_in(above)), (stem, unit_of(stem))]
    name, unit = next(((name, unit) for name, unit in said if unit), ("", ""))
    return (name, unit) if unit != "major" else ("", "")


def _source(file: Sighted, folders: Locate) -> tuple[dict[str, Plain], list[Note]]:
    survey, notes = file.survey, []
    folder, ending = folders[survey.path], PurePath(survey.path).suffix
    body: dict[str, Plain] = {"type": "files", "path": f"{folder}/*{ending}" if folder != "." else f"*{ending}"}
    if survey.encoding != "utf-8":
        body["encoding"] = survey.encoding
        notes.append(Note("found", "encoding", {"file": PurePath(survey.path).name, "encoding": survey.encoding}))
    zone = _zone(file)
    if zone:
        body["timezone"] = zone
    formats = _formats(survey)
    if formats:
        body["dates"] = formats[0]
        how, key = ("guess", "dates") if len(formats) == 1 else ("ask", "which_dates")
        args = {"file": PurePath(survey.path).name, "format": formats[0], "formats": " / ".join(formats)}
        notes.append(Note(how, key, args))
    return body, notes


def _zone(file: Sighted) -> str | None:
    """The time zone that its moments are in, where it is known: also that of the project, which may be changed."""
    if file.export:
        return file.export.zone
    times = [header for role, header in file.roles.items() if role in MOMENTS]
    return "UTC" if any(map(IN_UTC.search, times)) else None


def _formats(survey: Survey) -> tuple[str, ...]:
    """The formats that read every date whose order nobody can tell."""
    unsure = [column.formats for column in survey.columns if column.formats]
    return tuple(one for one in unsure[0] if all(one in other for other in unsure)) if unsure else ()


def _named(sources: Mapping[str, Mapping[str, Plain]], file: Sighted, body: Mapping[str, Plain]) -> str:
    """The source that is the same, or a new name."""
    base = plain_name(file.export.vendor).lower() if file.export else "exports"
    for name, other in sources.items():
        if other == body and re.fullmatch(rf"{base}(_\d+)?", name):
            return name
    count = sum(re.fullmatch(rf"{base}(_\d+)?", name) is not None for name in sources)
    return f"{base}_{count + 1}" if count else base


def _table(file: Sighted, source: str, part: Part | None, kept: Sequence[Sighted]) -> dict[str, Plain]:
    roles = file.roles
    body: dict[str, Plain] = {"from": f"{source}.{file.survey.stem}"}
    if "key" in roles:
        body["key"] = file.name("key")
    own = part.table if part else {}
    body |= own if "times" in own else {**_times(file), **own}
    if "entity" in roles:
        body["entity"] = file.name("entity")
    if "amount" in roles:
        body["amount"] = file.name("amount")
    said, unit = _said(file)
    body |= {"amounts_in": unit} if said else {}
    if "amount" in roles and "currency" in roles and (counted(file) or file.kind == "subscriptions"):
        body["currency"] = file.name("currency")
    if file.kind == "subscriptions":
        more = {"every": "interval", "every_count": "interval_count", "quantity": "quantity", "status": "status"}
        more |= {"trial_ends": "trial_ends"}
        body |= {key: file.name(role) for key, role in more.items() if role in roles}
    if file.dimensions:
        body["dimensions"] = [file.names[header] for header in file.dimensions]
    tables = {other.survey.path: other.table for other in kept}
    joins: dict[str, Plain] = {
        tables[other]: file.names[header] for other, header in file.joins.items() if other in tables
    }
    if joins:
        body["joins"] = joins
    renamed: dict[str, Plain] = {header: name for header, name in file.names.items() if header != name}
    if renamed:
        body["rename"] = renamed
    return body


def _times(file: Sighted) -> dict[str, Plain]:
    roles = file.roles
    if file.kind == "subscriptions":
        starts, ends = file.name("starts"), file.name("ends")
        return {"time": starts, "times": {"ended": ends}, "starts": starts, "ends": ends}
    main = next((role for role in ("created", "closed") if role in roles), None)
    if main is None:
        return {}
    others = {role: file.name(role) for role in ("closed", "qualified") if role in roles and role != main}
    others |= {_step(file.names[header]): file.names[header] for header in file.dates}
    body: dict[str, Plain] = {"time": file.name(main)}
    return {**body, "times": others} if others else body


def _step(column: str) -> str:
    """The step that a column dates: `proposed_on` is `proposed`."""
    return re.sub(r"(?:_(?:on|at|date)|日時|日)$", "", column) or column
