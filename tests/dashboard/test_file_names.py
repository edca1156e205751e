"""What files are called: what they hold, in which order, and what to know before using them."""

from datetime import datetime
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from dashboard import export
from interactions.models import Account
from tests import factories


def test_names_account_and_sentence_in_file_name_and_headers(client_for, analyst):
    Account.objects.create(account_id="sandbox-1", created_at=timezone.now())
    response = client_for(analyst).get("/conversations.csv?csat=1&csat=2&zone=Asia/Tokyo")
    day = timezone.now().astimezone(ZoneInfo("Asia/Tokyo")).date()
    name = unquote(response["Content-Disposition"])
    assert f"conversations-csat-1-or-2-{day}-sandbox" in name
    assert response["X-Readback-Account"] == "sandbox-1"
    assert response.has_header("X-Readback-Complete-Since")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("parts", "flags", "expected"),
    [
        ([], {}, "conversations-all-2026-11-20.csv"),
        (["CSAT 1 or 2", "skill Delivery"], {"is_sandbox": True}, "-csat-1-or-2-skill-delivery-2026-11-20-sandbox.csv"),
        (['skill "../../x"'], {"is_complete": False}, "-skill-x-2026-11-20-incomplete.csv"),
        (["word"] * 60, {}, "-word-and-more-2026-11-20.csv"),
        (["x" * 300, "status closed"], {}, f"-{'x' * 91}-and-more-2026-11-20.csv"),
    ],
)
def test_makes_file_names_that_say_what_is_inside(parts, flags, expected):
    day = datetime(2026, 11, 20).date()
    said = [(part, part) for part in parts]
    name = export.file_name("conversations", said, day, **{"is_sandbox": False, "is_complete": True, **flags})
    assert name.endswith(expected)
    assert len(name) < 150


def test_counts_long_lists_in_a_file_name_before_a_filter_is_left_out(client_for, analyst):
    asked = "&".join(f"skill={factories.skill(f'Skill of a long name {n}').liveperson_id}" for n in range(4))
    asked += "&agent=one&agent=two&csat=1&csat=2&nps_min=3&status=closed"

    def name_of(tail):
        return unquote(client_for(analyst).get(f"/conversations.csv?{tail}")["Content-Disposition"])

    day = timezone.now().date()
    assert f"-csat-1-or-2-nps-3-or-higher-agent-one-or-two-4-skills-status-closed-{day}" in name_of(asked)
    assert "-skill-skill-of-a-long-name-0-or-skill-of-a-long-name-1-2" in name_of("&".join(asked.split("&")[:2]))
    name = name_of(f"{asked}&device=mobile&first_contact=1&duration_min=60&transfers_min=2")
    assert f"-2-agents-4-skills-status-closed-device-mobile-first-contact-yes-and-more-{day}" in name


@pytest.mark.parametrize("path", ["/conversations.csv", "/messages.csv"])
@pytest.mark.parametrize(
    ("tail", "said"),
    [
        ("sort=shuffle&seed=5", "-shuffled-with-seed-5-2"),
        ("sort=-shuffle&seed=5&csat=1", "-csat-1-shuffled-with-seed-5-backwards-2"),
        ("sort=mcs", "-lowest-mcs-first-2"),
        ("sort=-started_at", "-all-2"),
    ],
)
def test_says_the_order_in_the_name_of_a_file(client_for, analyst, path, tail, said):
    assert said in client_for(analyst).get(f"{path}?{tail}")["Content-Disposition"]
