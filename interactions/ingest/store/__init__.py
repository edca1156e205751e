"""Records into the database: hashed, compared, and written page by page."""

from interactions.ingest.store.page import PART_OF_NEWER, Outcome, write
from interactions.ingest.store.prepare import Prepared, canonical, fingerprint, prepare

__all__ = ["PART_OF_NEWER", "Outcome", "Prepared", "canonical", "fingerprint", "prepare", "write"]
