"""Who may look at a conversation's record as LivePerson gave it."""

from typing import TYPE_CHECKING

from interactions.models import scope_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    Reader = AbstractBaseUser | AnonymousUser


def may_see_record(user: "Reader") -> bool:
    """Operators, and who may reveal personal data: the record holds addresses and numbers that no page shows."""
    scope = scope_of(user)
    return bool(
        getattr(user, "is_staff", False) or getattr(user, "is_superuser", False) or (scope and scope.may_reveal)
    )
