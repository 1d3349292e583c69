"""Decisions of the service desk: pure functions, `now` passed in."""
