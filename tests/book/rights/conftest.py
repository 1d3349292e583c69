"""Fixtures of this room."""

from __future__ import annotations

import pytest

from anxin.book.customers.models import Party
from tests.book.rights import nursery
from tests.build import Cast


@pytest.fixture
def person(cast: Cast) -> Party:
    return nursery.known_everywhere(cast)
