"""Reading scores, the dashboard, corrections, links and answers."""

from anxin.book.upkeep.data import NotFound as NotFound
from anxin.book.upkeep.queries.answers import answers_of as answers_of
from anxin.book.upkeep.queries.answers import get_answer as get_answer
from anxin.book.upkeep.queries.answers import list_answers as list_answers
from anxin.book.upkeep.queries.board import board as board
from anxin.book.upkeep.queries.board import sources_report as sources_report
from anxin.book.upkeep.queries.listing import BadCursor as BadCursor
from anxin.book.upkeep.queries.listing import list_files as list_files
from anxin.book.upkeep.queries.one import corrections_of as corrections_of
from anxin.book.upkeep.queries.one import judgement_of as judgement_of
from anxin.book.upkeep.queries.one import last_confirmed as last_confirmed
from anxin.book.upkeep.queries.one import links_of as links_of
