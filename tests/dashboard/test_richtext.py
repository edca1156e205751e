"""Formatted text as it may be shown."""

import pytest

from dashboard.richtext import clean, link

REL = 'target="_blank" rel="noopener noreferrer nofollow"'


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<b>bold</b> &amp; plain", "<b>bold</b> &amp; plain"),
        ("<script>alert(1)</script>kept", "kept"),
        ("<style>p{}</style><svg onload=alert(1)>x</svg>", "x"),
        ('<img src="https://spy.example/a.gif" onerror=alert(1)>text', "text"),
        ('<p style="position:fixed" class="frame" id="m-0-1" onclick="a()">text</p>', "<p>text</p>"),
        ('<a href="javascript:alert(1)">press</a>', "press"),
        ('<a href="data:text/html,x">press</a>', "press"),
        ('<a href="//spy.example/">press</a>', "press"),
        ('<a href="/logout/">press</a>', "press"),
        ('<a name="x">anchor</a>', "anchor"),
        ('<form action="https://spy.example"><input name="password">text</form>', "text"),
        ("<iframe src=//spy.example></iframe><object>x</object>", "x"),
        ("<b>never closed", "<b>never closed</b>"),
        ("1 < 2", "1 &lt; 2"),
    ],
)
def test_keeps_formatting_and_nothing_that_loads_runs_or_asks(html, shown):
    assert clean(html) == shown


def test_opens_links_apart_and_shows_their_host():
    shown = clean('<a href="https://shop.example/a?b=1&amp;c=%22" title="x">our <b>page</b></a>')
    assert f'<a href="https://shop.example/a?b=1&amp;c=%22" {REL}>our <b>page</b>' in shown
    assert "(shop.example ↗)" in shown


def test_shows_the_true_host_of_a_disguised_address():
    assert "(spy.example ↗)" in clean('<a href="https://bank.example@spy.example/">bank.example</a>')


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://shop.example/t/4471", "shop.example"),
        ("HTTP://shop.example:8080", "shop.example:8080"),
        ("https://хост.example/", "xn--n1agdj.example"),
        ("javascript:alert(1)", None),
        ("java\tscript:alert(1)", None),
        ("ftp://shop.example/", None),
        ("https://", None),
        ("http://[::1", None),
        ("https://shop.example\u202e/gpj.exe", None),
        ("https:\\\\spy.example", None),
        ("https://shop.example:99999/", None),
        ("//shop.example", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_opens_only_web_addresses(address, host):
    found = link(address)
    assert (found.host if found else None) == host
