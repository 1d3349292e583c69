"""Reading files in bounded memory: what they are (`inspect`), and their rows in fixed portions (`chunks`)."""

from anxin.foundation.intake.services.reading.files import DocumentSource, PathSource, Source
from anxin.foundation.intake.services.reading.tables import Chunk, Form, Inspected, chunks, inspect

__all__ = ["Chunk", "DocumentSource", "Form", "Inspected", "PathSource", "Source", "chunks", "inspect"]
