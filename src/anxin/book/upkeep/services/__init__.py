"""The quality of files: judged, corrected, confirmed, filled in by customers, printed."""

from anxin.book.upkeep.data import NotFound as NotFound
from anxin.book.upkeep.data import UpkeepRejected as UpkeepRejected
from anxin.book.upkeep.services.answers import decide as decide
from anxin.book.upkeep.services.corrections import confirm as confirm
from anxin.book.upkeep.services.corrections import dismiss as dismiss
from anxin.book.upkeep.services.corrections import open_correction as open_correction
from anxin.book.upkeep.services.corrections import open_many as open_many
from anxin.book.upkeep.services.corrections import resolve as resolve
from anxin.book.upkeep.services.exporting import start_export as start_export
from anxin.book.upkeep.services.links import is_too_often as is_too_often
from anxin.book.upkeep.services.links import make_link as make_link
from anxin.book.upkeep.services.links import note_try as note_try
from anxin.book.upkeep.services.links import open_card as open_card
from anxin.book.upkeep.services.links import revoke as revoke
from anxin.book.upkeep.services.links import submit as submit
from anxin.book.upkeep.services.printing import record_card as record_card
from anxin.book.upkeep.services.scoring import nightly as nightly
from anxin.book.upkeep.services.scoring import score_all as score_all
from anxin.book.upkeep.services.scoring import score_some as score_some
