from dataclasses import fields

import pytest

from interactions.liveperson import DEFAULT_CONTENT, AgentSurveySearch, Between, Filters
from interactions.liveperson.filters import _NAMES


@pytest.mark.parametrize(
    "given, body",
    [
        ({}, {}),
        ({"status": ("OPEN", "CLOSE")}, {"status": ["OPEN", "CLOSE"]}),
        ({"ended": Between(1, 2)}, {"end": {"from": 1, "to": 2}}),
        ({"full_dialog_ended": Between(lowest=1)}, {"fullDialogEndTime": {"from": 1}}),
        ({"updated_since_ms": 5}, {"latestUpdateTime": {"from": 5}}),
        ({"updated_since_ms": 0}, {"latestUpdateTime": {"from": 0}}),
        ({"skill_ids": ["7"]}, {"skillIds": ["7"]}),
        ({"keyword": '"lost parcel"'}, {"keyword": '"lost parcel"'}),
        ({"keyword": ""}, {}),
        ({"mcs": Between(highest=40)}, {"mcs": {"to": 40}}),
        ({"mcs": Between(0, 0)}, {"mcs": {"from": 0, "to": 0}}),
        ({"mcs_bands": [-1, 0]}, {"alertedMcsValues": ["-1", "0"]}),
        ({"csat": Between()}, {}),
        ({"sources": ["SHARK"]}, {"source": ["SHARK"]}),
        ({"queue_state": "IN_QUEUE"}, {"latestConversationQueueState": "IN_QUEUE"}),
        ({"sdes": {"lead": "sofa"}}, {"sdeSearch": {"lead": "sofa"}}),
        ({"survey_bot_only": True}, {"surveyBotConversations": "SURVEY_BOT"}),
        ({"invalid_free_text_only": True}, {"invalidFreeTextAnswer": "INVALID_FREE_TEXT_ANSWER"}),
        ({"selected_intent_only": False}, {"selectedIntentOnly": False}),
        ({"agent_surveys": AgentSurveySearch()}, {}),
        ({"agent_surveys": AgentSurveySearch(pending=[False])}, {"agentSurveySearch": {"pendingAgentSurvey": [False]}}),
    ],
)
def test_says_in_the_api_words_only_what_is_filtered(given, body):
    assert Filters(**given).body() == body


def test_names_every_filter_once():
    assert {each.name for each in fields(Filters)} == set(_NAMES)
    assert len(set(_NAMES.values())) == len(_NAMES)


def test_asks_for_dialogs_which_the_api_leaves_out_by_default():
    assert {"dialogs", "messageRecords", "sdes", "unAuthSdes", "monitoring"} <= set(DEFAULT_CONTENT)
