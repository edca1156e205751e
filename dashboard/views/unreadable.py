"""Records that could not be understood, as they came: for operators only."""

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dashboard import auditing, formats
from dashboard.bell import ring_soon
from dashboard.syncing import unreadable
from dashboard.views.operators import operators_only
from interactions.ingest import control
from interactions.ingest.reading import Tools
from interactions.models import UnreadableRecord

logger = logging.getLogger(__name__)
# Each is parsed and stored while the page waits.
AT_ONCE = 50


@require_safe
@operators_only
def record_list(request: HttpRequest) -> HttpResponse:
    reason = _reason(request.GET)
    context = {
        "reason": reason,
        "reasons": unreadable.reasons(),
        "count": UnreadableRecord.objects.count(),
        "page": unreadable.page(reason, _number(request.GET.get("before", ""))),
        "every_url": unreadable.list_url(),
    }
    return render(request, "dashboard/sync_unreadable.html", context)


@require_safe
@operators_only
def record_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One record with people's words in it: who looks at it is logged, by ids."""
    record = get_object_or_404(UnreadableRecord, pk=pk)
    logger.info("unreadable record shown", extra={"record": record.pk, "user": request.user.pk})
    auditing.write(request, auditing.Kind.RAW, conversation_id=record.key)
    part = unreadable.part(record, _number(request.GET.get("part", "")) or 1)
    context = {"record": record, "part": part, "list_url": unreadable.list_url(record.reason)}
    return render(request, "dashboard/sync_unreadable_record.html", context)


@require_POST
@operators_only
def read_again(request: HttpRequest) -> HttpResponse:
    """One record (`record`), or the newest of those that failed for one `reason`."""
    pk = _number(request.POST.get("record", ""))
    if pk is not None:
        said = control.read_again(pk, request.user, timezone.now(), Tools())
        messages.success(request, said)
        ring_soon()
        return redirect("sync-unreadable")
    messages.success(request, _read_all_again(request, _reason(request.POST)))
    ring_soon()
    return redirect("sync")


def _read_all_again(request: HttpRequest, reason: str) -> str:
    alike = UnreadableRecord.objects.filter(reason=reason).order_by("-pk")
    keys = dict(alike.values_list("pk", "key")[:AT_ONCE])
    for pk in keys:
        control.read_again(pk, request.user, timezone.now(), Tools())
    left = UnreadableRecord.objects.filter(key__in=keys.values()).count()
    if not keys:
        return "No record is unreadable for this reason any more."
    if not left:
        return f"{formats.plural(len(keys), 'record')} can be read now."
    read = f"{formats.count(len(keys) - left)} of {formats.plural(len(keys), 'record')} can be read now."
    return f"{read} LivePerson is asked again for the others, by their ids."


def _reason(given: QueryDict) -> str:
    # PostgreSQL refuses even to look for NUL; what no record holds finds nothing, rather than all.
    return given.get("reason", "").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
