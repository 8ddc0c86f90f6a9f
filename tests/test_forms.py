"""Every form of the same document: rendered in both languages, twice alike."""

from __future__ import annotations

import pytest

from documents import bare, rendered, sample
from shinro.reports.rendering import FORMS, Form, render

BEGINS = {"html": b"<!doctype html>", "pdf": b"%PDF-", "pptx": b"PK\x03\x04", "xlsx": b"PK\x03\x04", "md": b"# "}


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("form", FORMS)
def test_the_same_document_is_the_same_bytes(form: Form, lang: str) -> None:
    made = rendered(lang, form)
    assert made.startswith(BEGINS[form])
    assert made == render(sample(lang), form)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_empty_or_extreme_is_rendered(form: Form) -> None:
    assert render(bare(), form).startswith(BEGINS[form][:1])
