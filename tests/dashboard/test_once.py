"""Markup that is made once: equal values have the same, others their own, and nothing else comes in."""

from dataclasses import replace

import pytest
from django.template import Context, Template
from django.test import Client

from dashboard.filterbar import Choices, Option
from dashboard.templatetags import once

BOX = Choices("agent", "Agent, any part", (Option("7", "Ada & <b>Bo</b>", False), Option("8", "Cy", True)), False)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    once._rendered.cache_clear()


def test_equal_values_are_written_once():
    first = once.once(BOX.template, control=BOX)
    assert once.once(BOX.template, control=replace(BOX)) is first
    assert "Ada &amp; &lt;b&gt;Bo&lt;/b&gt;" in first


@pytest.mark.parametrize(
    "other",
    [
        {"label": "Agents"},
        {"is_wrong": True},
        {"options": (Option("7", "Ada & <b>Bo</b>", True), Option("8", "Cy", True))},
        {"options": BOX.options[::-1]},
    ],
)
def test_other_values_have_their_own(other):
    assert once.once(BOX.template, control=replace(BOX, **other)) != once.once(BOX.template, control=BOX)


def test_gets_nothing_but_what_it_is_given():
    page = Template("{% load once %}{% once template control=control %}")
    with_secrets = Context({"template": BOX.template, "control": BOX, "csrf_token": "secret", "user": "Ada"})
    assert page.render(with_secrets) == once.once(BOX.template, control=BOX)


@pytest.mark.django_db
def test_the_form_of_one_address_says_nothing_in_another(client_for, analyst):
    """Two people's pages, and one person's two, share the parts that are alike and no others."""
    client: Client = client_for(analyst)
    pages = {tail: client.get(f"/conversations/?{tail}").content.decode() for tail in ("", "csat=1", "mcs_min=7", "")}
    assert 'name="csat" value="1" checked' in pages["csat=1"]
    assert 'name="csat" value="1" checked' not in pages[""]
    assert 'name="csat" value="1" checked' not in pages["mcs_min=7"]
    assert 'name="mcs_min" value="7"' in pages["mcs_min=7"]
    assert 'name="mcs_min" value="7"' not in pages["csat=1"] + pages[""]
