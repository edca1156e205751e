"""A stored conversation turned into the lines that the reader prints; reads no database."""

from .build import Story, Transcript, build

__all__ = ["Story", "Transcript", "build"]
