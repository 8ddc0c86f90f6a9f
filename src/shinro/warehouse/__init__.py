"""The only room that meets an engine: what was read, kept and measured."""
