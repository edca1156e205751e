"""How a log line looks: one event with its fields, as words or as JSON."""

import traceback
from typing import Any, TextIO

from structlog.dev import ConsoleRenderer
from structlog.processors import ExceptionRenderer, JSONRenderer, TimeStamper
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import ExcInfo, Processor

FORMS = ("line", "json")
# What `extra` may bring: ids, counts, seconds and kinds. All else stays out, whoever adds it: Django hangs the whole
# request, with what somebody searched for, on every line of its own.
FIELDS = (
    *("account", "call", "conversation", "record", "run", "slot", "user", "window"),
    *("kind", "list", "path", "state", "error", "error_id", "reason"),
    *("count", "of", "read", "new", "changed", "unchanged", "unreadable", "requests", "slowed"),
    *("seconds", "until", "start_from", "start_to"),
)


def configuration(form: str, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything on the standard error stream, in one of FORMS, from `level` on."""
    formatter = {"()": ProcessorFormatter, "foreign_pre_chain": _chain(), "processors": _rendered(form)}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"event": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "event"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "axes": {"level": "ERROR"},
            "celery": {"level": "WARNING"},  # else every bell is a line, from beat and from the worker that hears it
            "django.request": {"level": "ERROR"},
            # Scanners name hosts that are not ours all day: each would fill a screen with a traceback.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
    }


def _chain() -> list[Processor]:
    return [add_log_level, add_logger_name, TimeStamper(fmt="iso", utc=True), ExtraAdder(allow=FIELDS)]


def _rendered(form: str) -> list[Processor]:
    clean = ProcessorFormatter.remove_processors_meta
    if form == "json":
        return [clean, ExceptionRenderer(_places), JSONRenderer()]
    lines: Any = ConsoleRenderer(colors=False, pad_event_to=0, pad_level=False, exception_formatter=_print_places)
    return [clean, lines]


def _places(exc_info: ExcInfo) -> str:
    """A traceback without what the errors say and what variables hold: both can be somebody's words."""
    chain: list[BaseException] = []
    error: BaseException | None = exc_info[1]
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    told = [f"{''.join(traceback.format_tb(each.__traceback__))}{type(each).__qualname__}" for each in reversed(chain)]
    return "Traceback (most recent call last):\n" + "\nwhich led to:\n".join(told)


def _print_places(out: TextIO, exc_info: ExcInfo) -> None:
    out.write(f"\n{_places(exc_info)}")
