"""Decisions of this room: which value survives a merge, and what becomes of a pair of files."""
