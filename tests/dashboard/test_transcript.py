"""Stored messages turned into lines: pure, so no row is saved here that a line does not need."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.transcript import Story, build
from dashboard.transcript.cards import MOST_PARTS, Around, cards
from dashboard.transcript.events import closed, happened
from dashboard.transcript.names import short, short_names
from interactions.models import Agent, Conversation, Message, Participation, Skill, SurveyAnswer, Transfer
from interactions.search import isolated

START = datetime(2026, 11, 20, 13, 41, 3, tzinfo=UTC)
NOW = START + timedelta(hours=10)
NOOR = Agent(pk=1, liveperson_id="1", full_name="Noor Haddad")
BOT = Agent(pk=2, liveperson_id="2", full_name="Pine Bot", kind="bot")
DESK = Skill(pk=9, name="Repairs")
ENDS = ("source_skill", "target_skill")


def at(seconds):
    return START + timedelta(seconds=seconds)


def talk(**fields):
    return Conversation(
        **{"pk": 5, "started_at": START, "status": "closed", "ended_at": at(7200), "close_reason": "agent", **fields}
    )


def said(speaker, seconds, text="words", **fields):
    agent = {"agent": NOOR, "note": NOOR, "bot": BOT}.get(speaker)
    defaults = {"agent": agent, "type": "TEXT_PLAIN", "message_id": f"m{seconds}", "seq": seconds, "pk": seconds + 1}
    return Message(speaker=speaker, sent_at=at(seconds), text=text, **{**defaults, **fields})


def lines(*messages, conversation=None, **story):
    return build(Story(conversation or talk(), messages, **story), NOW).lines


def kinds(found):
    return [line.kind for line in found]


def test_prints_the_name_once_for_a_run_of_one_speaker():
    found = lines(said("consumer", 0), said("consumer", 1), said("agent", 2), said("note", 3), said("agent", 4))
    assert [line.is_first for line in found if line.kind == "turn"] == [True, False, True, True, True]


def test_calls_people_short_and_bots_by_their_whole_name():
    found = lines(said("agent", 0), said("bot", 1), said("agent", 2, agent=None))
    assert [line.name for line in found[:3]] == ["Noor H.", "Pine Bot", "Unknown agent"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ilse Marchetti", "Ilse M."),
        ("Visitor", "Visitor"),
        ("", ""),
        ("Ilse E\u0301mile", "Ilse E\u0301."),
        ("Ilse 👩‍💻", "Ilse 👩‍💻"),
        ("Ilse (Support)", "Ilse (Support)"),
        ("Ilse 2", "Ilse 2"),
        ("समीर \u0928\u0940\u0932", "समीर \u0928\u0940."),
    ],
)
def test_shortens_a_name(name, expected):
    assert short(name) == expected


def test_keeps_names_whole_that_would_read_alike():
    names = short_names({"Noor Haddad": False, "Noor Hale": False, "Teun Abara": False})
    assert list(names.values()) == ["Noor Haddad", "Noor Hale", "Teun A."]


def test_tells_two_people_of_the_same_name_apart():
    other = Agent(pk=7, liveperson_id="70", full_name="Noor Haddad")
    found = lines(said("agent", 0), said("agent", 1, agent=other), said("agent", 2, agent=other), said("bot", 3))
    assert [(line.name, line.is_first) for line in found if line.kind == "turn"] == [
        ("Noor Haddad (1)", True),
        ("Noor Haddad (70)", True),
        ("Noor Haddad (70)", False),
        ("Pine Bot", True),
    ]


def test_isolates_a_name_that_turns_the_writing_direction():
    assert isolated("\u202eevil") == "\u2068\u202eevil\u2069"
    assert isolated("Noor") == "Noor"
    assert isolated("\u2067evil") == "\u2068\u2067evil\u2069\u2069"


def test_folds_automatic_messages_that_follow_each_other_and_says_why():
    found = lines(said("automatic", 0, rule=1), said("automatic", 1, rule=4), said("consumer", 2))
    assert kinds(found)[:2] == ["automatic", "turn"]
    assert found[0].label == "2 automatic messages"
    assert found[0].reason == "sent by the system user; the text is one of this account's automatic messages"


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ([said("consumer", 0), said("agent", 119)], []),
        ([said("consumer", 0), said("agent", 120)], ["2 m 00 s without an answer"]),
        ([said("consumer", 0), said("consumer", 100), said("bot", 202)], ["3 m 22 s without an answer"]),
        (
            [said("consumer", 0), said("note", 60), said("automatic", 90), said("agent", 300)],
            ["5 m 00 s without an answer"],
        ),
        ([said("agent", 0), said("consumer", 3599), said("agent", 3600)], []),
        ([said("agent", 0), said("consumer", 3600), said("agent", 3601)], ["consumer silent for 1 h 0 m"]),
        ([said("agent", 0)], []),
        ([said("consumer", 0)], ["2 h 0 m without an answer"]),
    ],
)
def test_words_the_pauses_worth_seeing(messages, words):
    assert [line.text for line in lines(*messages) if line.kind == "wait"] == words


def test_ages_an_open_question():
    found = lines(said("consumer", 0), conversation=talk(status="open", ended_at=None))
    assert found[-1].text == "10 h 0 m without an answer so far"


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ([said("consumer", 0), said("bot", 5), said("agent", 310)], ["5 m 00 s without an answer"]),
        (
            [said("consumer", 0), said("bot", 5), said("consumer", 60), said("agent", 310)],
            ["5 m 00 s without an answer"],
        ),
        ([said("consumer", 0), said("agent", 310)], ["5 m 10 s without an answer"]),
        ([said("agent", 0), said("consumer", 5), said("bot", 8), said("consumer", 10), said("bot", 15)], []),
    ],
)
def test_who_was_handed_over_waits_for_the_next_one(messages, words):
    moved = Transfer(pk=1, at=at(10), reason="Skill", target_skill=Skill(pk=1, name="Delivery"))
    found = lines(*messages, transfers=[moved], conversation=talk(ended_at=at(320)))
    assert [line.text for line in found if line.kind == "wait"] == words


def test_puts_transfers_and_joins_in_their_time_and_the_close_before_the_survey():
    moved = Transfer(pk=1, at=at(10), reason="Skill", target_skill=Skill(pk=1, name="Delivery"), explanation="why")
    joined = Participation(agent=NOOR, part="assigned", joined_at=at(20))
    late = Participation(agent=BOT, part="assigned", joined_at=at(7201))
    survey = [said("survey", 7300, agent=BOT, dialog=1), said("survey", 7310, "2", dialog=1)]
    messages = [said("consumer", 0), said("agent", 30), *survey]
    found = lines(*messages, transfers=[moved], participations=[joined, late])
    assert kinds(found) == ["turn", "event", "event", "turn", "event", "rule", "turn", "turn"]
    assert [line.text for line in found if line.kind == "event"] == [
        "Transfer to Delivery",
        "Noor Haddad took the conversation",
        "Closed by agent",
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"reason": "TakeOver", "source_agent": BOT, "target_agent": NOOR, "by": NOOR},
            "Take-over Pine Bot → Noor Haddad, by Noor Haddad",
        ),
        ({"reason": "back2Q", "source_agent": NOOR}, "Back to the queue from Noor Haddad"),
        ({"reason": "Agent", "target_agent": NOOR}, "Transfer to an agent to Noor Haddad"),
        ({"reason": "NewWord"}, "Transfer (NewWord)"),
        ({"reason": "SuggestedAgentTimeout", **dict.fromkeys(ENDS, DESK)}, "Suggested agent did not answer"),
        ({"source_agent": NOOR, "target_agent": BOT, **dict.fromkeys(ENDS, DESK)}, "Transfer Noor Haddad → Pine Bot"),
        ({}, "Transfer"),
    ],
)
def test_words_a_transfer(fields, words):
    assert happened(talk(), [Transfer(at=at(1), **fields)], [])[0].text == words


def test_says_a_handing_over_once():
    moved = Transfer(at=at(10), reason="Agent", target_agent=NOOR)
    joined = Participation(agent=NOOR, part="assigned", joined_at=at(11))
    assert [event.what for event in happened(talk(), [moved], [joined])] == ["transfer"]


@pytest.mark.parametrize(
    ("fields", "detail", "words"),
    [
        ({}, "MANUAL_CLOSE", "Closed by agent: manual close"),
        ({"close_reason": "system"}, "timeout after 2 h", "Closed by system: timeout after 2 h"),
        ({"close_reason": ""}, "", "Closed"),
    ],
)
def test_words_the_close(fields, detail, words):
    assert closed(talk(**fields), detail).text == words


def test_writes_running_scores_and_notable_changes():
    scored = [said("consumer", n, mcs=mcs) for n, mcs in enumerate((62, 60, None, 18, 38))]
    found = build(Story(talk(), scored), NOW)
    assert [line.change for line in found.lines if line.kind == "turn"] == ["", "", "", "down 42", "up 20"]
    assert found.score_summary == "MCS from 62 to 38, lowest 18 at 13:41, largest fall 42."
    assert [row.change for row in found.scores] == [None, -2, -42, 20]


def test_starts_each_new_day_with_its_date():
    found = lines(said("consumer", 0), said("agent", 86_400), conversation=talk(ended_at=at(86_401)))
    assert [line.text for line in found if line.kind == "rule"] == ["Sat 21 Nov 2026"]


def test_marks_predefined_text_and_answers_that_were_not_recognised():
    edited = said("agent", 0, payload={"predefined": {"id": "1", "is_edited": True}})
    same = said("agent", 1, payload={"predefined": {"id": "1", "is_edited": False}})
    answer = said("survey", 2, " maybe ", dialog=1)
    answers = [SurveyAnswer(answer="maybe", is_valid=False)]
    found = [line.marks for line in lines(edited, same, answer, answers=answers) if line.kind == "turn"]
    assert found == [("predefined, edited",), ("predefined",), ("answer not recognised",)]


FILE = {"file": {"kind": "jpg", "caption": "the label", "path": "/x", "preview": "AAAA"}}
LINK = {"link": {"address": "https://shop.example/t", "kind": "pdf", "caption": "Tracking sheet"}}


@pytest.mark.parametrize(
    ("type", "payload", "kind", "words"),
    [
        ("HOSTED_FILE", FILE, "file", "JPG, 'the label'. The file stays at LivePerson."),
        ("IMG", {"file": {"kind": None, "caption": None}}, "file", "File. The file stays at LivePerson."),
        ("LINK", LINK, "link", "Tracking sheet (PDF)"),
        ("SECURE_FORM_INVITATION", {"form": {"name": "Address"}}, "form", "Secure form 'Address' sent."),
        (
            "SECURE_FORM_SUBMIT",
            {"form": {"name": None, "submission_id": "s"}},
            "form",
            "Secure form answered; what was entered never reaches Readback.",
        ),
        ("HOLOGRAM", None, "unknown", "Content of a kind Readback does not know (HOLOGRAM)."),
        ("TEXT_PLAIN", None, "empty", "No text was delivered for this message."),
        ("TEXT_PLAIN", ["odd"], "empty", "No text was delivered for this message."),
    ],
)
def test_draws_what_is_no_text_as_a_card(type, payload, kind, words):
    (card,) = cards(type, "", payload)
    assert (card.kind, card.text) == (kind, words)


def test_does_not_open_an_address_that_is_none():
    (card,) = cards("LINK", "", {"link": {"address": "javascript:alert(1)"}})
    assert card.link is None
    assert card.raw == "javascript:alert(1)"


def test_shows_rich_content_as_words_and_never_as_pictures():
    elements = [
        {"type": "text", "text": "Oak bookcase"},
        {
            "type": "horizontal",
            "elements": [{"type": "image", "url": "https://cdn.example/i.jpg", "tooltip": "bookcase"}],
        },
        {"type": "button", "title": "Track", "click": {"actions": [{"type": "link", "uri": "https://shop.example/t"}]}},
        {"type": "hologram"},
    ]
    (card,) = cards("RICH_CONTENT", "", {"rich_content": {"type": "vertical", "elements": elements}})
    assert card.text == "Card: Oak bookcase"
    assert [(part.kind, part.text) for part in card.parts] == [
        ("image", "bookcase"),
        ("button", "Track"),
        ("unknown", "an element of kind hologram, not shown"),
    ]
    assert card.parts[1].link.host == "shop.example"


YES_OR_NO = {"quick_replies": {"replies": [{"type": "button", "title": title} for title in ("Yes", "No")]}}


def chosen(*messages):
    """For each message with buttons those that are ticked."""
    turns = [line for line in lines(*messages) if line.kind == "turn" and line.cards]
    return [[part.text for card in turn.cards for part in card.parts if part.is_chosen] for turn in turns]


@pytest.mark.parametrize(
    "between",
    [
        [],
        [said("bot", 2, "Take your time.")],
        [said("note", 2, payload={"predefined": {"id": "1"}}), said("automatic", 3, rule=1)],
    ],
)
def test_ticks_the_reply_that_was_chosen(between):
    assert chosen(said("bot", 0, "Broken?", payload=YES_OR_NO), *between, said("consumer", 9, " yes ")) == [["Yes"]]


def test_ticks_no_reply_when_somebody_else_has_asked_since():
    asked = said("bot", 0, "Want a person?", payload=YES_OR_NO)
    assert chosen(asked, said("agent", 600, "Did the parcel come?"), said("consumer", 900, "No")) == [[]]


def test_ticks_the_last_question_alone_and_the_first_answer_alone():
    asked = [said("bot", seconds, payload=YES_OR_NO) for seconds in (0, 5)]
    assert chosen(*asked, said("consumer", 9, "Yes"), said("consumer", 10, "No")) == [[], ["Yes"]]


def test_ticks_none_of_the_buttons_that_answer_alike():
    """A carousel has the same button on every card: the answer does not tell which was pressed."""
    cards = [{"type": "vertical", "elements": [{"type": "button", "title": t}]} for t in ("Choose", "Choose", "Other")]
    carousel = {"rich_content": {"type": "carousel", "elements": cards}}
    asked = said("bot", 0, "Which?", payload=carousel)
    turn = next(line for line in lines(asked, said("consumer", 9, "choose")) if line.kind == "turn")
    parts = [*turn.cards[0].parts]
    assert [(part.text, part.is_chosen, part.is_one_of) for part in parts] == [
        ("Choose", False, True),
        ("Choose", False, True),
        ("Other", False, False),
    ]
    assert chosen(asked, said("consumer", 9, "Other")) == [["Other"]]


@pytest.mark.parametrize("tree", [None, 7, "x", [], [[]], {"elements": "x"}, {"type": "button"}, {"type": ["button"]}])
def test_survives_any_shape_of_rich_content(tree):
    assert cards("RICH_CONTENT", "words", {"rich_content": tree, "quick_replies": tree})


def test_limits_how_much_of_a_card_is_shown():
    deep = {"type": "text", "text": "end"}
    for _ in range(5_000):
        deep = {"type": "vertical", "elements": [deep]}
    assert cards("RICH_CONTENT", "", {"rich_content": deep})[0].text == "Card: end"
    wide = [{"type": "text", "text": "x"}] * 5_000
    (card,) = cards("RICH_CONTENT", "", {"rich_content": wide})
    assert len(card.parts) == MOST_PARTS - 1
    assert card.more_words == "4,800 more elements, not shown"


def test_shows_the_words_of_elements_that_it_does_not_draw():
    elements = [
        {"type": "checklist", "title": "Sizes", "elements": [{"type": "checkbox", "text": "Small"}]},
        {"type": "submitButton", "title": "Send", "tooltip": "Send it"},
        {"type": "datePicker", "title": "Day", "caption": "of delivery"},
        {"type": "image", "tooltip": "a shelf", "caption": "Oak"},
        {"type": "button", "tooltip": "Help"},
        {"text": "no kind"},
        {"type": "holo\u202egram"},
        {"type": ["odd"]},
        {"type": "vertical", "elements": []},
    ]
    (card,) = cards("RICH_CONTENT", "", {"rich_content": elements})
    assert [(part.kind, part.label, part.text) for part in card.parts] == [
        ("other", "Checkbox", "Small"),
        ("button", "", "Send"),
        ("other", "Date picker", "Day"),
        ("text", "", "of delivery"),
        ("image", "Image", "a shelf"),
        ("text", "", "Oak"),
        ("button", "", "Help"),
        ("text", "", "no kind"),
        ("unknown", "", "an element of kind \u2068holo\u202egram\u2069, not shown"),
        ("unknown", "", "an element of no known kind, not shown"),
    ]
    assert card.text == "Card: Sizes"


def test_shows_the_record_where_no_element_has_words():
    (card,) = cards("RICH_CONTENT", "", {"rich_content": {"type": "hologram"}})
    assert card.kind == "unknown" and "hologram" in card.raw


def test_says_that_answers_could_not_be_read():
    (card,) = cards("TEXT", "Which one?", {"unread": ["quick_replies"]})
    assert card.text == "Answers to choose from, in a form that cannot be read."
    assert [card.kind for card in cards("TEXT", "x", {"unread": ["rich_content"], **FILE})] == ["file", "unknown"]
    (card,) = cards("RICH_CONTENT", "", {"unread": ["rich_content"]}, Around(raw={"content": "{broken"}))
    assert "broken" in card.raw
    assert not cards("TEXT", "x", {"unread": 5}) and not cards("TEXT", "x", {"unread": [["quick_replies"]]})


RICH = {"rich_content": {"type": "vertical", "elements": [{"type": "text", "text": "Oak  bookcase"}, {"type": "map"}]}}
REPLIES = {"quick_replies": {"replies": [{"type": "button", "title": "Delivery"}, {"type": "button", "title": "Both"}]}}
ADDRESS = {"link": {"address": "https://shop.example/t", "kind": None, "caption": None}}
UNOPENED = {"link": {"address": "ftp://shop.example/t", "kind": None, "caption": None}}


@pytest.mark.parametrize(
    ("type", "text", "payload", "is_shown"),
    [
        ("HOSTED_FILE", "the label", FILE, False),
        ("HOSTED_FILE", "Please see the label", FILE, True),
        ("LINK", "Tracking sheet", LINK, False),
        ("LINK", "https://shop.example/t", ADDRESS, False),
        ("LINK", "ftp://shop.example/t", UNOPENED, False),
        ("SECURE_FORM_INVITATION", "Address", {"form": {"name": "Address"}}, False),
        ("SECURE_FORM_INVITATION", "Fill this in", {"form": {"name": "Address"}}, True),
        ("RICH_CONTENT", "Oak bookcase", RICH, False),
        ("RICH_CONTENT", "Oak bookcase\nparcel 2", RICH, True),
        ("TEXT_PLAIN", "Delivery\nBoth", REPLIES, False),
        ("TEXT_PLAIN", "Delivery", REPLIES, True),
    ],
)
def test_leaves_words_out_only_where_a_card_shows_the_same(type, text, payload, is_shown):
    assert lines(said("agent", 0, text, type=type, payload=payload))[0].text == (text if is_shown else "")


def test_keeps_words_that_are_too_many_for_their_card():
    wide = [{"type": "text", "text": f"line {number}"} for number in range(MOST_PARTS + 1)]
    words = "\n".join(element["text"] for element in wide)
    (found, *_) = lines(said("agent", 0, words, type="RICH_CONTENT", payload={"rich_content": wide}))
    assert found.text == words and found.cards[0].more_words == "1 more element, not shown"


def test_leaves_formatted_words_out_as_well():
    (found, *_) = lines(said("agent", 0, "Tracking sheet", type="TEXT_HTML", payload=LINK))
    assert found.html is None and found.cards[0].text == "Tracking sheet (PDF)"


@pytest.mark.parametrize("html", ["<script>track()</script>", '<img src="https://spy.example/a.gif">', "<p><br></p>"])
def test_says_so_where_formatted_text_has_no_words(html):
    (found, *_) = lines(said("agent", 0, html, type="TEXT_HTML"))
    assert [(card.kind, card.text, card.raw) for card in found.cards] == [
        ("unknown", "Formatted text without words.", html)
    ]


def test_says_so_where_formatting_is_left_out():
    (found, *_) = lines(said("agent", 0, "<div>" * 1_000 + "words", type="TEXT_HTML"))
    assert found.html == "words<br>" and found.marks == ("much formatting, shown without it",)


def test_survives_messages_without_time():
    found = lines(
        said("consumer", 0), Message(pk=2, speaker="agent", agent=NOOR, text="x", message_id="m", sent_at=None)
    )
    assert kinds(found)[:2] == ["turn", "turn"]
    assert found[1].clock == "–"
