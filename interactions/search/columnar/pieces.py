"""The files of a copy in the database, from where every host takes them that did not make it."""

from __future__ import annotations

import shutil

from interactions.models import ColumnarPiece

from . import files

# Bytes of a piece.
_SIZE = 1_000_000
# What the name of a folder ends in until it is whole.
_PART = ".part"


def store(token: str) -> None:
    for path in sorted((files.folder() / token).iterdir()):
        with path.open("rb") as file:
            number = 0
            while body := file.read(_SIZE):
                ColumnarPiece.objects.create(token=token, name=path.name, number=number, body=body)
                number += 1


def fetch(token: str, size: int) -> None:
    """Takes the copy into its folder, which is there once it is whole; another process may be at it."""
    with files.alone() as is_alone:
        if not is_alone or files.is_there(token):
            return
        part = f"{token}{_PART}"
        place = files.folder() / part
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(mode=0o700)
        for name in files.NAMES:
            (place / name).touch()
        keys = list(ColumnarPiece.objects.filter(token=token).order_by("name", "number").values_list("pk", flat=True))
        for key in keys:
            piece = ColumnarPiece.objects.get(pk=key)
            with (place / piece.name).open("ab") as file:
                file.write(piece.body)
        files.opened(part, size)
        place.rename(files.folder() / token)
        files.remove_but(token)


def remove_but(token: str) -> None:
    ColumnarPiece.objects.exclude(token=token).delete()
