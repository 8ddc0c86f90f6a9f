"""Public holidays, so that Golden Week is no fall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

from holidays import country_holidays, list_supported_countries

from shinro.periods import Calendar


@cache
def countries() -> Mapping[str, tuple[str, ...]]:
    """The countries whose public holidays are known (ISO 3166, `JP`), each with its regions (`DE-BY` is Bavaria)."""
    return {country: tuple(regions) for country, regions in list_supported_countries().items()}


def days_off(country: str, first: date, last: date) -> frozenset[date] | None:
    """Public holidays of a country or region from `first` to `last`, both counted; None where it is not known.

    Days in lieu are among them, a company's own days off (the turn of the year in Japan) are not.
    Cost: about 1 ms a year, and the import of one country. Source: the holidays package, public holidays alone.
    """
    name, dash, region = country.strip().upper().partition("-")
    found = next((each for each in countries().get(name, ()) if each.upper() == region), None)
    if dash and found is None:
        return None
    try:
        known = country_holidays(name, subdiv=found, years=range(first.year, last.year + 1))
    except NotImplementedError:
        return None
    return frozenset(day for day in known if first <= day <= last)


def with_holidays(calendar: Calendar, country: str | None, first: date, last: date) -> Calendar:
    """The calendar with a country's public holidays off as well; as it is where none or an unknown one is named."""
    public = days_off(country, first, last) if country else None
    return replace(calendar, days_off=calendar.days_off | public) if public else calendar
