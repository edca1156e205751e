"""The search field of the list: lines that hold the words, and what is said where nothing does."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from dashboard import unsaid
from dashboard.models import Preference
from interactions.models import Conversation, Speaker
from tests import factories
from tests.conftest import ClientFor
from tests.interactions.search.saying import store


@pytest.fixture
def reader(analyst: User, client_for: ClientFor) -> Client:
    return client_for(analyst)


def talk(*lines: tuple[str, str], comment: str = "", **values: object) -> Conversation:
    """A conversation in which (speaker, text) were said, with its words in the index."""
    made = factories.conversation(messages=lines, detail={"comment": comment}, **values)  # type: ignore[arg-type]
    said: dict[str, list[str]] = {"comment": [comment]}
    for speaker, text in lines:
        if speaker != Speaker.AUTOMATIC:
            said.setdefault(speaker, []).append(text)
    store(made, said)
    return made


Shown = Callable[[str], str]


@pytest.fixture
def shown(reader: Client) -> Shown:
    def get(tail: str) -> str:
        answer = reader.get(f"/conversations/?{tail}")
        assert answer.status_code == 200
        return re.sub(r"\s+", " ", answer.content.decode())

    return get


def test_shows_the_best_line_with_its_speaker_and_how_many_there_are(shown: Shown) -> None:
    made = talk(
        (Speaker.CONSUMER, "Where is my refund?"),
        (Speaker.AGENT, "I am sorry that your <b>refund</b> is late."),
        (Speaker.CONSUMER, "Late again."),
    )
    html = shown("q=refund late")
    assert "I am sorry that your &lt;b&gt;<mark>refund</mark>&lt;/b&gt; is <mark>late</mark>." in html
    assert "agent; 3 matches: consumer, agent<" in html
    assert f"/conversations/{made.conversation_id}/?q=refund+late#m-" in html
    assert "1 conversation with " in html and "“refund late”" in html


def test_shows_only_lines_of_those_who_were_asked_for(shown: Shown) -> None:
    talk((Speaker.CONSUMER, "a refund please"), (Speaker.AGENT, "refund, yes"), (Speaker.NOTE, "refund refused"))
    assert "consumer, 1 match<" in shown("q=refund&said_by=consumer")
    assert "private note, 1 match<" in shown("q=refund&said_by=note")
    assert "consumer; 3 matches: consumer, agent, private note<" in shown("q=refund")


def test_counts_the_lines_of_one_class_as_theirs(shown: Shown) -> None:
    talk((Speaker.CONSUMER, "a refund please"), (Speaker.BOT, "hello"), (Speaker.CONSUMER, "refund!"))
    assert "consumer, 2 matches<" in shown("q=refund")


def test_names_everybody_who_said_a_line_that_matches(shown: Shown) -> None:
    lines = ((Speaker.AGENT, "refund"), (Speaker.BOT, "a refund"), (Speaker.CONSUMER, "the refund"))
    talk(*lines, comment="no refund")
    assert "agent; 4 matches: consumer, agent, bot, survey comment<" in shown("q=refund")


def test_never_shows_or_finds_automatic_lines(shown: Shown) -> None:
    talk((Speaker.AUTOMATIC, "our refund rules"), (Speaker.CONSUMER, "rules?"))
    assert "No conversations" in shown("q=refund")
    assert "consumer, 1 match<" in shown("q=rules")


def test_shows_a_comment_of_the_survey(shown: Shown) -> None:
    conversation = talk((Speaker.CONSUMER, "hello"), comment="never again, no refund")
    html = shown("q=refund&said_by=comment")
    assert "survey comment, 1 match<" in html and "never again, no <mark>refund</mark>" in html
    assert f'/{conversation.conversation_id}/?q=refund&amp;said_by=comment#context-comment"' in html


def test_shows_no_line_for_words_that_must_not_be_there(shown: Shown) -> None:
    talk((Speaker.CONSUMER, "hello there"))
    html = shown("q=-refund")
    assert "1 conversation with" in html and "snippet-row" not in html


def test_says_what_was_searched_and_which_word_is_rare(shown: Shown) -> None:
    talk((Speaker.CONSUMER, "the third parcel"))
    html = shown("q=third thrid")
    assert "No message contains ‘<bdi>third thrid</bdi>’." in html
    assert "Searched: consumers, agents, bots, private notes and survey comments; not automatic messages." in html
    assert "‘third’ stands in 1 conversation." in html and "‘thrid’ stands in no conversations." in html
    assert "Searched: agents;" in shown("q=third&said_by=agent")
    assert "‘<bdi>!!!</bdi>’ holds no letter or digit to search for." in shown("q=!!!")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("-parcel", "Every conversation that you may read contains ‘parcel’, which the search excludes."),
        ("-(parcel OR late)", "Every conversation that you may read contains ‘parcel’ or ‘late’, which the search"),
        (
            "parcel -late",
            "2 conversations contain ‘parcel’; all of them also contain ‘late’, which the search excludes.",
        ),
        ("third -late -lost", "1 conversation contains ‘third’; it also contains ‘late’ or ‘lost’, which the search"),
        ("par* (late OR lost) -parcel", "2 conversations contain ‘par*’ and (‘late’ or ‘lost’); all of them also"),
        ("refund -late", "No conversation contains ‘refund’. Searched"),
        ("third refund -late", "No conversation contains ‘third’ and ‘refund’. Searched"),
        ("(third -late) OR (parcel -late)", "No conversation holds what ‘(third -late) OR (parcel -late)’ asks for"),
    ],
)
def test_says_which_exclusion_leaves_nothing(shown: Shown, asked: str, said: str) -> None:
    talk((Speaker.CONSUMER, "the parcel is late"))
    talk((Speaker.CONSUMER, "a parcel"), (Speaker.AGENT, "late for the third time"))
    html = shown(f"q={asked}")
    assert said in html and "No message contains" not in html
    assert "Searched: consumers, agents," in html


def test_counts_for_an_exclusion_what_may_be_read_and_was_asked_for(supervisor: User, client_for: ClientFor) -> None:
    group = supervisor.scope.groups.get()
    talk((Speaker.CONSUMER, "the parcel is late"), agents=[factories.agent(group=group)])
    talk((Speaker.CONSUMER, "no parcel"))
    html = client_for(supervisor).get("/conversations/?q=parcel -late&said_by=consumer").content.decode()
    assert "1 conversation contains ‘parcel’; it also contains ‘late’" in html and "Searched: consumers;" in html


def test_says_nothing_of_every_conversation_where_there_is_none_to_read(
    supervisor: User, client_for: ClientFor
) -> None:
    talk((Speaker.CONSUMER, "a parcel"))
    html = client_for(supervisor).get("/conversations/?q=-parcel").content.decode()
    assert "Every conversation" not in html and "Nothing matches" in html


def test_says_many_where_words_take_long_to_count(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    talk((Speaker.CONSUMER, "a parcel is late"))
    monkeypatch.setattr(unsaid, "within", lambda seconds, ask: None)
    assert "Many conversations contain ‘parcel’; all of them also contain ‘late’" in shown("q=parcel -late")


def test_blames_the_other_filters_where_the_words_are_found(shown: Shown) -> None:
    talk((Speaker.CONSUMER, "a refund"), csat=5)
    html = shown("q=refund&csat=1")
    assert "No message contains" not in html and "Without “CSAT 1” there is" in html


def test_counts_words_of_visible_conversations_only(supervisor: User, client_for: ClientFor) -> None:
    talk((Speaker.CONSUMER, "a refund"))
    html = client_for(supervisor).get("/conversations/?q=refund thrid").content.decode()
    assert "‘refund’ stands in no conversations." in html


def test_keeps_the_question_in_the_field(shown: Shown) -> None:
    html = shown("q=%22a+b%22+%3Cx&said_by=consumer&said_by=bot&csat=1")
    assert 'value="&quot;a b&quot; &lt;x"' in html
    assert "said by <span data-said-by>consumers or bots</span>" in html
    assert html.count('name="q"') == 1


def test_names_no_file_by_what_was_searched_for(reader: Client) -> None:
    talk((Speaker.CONSUMER, "a refund"), csat=1)
    answer = reader.get("/conversations.csv?q=refund&csat=1")
    name = answer.headers["Content-Disposition"]
    assert "refund" not in name and "csat-1" in name.lower()
    assert len(b"".join(answer.streaming_content).splitlines()) == 2  # type: ignore[attr-defined]


def test_asks_as_often_however_many_rows_there_are(
    shown: Shown, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    talk((Speaker.CONSUMER, "a refund"))
    with django_assert_max_num_queries(48) as one:  # of PostgreSQL a limit of time takes four statements
        shown("q=refund")
    for _ in range(10):
        talk((Speaker.CONSUMER, "a refund"), (Speaker.AGENT, "no refund"))
    with django_assert_max_num_queries(len(one)):
        shown("q=refund")


def test_offers_the_field_on_other_pages(reader: Client) -> None:
    html = reader.get("/me/").content.decode()
    assert 'action="/conversations/"' in html and 'name="q"' in html


def test_the_reader_marks_the_words_and_opens_at_the_first_of_them(reader: Client) -> None:
    made = talk(
        (Speaker.CONSUMER, "hello"),
        (Speaker.CONSUMER, "where is my <i>refund</i>?\nrefund!"),
        (Speaker.AGENT, "refund is late"),
        (Speaker.AUTOMATIC, "our refund rules"),
    )
    html = reader.get(f"/conversations/{made.conversation_id}/?q=refund").content.decode()
    assert "where is my &lt;i&gt;<mark>refund</mark>&lt;/i&gt;?\n<mark>refund</mark>!" in html
    assert html.count("turn-match") == 2 and "our refund rules" in html
    assert 'data-opens-at="m-0-2"' in html and 'href="#m-0-2" data-match-words>2 matches</a>' in html
    one = reader.get(f"/conversations/{made.conversation_id}/?q=refund&said_by=agent").content.decode()
    assert one.count("turn-match") == 1 and ">1 match<" in one
    assert "turn-match" not in reader.get(f"/conversations/{made.conversation_id}/").content.decode()


def test_leads_to_the_right_one_of_two_messages_with_the_same_number(shown: Shown, reader: Client) -> None:
    made = talk((Speaker.CONSUMER, "Hello"), (Speaker.CONSUMER, "a refund"))
    made.messages.update(seq=0)
    address = f"/conversations/{made.conversation_id}/"
    assert f"{address}?q=refund#m-0-0-2" in shown("q=refund")
    page = reader.get(f"{address}?q=refund").content.decode()
    assert re.findall(r'<li class="turn[^>]* id="([^"]+)"', page) == ["m-0-0", "m-0-0-2"]
    assert 'data-opens-at="m-0-0-2"' in page
    noted = reader.post(f"{address}notes", {"text": "Hm", "message": made.messages.last().message_id})  # type: ignore[union-attr]
    assert noted["Location"] == f"{address}#m-0-0-2"


def test_the_reader_counts_a_comment_once_and_opens_at_the_message_that_says_it(reader: Client) -> None:
    lines = [(Speaker.CONSUMER, "no refund?"), (Speaker.SURVEY, "Why no refund?"), (Speaker.SURVEY, "never a refund")]
    made = talk(*lines, comment="never a refund")
    page = f"/conversations/{made.conversation_id}/?q=refund"
    html = reader.get(page).content.decode()
    assert "data-match-words>2 matches<" in html
    assert "; 2 matches: consumer, survey comment" in reader.get("/conversations/?q=refund").text
    alone = reader.get(f"{page}&said_by=comment").content.decode()
    assert alone.count("turn-match") == 1 and "data-match-words>1 match<" in alone
    assert 'data-opens-at="m-0-3"' in alone and alone.count("never a <mark>refund</mark>") == 2
    assert "<mark>" not in reader.get(f"{page}&said_by=bot").content.decode()


def test_the_reader_opens_at_a_comment_that_no_message_says(reader: Client, analyst: User) -> None:
    made = talk((Speaker.CONSUMER, "hello"), comment="never a refund")
    Preference.objects.create(user=analyst, context_pane=False)
    html = reader.get(f"/conversations/{made.conversation_id}/?q=refund").content.decode()
    assert 'data-opens-at="context-comment"' in html and 'href="#context-comment" data-match-words>1 match<' in html
    assert 'class="context-words turn-match" id="context-comment"' in html and "never a <mark>refund</mark>" in html
    assert 'data-context="open"' in html


def test_names_the_signs_that_were_not_searched_for(shown: Shown) -> None:
    talk(("consumer", "Merci 👍 et au revoir"))
    assert "not <bdi>👍 ++</bdi>" in shown("q=merci+👍+c%2B%2B+OR+revoir")
    assert "Only letters and digits" not in shown("q=merci+OR+revoir")


def test_finds_letters_with_a_stroke_or_grown_together_by_those_of_any_keyboard(shown: Shown) -> None:
    talk(("consumer", "Un cœur pour Søren de Łódź"))
    for words in ("coeur", "cœur", "soren", "Søren", "lodz", "Łódź", "CŒUR"):
        assert "1 conversation with" in shown(f"q={words}"), words
    assert "<mark>cœur</mark>" in shown("q=coeur")


def test_puts_words_into_quotation_marks_once(shown: Shown) -> None:
    talk(("consumer", "A refund"), csat=5)
    text = shown("q=refund&csat=1")
    assert "Without “refund” there" in text or "Without “CSAT 1” there is" in text
    assert "““" not in text and "””" not in text
