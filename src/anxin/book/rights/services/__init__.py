"""The request desk, copies, restricted files, erasing, and the nightly look at what is due."""

from anxin.book.rights.services.archives import start_archive, take_archive
from anxin.book.rights.services.erasing import APPROVAL as ERASURE
from anxin.book.rights.services.erasing import ask_erasure, start_erasure
from anxin.book.rights.services.nightly import nightly
from anxin.book.rights.services.repeating import repeat
from anxin.book.rights.services.requests import (
    answer_request,
    assign_request,
    extend_request,
    receive_request,
    refuse_request,
    verify_identity,
    withdraw_request,
)
from anxin.book.rights.services.restricting import lift_restriction, read_restricted, readmit, restrict

__all__ = [
    "ERASURE",
    "answer_request", "ask_erasure", "assign_request", "extend_request", "lift_restriction", "nightly",
    "read_restricted", "readmit", "receive_request", "refuse_request", "repeat", "restrict", "start_archive",
    "start_erasure", "take_archive", "verify_identity", "withdraw_request",
]  # fmt: skip
