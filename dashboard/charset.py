"""Requests are read as UTF-8, whichever charset they name: no browser sends us any other.

Django takes every codec that Python knows, of which some give lone surrogates and others are none for text. It looks
one up while it makes the request, before the first of its middlewares could answer: hence this stands around it.
"""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


def utf8_only(application: WSGIApplication) -> WSGIApplication:
    """Leaves of a Content-Type what forms need: their kind, and the boundary between their parts."""

    def handle(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        kind, *parameters = environ.get("CONTENT_TYPE", "").split(";")
        kept = [parameter for parameter in parameters if parameter.strip().lower().startswith("boundary=")]
        return application({**environ, "CONTENT_TYPE": ";".join([kind, *kept])}, start_response)

    return handle
