"""Static files with hashed names, compressed; scripts without their comments and blanks.

Imports between JavaScript modules are rewritten too, which wants a semicolon behind each.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from rjsmin import jsmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Ours; what others made comes as small as it is meant to be.
_SCRIPTS = "js/"


class _Minified:
    """Where a script is read from, as far as it is read here."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def open(self, path: str) -> "ContentFile[bytes]":
        with self._storage.open(path) as script:
            return ContentFile(jsmin(script.read().decode()).encode(), name=path)


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    support_js_module_import_aggregation = True
    manifest_strict = True

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._urls: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        """Of a file whose name is known from the start it is always the same, and a page asks for forty."""
        if settings.DEBUG or force:
            return str(super().url(name, force))
        if name not in self._urls:
            self._urls[name] = super().url(name)
        return self._urls[name]

    def post_process(self, paths: dict[str, tuple[Any, str]], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """What `collectstatic` found, by name: where from and its path there."""
        small = {
            name: (_Minified(storage) if name.startswith(_SCRIPTS) else storage, path)
            for name, (storage, path) in paths.items()
        }
        yield from super().post_process(small, dry_run=dry_run, **options)
