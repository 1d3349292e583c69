"""Builders: the shortest way to rows that make sense. Keyword-only; what a test does not say gets a sound default."""

from tests.build.cast import Cast, make_cast
from tests.build.people import NOW, TODAY, actor, organisation, person, post, unit, user

__all__ = ["NOW", "TODAY", "Cast", "actor", "make_cast", "organisation", "person", "post", "unit", "user"]
