"""Records into the database: hashed, compared, and written page by page."""

from interactions.ingest.store.page import PART_OF_NEWER, SERVER_ERRORS, Outcome, write
from interactions.ingest.store.prepare import Prepared, canonical, fingerprint, prepare, stored_as, understand

__all__ = [
    "PART_OF_NEWER",
    "SERVER_ERRORS",
    "Outcome",
    "Prepared",
    "canonical",
    "fingerprint",
    "prepare",
    "stored_as",
    "understand",
    "write",
]
