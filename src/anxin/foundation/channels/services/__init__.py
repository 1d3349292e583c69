"""Talking with a telephone exchange."""

from anxin.foundation.channels.services.dialling import dial, pause

__all__ = ["dial", "pause"]
