"""Work as rows: claim, lease, fencing number, waiting, progress and stopping, the same for every kind of work."""

from interactions.jobs.claims import LEASE, Claim, LostClaim, StopRequested, claim, due, request_stop, take_over

__all__ = ["LEASE", "Claim", "LostClaim", "StopRequested", "claim", "due", "request_stop", "take_over"]
