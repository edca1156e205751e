"""The environment without the developer's settings of Readback, for settings and for programs that tests start."""

import os
import re

OURS = re.compile(
    r"(ADMIN|BACKFILL|CELERY|LIVEPERSON|RETENTION|STALE)_|"
    r"(ALLOWED_HOSTS|DATABASE_URL|DATA_DIR|DEBUG|DJANGO_SETTINGS_MODULE|EMAIL_URL|HOST|LOG_FORMAT|LOG_LEVEL|METRICS_TOKEN|"
    r"POLL_SECONDS|PORT|READBACK_SANDBOX|SECRET_KEY|SITE_URL|TIME_ZONE|WEB_PROCESSES|WEB_THREADS|WORKERS)$"
)


def clean(**settings: str) -> dict[str, str]:
    """What a program is started with: everything but Readback's settings, then `settings`; no `.env` is read."""
    kept = {name: value for name, value in os.environ.items() if not OURS.match(name)}
    return {**kept, "READBACK_ENV_FILE": "", **settings}


def is_ci() -> bool:
    """Whether anything missing or skipped is a failure."""
    return any(os.environ.get(name, "").lower() in ("1", "true") for name in ("CI", "READBACK_CI"))
