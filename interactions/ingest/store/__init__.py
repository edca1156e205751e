"""Records into the database: hashed, compared, and written page by page."""

from interactions.ingest.store.page import Outcome, write
from interactions.ingest.store.prepare import Prepared, canonical, fingerprint, prepare

__all__ = ["Outcome", "Prepared", "canonical", "fingerprint", "prepare", "write"]
