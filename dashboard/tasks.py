"""What keeps the site itself tidy; reading conversations is `interactions.tasks`."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from dashboard.marks import deleted

# Long enough to look into an attack, short enough not to keep who mistyped a password for ever.
KEEP_SIGN_INS_DAYS = 30


@shared_task
def tidy() -> str:
    """Forget ended sessions and old sign-ins: `manage.py clearsessions` and `axes_reset_logs` by themselves."""
    call_command("clearsessions")
    call_command("axes_reset_logs", age=KEEP_SIGN_INS_DAYS, verbosity=0)
    call_command("axes_reset_failure_logs", age=KEEP_SIGN_INS_DAYS, verbosity=0)
    return "Tidied."


@shared_task
def forget_notes() -> str:
    """Forget the words of deleted notes that nobody can put back any more."""
    deleted.forget(timezone.now())
    return "Forgotten."
