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
    once._kept.forget()


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


def test_keeps_no_more_than_so_much(monkeypatch: pytest.MonkeyPatch):
    """However many there are, the ones used longest ago go first, and what is too long is not kept at all."""
    size = len(once.once(BOX.template, control=BOX))
    monkeypatch.setattr(once, "_MOST", 3 * size)
    others = [replace(BOX, name=f"agen{number}") for number in range(9)]
    for other in others:
        first = once.once(BOX.template, control=BOX)
        once.once(BOX.template, control=other)
        assert once.once(BOX.template, control=BOX) is first
        assert sum(map(len, once._kept._found.values())) == once._kept._size <= 3 * size
    assert once.once(BOX.template, control=others[-1]) is once.once(BOX.template, control=others[-1])
    many = replace(BOX, options=BOX.options * 30)
    assert once.once(BOX.template, control=many) == once.once(BOX.template, control=many)
    assert once.once(BOX.template, control=many) is not once.once(BOX.template, control=many)
    assert once._kept._size <= 3 * size


def test_who_writes_templates_sees_them_as_they_are(settings):
    settings.DEBUG = True
    assert once.once(BOX.template, control=BOX) is not once.once(BOX.template, control=BOX)


@pytest.mark.django_db
def test_nothing_of_a_form_that_somebody_made_up_is_kept(client_for, analyst):
    response = client_for(analyst).post("/columns/", {"up": "x" * 10_000, "order": ["mcs"]})
    assert response.status_code == 200
    assert not any("xxx" in str(named) for named in once._kept._found)


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
