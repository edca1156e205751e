"""Django's admin: people, groups and scopes for operators; no transcript anywhere."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse

from interactions.models import Agent, AgentGroup, Message, Scope, Skill, Tag
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(administrator, client_for):
    return client_for(administrator)


def page(browser, model, **query):
    return browser.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), query)


@pytest.mark.parametrize("model", [Agent, AgentGroup, Skill, Scope, Tag, User])
def test_lists_and_searches(browser, model):
    factories.agent("Noor Haddad", factories.group("Delivery"))
    factories.skill("Returns")
    assert page(browser, model).status_code == 200
    assert page(browser, model, q="noor").status_code == 200


def test_lets_nobody_change_what_livepersons_owns(browser):
    agent = factories.agent("Noor Haddad")
    answer = browser.post(reverse("admin:interactions_agent_change", args=[agent.pk]), {"full_name": "x"})
    assert answer.status_code == 403


def test_offers_the_scope_on_the_persons_page(browser, supervisor):
    answer = browser.get(reverse("admin:auth_user_change", args=[supervisor.pk]))
    assert b"what this person may see" in answer.content.lower()


def test_shows_no_transcripts():
    assert Message not in admin.site._registry


def test_lists_people_with_constant_queries(browser, django_assert_max_num_queries):
    for number in range(12):
        factories.user("supervisor", groups=[factories.group(f"G {number}")])
    with django_assert_max_num_queries(14):
        page(browser, User)


def test_renames_a_tag_on_every_conversation(browser):
    for name in ("Late parcle", "VIP"):
        factories.tag(factories.conversation(), name)
    wrong = Tag.objects.get(key="late parcle")
    change = reverse("admin:interactions_tag_change", args=[wrong.pk])
    assert b"A tag needs at least one letter." in browser.post(change, {"name": "\u3164"}).content
    assert b"There is such a tag already." in browser.post(change, {"name": "vip"}).content
    browser.post(change, {"name": " Late  parcel "})
    wrong.refresh_from_db()
    assert (wrong.name, wrong.key, wrong.taggings.count()) == ("Late parcel", "late parcel", 1)
