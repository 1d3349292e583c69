"""Work items: made by people and rooms, done, put off, handed over."""

from anxin.service.worklist.access import ItemNotFound as ItemNotFound
from anxin.service.worklist.rules import register_kind as register_kind
from anxin.service.worklist.services.birthdays import ensure_birthdays as ensure_birthdays
from anxin.service.worklist.services.following import follow as follow
from anxin.service.worklist.services.following import follow_subject as follow_subject
from anxin.service.worklist.services.generation import close_for_subjects as close_for_subjects
from anxin.service.worklist.services.generation import ensure_item_each as ensure_item_each
from anxin.service.worklist.services.generation import ensure_items as ensure_items
from anxin.service.worklist.services.items import InvalidOutcome as InvalidOutcome
from anxin.service.worklist.services.items import NoSuchColleague as NoSuchColleague
from anxin.service.worklist.services.items import cancel as cancel
from anxin.service.worklist.services.items import complete as complete
from anxin.service.worklist.services.items import complete_many as complete_many
from anxin.service.worklist.services.items import create as create
from anxin.service.worklist.services.items import hand_over as hand_over
from anxin.service.worklist.services.items import hand_over_many as hand_over_many
from anxin.service.worklist.services.items import reopen as reopen
from anxin.service.worklist.services.items import snooze as snooze
from anxin.service.worklist.services.items import snooze_many as snooze_many
from anxin.service.worklist.services.nightly import nightly as nightly
from anxin.service.worklist.services.notes import follow_note as follow_note
