"""Decisions of this room: how a complaint moves, how long it may take, and how complaints are sorted and measured."""
