"""The folder that holds the embedded set-up: database, queue, generated secrets."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def locate(raw: str) -> Path:
    """The folder, made private and proved writable, or a sentence that says what is wrong."""
    folder = Path(raw).expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch(mode=0o600)
        probe.unlink()
    except OSError as error:
        reason = error.strerror or "it cannot be written"
        raise ImproperlyConfigured(f"DATA_DIR {folder} cannot be used: {reason}.") from None
    return folder


def secret(folder: Path, name: str, length: int = 50) -> str:
    """A secret that is generated once and kept beside the data, readable by its owner only."""
    path = folder / name
    try:
        # O_EXCL: when web server and worker start together, exactly one of them makes the secret.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    value = secrets.token_urlsafe(length)
    with os.fdopen(handle, "w") as file:
        file.write(value)
    return value


def broker_folders(folder: Path) -> dict[str, object]:
    """Options of Celery's filesystem transport: every folder inside ours, private."""
    root = folder / "queue"
    for name in ("messages", "processed", "control"):
        (root / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "data_folder_in": str(root / "messages"),
        "data_folder_out": str(root / "messages"),
        "processed_folder": str(root / "processed"),
        "control_folder": str(root / "control"),
        "store_processed": False,
        "polling_interval": 0.2,
    }
