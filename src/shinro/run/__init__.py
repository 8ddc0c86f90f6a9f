"""One module a path; the only room that sees every room."""
