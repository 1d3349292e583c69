"""Registering complaints and moving them, what belongs to them, and the rules of the house."""

from anxin.service.complaints.services.governing import (
    enter_regulation,
    enter_volume,
    finish_rectification,
    open_rectification,
    verify_rectification,
)
from anxin.service.complaints.services.moving import ask_extension, move, propose_plan
from anxin.service.complaints.services.papers import add_evidence, add_talk, set_penalty, take_paper
from anxin.service.complaints.services.registering import register_complaint

__all__ = [
    "add_evidence", "add_talk", "ask_extension", "enter_regulation", "enter_volume", "finish_rectification", "move",
    "open_rectification", "propose_plan", "register_complaint", "set_penalty", "take_paper", "verify_rectification",
]  # fmt: skip
