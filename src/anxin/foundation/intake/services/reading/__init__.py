"""Reading files in bounded memory: what they are (`inspect`), and their rows in fixed portions (`chunks`)."""

from anxin.foundation.intake.services.reading.files import DocumentSource, Packed, PathSource, Source, WorkbookSource
from anxin.foundation.intake.services.reading.tables import Chunk, Form, Inspected, chunks, inspect, rows_of_workbook

__all__ = [
    "Chunk", "DocumentSource", "Form", "Inspected", "Packed", "PathSource", "Source", "WorkbookSource", "chunks",
    "inspect", "rows_of_workbook",
]  # fmt: skip
