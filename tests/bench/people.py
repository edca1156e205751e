"""The two readers of every measurement: one who sees all, one who sees a single group."""

import time
from typing import Any

from tests.bench.measure import line


def readers() -> dict[str, Any]:
    """Signed-in test clients by role, for the database the benchmark filled, in a process begun as a web process is.

    Lists are answered from a columnar copy, which a worker would have made by then.
    """
    from django.contrib.auth import get_user_model
    from django.db.models import Count
    from django.test import Client

    from dashboard.warmth import warm_up
    from interactions.models import AgentGroup, Participation, Scope
    from interactions.search.columnar import making

    warm_up()
    began = time.monotonic()
    if making.renew():
        line("making the columnar copy", f"{time.monotonic() - began:.1f} s")
    busiest = (
        Participation.objects.filter(is_counted=True, group__isnull=False)
        .values_list("group")
        .annotate(n=Count("id"))
        .order_by("-n")[:3]
    )
    clients = {}
    for name, everything in (("analyst", True), ("supervisor", False)):
        user, _ = get_user_model().objects.get_or_create(username=f"bench-{name}")
        scope, _ = Scope.objects.update_or_create(user=user, defaults={"all_groups": everything})
        if not everything:
            # The third busiest group: neither everything nor nothing.
            scope.groups.set(AgentGroup.objects.filter(pk__in=[row[0] for row in busiest][-1:]))
        client = Client(headers={"host": "localhost"})
        client.force_login(user, backend="dashboard.people.PeopleBackend")
        clients[name] = client
    return clients
