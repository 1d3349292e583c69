"""What happens when somebody decided about an edition."""

from anxin.service.knowledge.services.editing import close, publish

__all__ = ["close", "publish"]
