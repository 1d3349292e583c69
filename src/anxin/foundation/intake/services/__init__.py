"""What may be done with imports. The doors other rooms and the edges use."""

from anxin.foundation.intake.rules.problems import FileRefused
from anxin.foundation.intake.services.batches import (
    AlreadyRunning,
    begin_check,
    cancel,
    confirm,
    create_from_path,
    create_from_upload,
    set_profile,
)
from anxin.foundation.intake.services.checking import check_batch
from anxin.foundation.intake.services.files import import_file, report
from anxin.foundation.intake.services.inbox import pick_up
from anxin.foundation.intake.services.profiles import (
    ProfileError,
    ProfileNotFound,
    deactivate_profile,
    load_profile,
    parse_profile,
    save_profile,
)
from anxin.foundation.intake.services.queue import wake_sleepers
from anxin.foundation.intake.services.registry import ImporterUnknown, importer_of, importers, register_importer
from anxin.foundation.intake.services.reports import error_file, notes_file
from anxin.foundation.intake.services.running import run_batch, work_on
from anxin.foundation.intake.services.undoing import begin_undo, foretold, register_preparation, undo_batch

__all__ = [
    "AlreadyRunning",
    "FileRefused",
    "ImporterUnknown",
    "ProfileError",
    "ProfileNotFound",
    "begin_check",
    "begin_undo",
    "cancel",
    "check_batch",
    "confirm",
    "create_from_path",
    "create_from_upload",
    "deactivate_profile",
    "error_file",
    "foretold",
    "import_file",
    "importer_of",
    "importers",
    "load_profile",
    "notes_file",
    "parse_profile",
    "pick_up",
    "register_importer",
    "register_preparation",
    "report",
    "run_batch",
    "save_profile",
    "set_profile",
    "undo_batch",
    "wake_sleepers",
    "work_on",
]
