"""Formatted text as it may be shown."""

import pytest

from dashboard.richtext import clean, has_words, is_beyond, link, plain
from dashboard.richtext.parsing import MOST_CHARACTERS, MOST_ELEMENTS
from interactions.search import Term

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
        ('<form action="https://spy.example"><input name="password">text</form>', "<div>text</div>"),
        ('<p title="spoken" lang="ar">text</p>', "<p>text</p>"),
        ("<h1>Title</h1>text", "<div><strong>Title</strong></div>text"),
        (
            "<table><tr><td bgcolor=red>Order</td><td>123</td></tr></table>",
            "<table><tbody><tr><td>Order</td><td>123</td></tr></tbody></table>",
        ),
        ("<section>One</section><article>Two</article>", "<div>One</div><div>Two</div>"),
        ("<span>One</span><font color=red>Two</font>", "OneTwo"),
        ('<img src="https://spy.example/a.png" alt="the broken <shelf>">', "[Image: the broken &lt;shelf&gt;]"),
        ('<a href="mailto:a@shop.example?subject=x">write</a>', "write <span>(a@shop.example)</span>"),
        ('<a href="tel:+44%20161">call</a>', "call <span>(+44 161)</span>"),
        ('<a href="mailto:a\u202e@shop.example">write</a>', "write"),
        ("&lt;img src=x onerror=alert(1)&gt;", "&lt;img src=x onerror=alert(1)&gt;"),
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


def test_gives_a_link_inside_another_one_its_own_host():
    inner = '<table><tr><td><a href="https://two.example/">b</a></td></tr></table>'
    shown = clean(f'<a href="https://one.example/">a {inner}</a>')
    assert shown.count(REL) == 2
    assert shown.index("(two.example ↗)</span></a>") < shown.index("(one.example ↗)</span></a>")


def test_marks_words_and_phrases_between_the_tags_and_nothing_else():
    wanted = [Term(("red", "shelf")), Term(("example",))]
    shown = clean('<a href="https://shop.example/shelf">a <b>Red</b> shelf &amp; more</a>', wanted)
    assert "a <b><mark>Red</mark></b><mark> shelf</mark> &amp; more" in shown
    assert 'href="https://shop.example/shelf"' in shown and "(shop.example ↗)" in shown


@pytest.mark.parametrize(
    ("html", "is_readable"),
    [("<p>a</p>", True), ('<img alt="a">', True), ("<p>&nbsp;<br></p>", False), ("<script>x</script>", False)],
)
def test_tells_whether_there_is_anything_to_read(html, is_readable):
    assert has_words(clean(html)) is is_readable


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>Hello <b>zebra</b></p><p>World &amp; Co &lt;3</p>", ["Hello zebra", "World & Co <3"]),
        ("one<br>two\nthree", ["one", "two three"]),
        (
            '<a href="https://a.example/x?y=1&amp;z=2">click</a>. <a href="https://a.example">https://a.example</a>',
            ["click <https://a.example/x?y=1&z=2>. https://a.example"],
        ),
        ('<a href="mailto:a@shop.example">write</a>', ["write <a@shop.example>"]),
        ("<h1>Title</h1>text<ul>\n<li>a</li><li><p>b</p></li></ul>end", ["Title", "text", "- a", "- b", "end"]),
        ("<table><tr>\n<th>Order</th>\n<td>123</td></tr><tr><td>Paid</td></tr></table>", ["Order | 123", "Paid"]),
        ("<pre>a\nb</pre><img alt=shelf>", ["a", "b", "[Image: shelf]"]),
        ("<style>p {}</style><!-- no -->a&nbsp;b", ["a b"]),
    ],
)
def test_writes_plain_lines(html, lines):
    assert plain(html).split("\n") == lines


@pytest.mark.parametrize(
    "html",
    ["<div>" * (MOST_ELEMENTS + 1) + "deep &amp; far", f"<b {'a=1 ' * MOST_CHARACTERS}>deep &amp; far</b>"],
)
def test_shows_plain_words_where_there_is_too_much_formatting(html):
    assert is_beyond(html)
    assert clean(html) == "deep &amp; far<br>" and plain(html) == "deep & far"
    assert clean(html, [Term(("far",))]) == "deep &amp; <mark>far</mark><br>"


def test_shows_formatting_up_to_the_bound():
    html = "<b>x</b>" * MOST_ELEMENTS
    assert not is_beyond(html) and clean(html) == html


def test_keeps_scripts_and_tags_out_of_what_is_shown_as_plain_words():
    html = "<p>a</p><script>alert(1)</script><img src=https://spy.example/a onerror=alert(2)><b>1 &lt;u&gt;</b>" * 300
    assert set(clean(html).split("<br>")) == {"a", "1 &lt;u&gt;", ""}
    assert clean("<" * (MOST_CHARACTERS + 1)).startswith("&lt;&lt;")
