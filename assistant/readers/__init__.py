"""Readers: one file per format, from a path to documents. See `table.py` for how to add a format."""

from assistant.readers.reading import Reading
from assistant.readers.table import read, supported

__all__ = ["Reading", "read", "supported"]
