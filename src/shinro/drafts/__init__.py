"""Drafts: what files hold, or what people answer -> the text of a project. Pure: nothing is read or written here."""
