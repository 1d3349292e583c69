"""Writing, approving, judging and searching the knowledge base."""

from anxin.service.knowledge.services.editing import (
    EditionMissing,
    attach,
    create_article,
    detach,
    save_edition,
    submit,
    withdraw,
)
from anxin.service.knowledge.services.evaluating import Evaluation, evaluate
from anxin.service.knowledge.services.reading import (
    forget_searches,
    give_feedback,
    note_opened,
    note_search,
)

__all__ = [
    "EditionMissing",
    "Evaluation",
    "attach",
    "create_article",
    "detach",
    "evaluate",
    "forget_searches",
    "give_feedback",
    "note_opened",
    "note_search",
    "save_edition",
    "submit",
    "withdraw",
]
