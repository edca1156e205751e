"""The folder that holds the embedded set-up: database, queue, generated secrets."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def locate(raw: str) -> Path:
    """The folder, made private and proved writable, or a sentence that says what is wrong."""
    folder = Path(raw).expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_private(folder)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch(mode=0o600)
        probe.unlink()
    except OSError as error:
        reason = error.strerror or "it cannot be written"
        raise ImproperlyConfigured(f"DATA_DIR {folder} cannot be used: {reason}.") from None
    return folder


def make_private(folder: Path) -> None:
    """For its owner only, also where it was there before: what lies in it holds transcripts and secrets."""
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def keep(path: Path, make: Callable[[], str]) -> str:
    """The text of a private file that is made once and kept beside the data, readable by its owner only."""
    if not path.exists():
        draft = path.with_name(f".{path.name}-{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(make())
        # Linked whole: when web server and worker start together, one of them makes it and both read the same.
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text().strip()


def secret(folder: Path, name: str, length: int = 50) -> str:
    return keep(folder / name, lambda: secrets.token_urlsafe(length))


def broker_folders(folder: Path) -> dict[str, object]:
    """Options of Celery's filesystem transport: every folder inside ours, private."""
    root = folder / "queue"
    root.mkdir(mode=0o700, exist_ok=True)
    make_private(root)
    for name in ("messages", "processed", "control"):
        (root / name).mkdir(mode=0o700, exist_ok=True)
    return {
        "data_folder_in": str(root / "messages"),
        "data_folder_out": str(root / "messages"),
        "processed_folder": str(root / "processed"),
        "control_folder": str(root / "control"),
        "store_processed": False,
        "polling_interval": 0.2,
    }
