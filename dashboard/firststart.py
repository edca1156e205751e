"""What a first start makes: tables, static files, people who can sign in. A later one finds it made."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count

from dashboard import datadir
from interactions.models import Participation, Scope

SUPERVISOR, ANALYST = "supervisor", "analyst"


@dataclass(frozen=True, kw_only=True)
class SignIn:
    username: str
    password: str


def make_tables() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def collect_static() -> None:
    """Hash and compress static files into DATA_DIR; skipped while nothing changed, so a second start is quick."""
    stamp = settings.DATA_DIR / "static-stamp"
    fingerprint = _fingerprint([Path(folder) for folder in settings.STATICFILES_DIRS])
    if settings.STATIC_ROOT.is_dir() and stamp.exists() and stamp.read_text() == fingerprint:
        return
    shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(fingerprint)


def _fingerprint(folders: Iterable[Path]) -> str:
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            seen = path.stat()
            digest.update(f"{path}:{seen.st_mtime_ns}:{seen.st_size}\n".encode())
    return digest.hexdigest()


def create_people(*, with_samples: bool) -> None:
    """The administrator and, for the sandbox, a supervisor and an analyst: only while there is nobody."""
    people = get_user_model().objects
    if people.exists():
        return
    with transaction.atomic():
        people.create_superuser(settings.ADMIN_USERNAME, password=settings.ADMIN_PASSWORD or _kept_password())
        if with_samples:
            for username in (SUPERVISOR, ANALYST):
                user = people.create_user(username, password=_kept_password(username))
                Scope.objects.create(user=user, all_groups=username == ANALYST)


def _password_file(username: str) -> Path:
    return Path(settings.DATA_DIR) / f"{username.replace(os.sep, '_')}-password"


def _kept_password(username: str | None = None) -> str:
    return datadir.keep(_password_file(username or settings.ADMIN_USERNAME), _new_password)


def _new_password() -> str:
    """Three groups of four, without letters that look alike: 59 bits, and easily typed from a terminal."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))


def sign_ins() -> list[SignIn]:
    """The people whose first password still holds; the file of a changed one is removed."""
    found = []
    for username in (SUPERVISOR, ANALYST, settings.ADMIN_USERNAME):
        path = _password_file(username)
        if not path.exists():
            continue
        user = get_user_model().objects.filter(username=username, is_active=True).first()
        if user and user.check_password(path.read_text().strip()):
            found.append(SignIn(username=username, password=path.read_text().strip()))
        else:
            path.unlink()
    return found


def sample_supervisor_waits() -> bool:
    """Whether the sample supervisor has no group yet: groups exist only once the account was read."""
    return Scope.objects.filter(user__username=SUPERVISOR, all_groups=False, groups=None).exists()


def give_group() -> bool:
    """Give the sample supervisor the group that holds most conversations; False while there are none."""
    counted = Participation.objects.filter(is_counted=True, group__isnull=False)
    busiest = counted.values("group").annotate(held=Count("conversation", distinct=True)).order_by("-held", "group")
    row = busiest.first()
    if row is None:
        return False
    Scope.objects.get(user__username=SUPERVISOR).groups.add(row["group"])
    return True
