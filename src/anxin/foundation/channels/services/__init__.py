"""Talking with a telephone exchange."""

from anxin.foundation.channels.services.dialling import dial

__all__ = ["dial"]
