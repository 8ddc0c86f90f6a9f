"""Currencies: which one the amounts of a file are added up in, where its rows tell of several."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from shinro.definitions.paid_in import code_of
from shinro.definitions.writing import Plain
from shinro.drafts.parts import Note, one_of
from shinro.drafts.sighting import Sighted
from shinro.units import CURRENCIES, CURRENCY_SIGNS

NAMES = {"YEN": "JPY", "DOLLAR": "USD", "DOLLARS": "USD", "EURO": "EUR", "EUROS": "EUR", "ユーロ": "EUR"}
SIGN = re.compile(
    rf"(?<![A-Z])(?:{'|'.join(sorted((*CURRENCIES, *(name for name in NAMES if name.isascii()))))})(?![A-Z])"
    rf"|{'|'.join(map(re.escape, (*CURRENCY_SIGNS, 'ユーロ')))}"
)


def counted(file: Sighted) -> Counter[str]:
    """The currencies that the sampled rows are in, by code; none where the column holds other words too."""
    column = file.column("currency")
    found: Counter[str] = Counter()
    for word, rows in column.counts.items() if column else ():
        code = code_of(word)
        if code is None:
            return Counter()
        found[code] += rows
    return found


def is_mixed(file: Sighted) -> bool:
    """Whether a file's amounts are of several currencies."""
    return len(counted(file)) > 1 and "amount" in file.roles


def in_one(file: Sighted, where: Mapping[str, Plain]) -> dict[str, Plain]:
    """The filter of a metric that adds amounts up: of several currencies, those of the one of most rows."""
    if not is_mixed(file):
        return {**where}
    kept = most(counted(file))
    only = one_of(file.name("currency"), [word for word in file.values("currency") if code_of(word) == kept])
    return {"where": f"{where['where']} and {only}" if where else only}


def said(file: Sighted) -> tuple[Note, ...]:
    """What is to be said of the amounts that are left out."""
    if not is_mixed(file):
        return ()
    found = counted(file)
    kept = most(found)
    args = {"table": file.table, "kept": kept, "column": file.name("currency")}
    return (Note("guess", "one_currency", {**args, "others": tuple(code for code in found if code != kept)}),)


def most(found: Counter[str]) -> str:
    """The currency of most rows, the first by its code where several are."""
    return min(found, key=lambda code: (-found[code], code))


def company(files: Sequence[Sighted]) -> str | None:
    """The currency that most rows name; where none does, the one that all amounts are written in."""
    found = sum((counted(file) for file in files), Counter())
    written = {code for file in files for code in _written(file)}
    return most(found) if found else written.pop() if len(written) == 1 else None


def _written(file: Sighted) -> set[str]:
    """The currencies by whose names and signs its amounts are told: in a header, a row above it, their cells."""
    amount = file.column("amount")
    if not (amount or file.across):
        return set()
    texts = [amount.header] if amount else []
    found = _said_in([*texts, file.survey.stated, file.survey.stem])
    return found or _said_in(amount.values if amount else ())


def _said_in(texts: Iterable[str]) -> set[str]:
    return {code for text in texts for sign in SIGN.findall(text.upper()) if (code := code_of(NAMES.get(sign, sign)))}
