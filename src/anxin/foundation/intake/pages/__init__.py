"""The pages of imports."""

from anxin.foundation.intake.pages import batches, blanks, mapping, profiles, upload

__all__ = ["batches", "blanks", "mapping", "profiles", "upload"]
