"""Decisions of call-backs: the clock, what an attempt leads to, the rules of a site and the questions."""
