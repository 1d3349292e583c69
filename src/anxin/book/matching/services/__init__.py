"""Business actions of identity: merging, separating, deciding, linking."""
