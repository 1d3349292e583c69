"""Numbers that name things: our own keys and codes, and those of the outside world, checked as their standards say."""
