"""What may be asked about imports."""

from anxin.foundation.intake.access import BatchNotFound, ProfileNotFound
from anxin.foundation.intake.queries.batches import (
    Mapped,
    Sample,
    begun_between,
    counts_of,
    find_by_file,
    get_batch,
    is_taken_back,
    kind_labels,
    known_sources,
    last_finished,
    list_batches,
    mapping_of,
    message_of,
    preview_samples,
    view,
)
from anxin.foundation.intake.queries.mapping import MappingView, mapping_view
from anxin.foundation.intake.queries.naming import source_names
from anxin.foundation.intake.queries.notes import address_of, list_notes, shown_note
from anxin.foundation.intake.queries.problems import (
    list_problems,
    personal_kinds,
    problem_totals,
    shown_problems,
    told,
)
from anxin.foundation.intake.queries.profile_text import as_toml
from anxin.foundation.intake.queries.profiles import (
    ProfileView,
    active_profiles,
    get_profile,
    list_profiles,
    profile_view,
)
from anxin.foundation.intake.queries.suggestions import Match, matches_of, remembered, suggest

__all__ = [
    "BatchNotFound", "Mapped", "MappingView", "Match", "ProfileNotFound", "ProfileView", "Sample", "active_profiles",
    "address_of", "as_toml", "begun_between", "counts_of", "find_by_file", "get_batch", "get_profile", "is_taken_back",
    "kind_labels", "known_sources", "last_finished", "list_batches", "list_notes", "list_problems", "list_profiles",
    "mapping_of", "mapping_view", "matches_of", "message_of", "personal_kinds", "preview_samples", "problem_totals",
    "profile_view", "remembered", "shown_note", "shown_problems", "source_names", "suggest", "told", "view",
]  # fmt: skip
