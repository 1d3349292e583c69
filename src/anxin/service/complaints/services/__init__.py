"""Registering complaints and moving them, what belongs to them, and the rules of the house."""

from anxin.service.complaints.services.adding import (
    add_evidence,
    add_responsible,
    add_talk,
    set_penalty,
    show_contact,
    take_file,
)
from anxin.service.complaints.services.governing import (
    enter_regulation,
    finish_rectification,
    open_rectification,
    verify_rectification,
)
from anxin.service.complaints.services.moving import ask_extension, move, propose_plan
from anxin.service.complaints.services.papers import take_paper
from anxin.service.complaints.services.registering import register_complaint
from anxin.service.complaints.services.volumes import count_volumes, enter_volume

__all__ = [
    "add_evidence", "add_responsible", "add_talk", "ask_extension", "count_volumes", "enter_regulation",
    "enter_volume", "finish_rectification", "move", "open_rectification", "propose_plan", "register_complaint",
    "set_penalty", "show_contact", "take_file", "take_paper", "verify_rectification",
]  # fmt: skip
