"""How large each effect is. Odds are those of a higher opinion, natural logarithms; 0 changes nothing."""

from __future__ import annotations

import math

from interactions.sandbox.cast import AGENTS, SKILL_ID, Agent

AVERAGE_LEVEL = 0.66
LEVEL_LOG_ODDS = 2.0  # of a whole step of `Agent.level`
SKILL_LOG_ODDS = {
    "Delivery": 0.0, "Returns": -0.3, "Billing": -1.0, "Account help": -0.1, "Product advice": 0.5, "Repairs": -0.8,
    "Subscriptions": 0.2, "Service en français": 0.0, "خدمة العملاء": 0.0, "Deutscher Service": 0.0,
}  # fmt: skip
SKILL_SHARE = {
    "Delivery": 13, "Returns": 26, "Billing": 13, "Account help": 13, "Product advice": 13, "Repairs": 13,
    "Subscriptions": 13, "Service en français": 32, "خدمة العملاء": 24, "Deutscher Service": 16,
}  # fmt: skip
TOPICS = tuple(SKILL_ID[name] for name in SKILL_SHARE)  # skills that people are asked for, in the order of the tables
FLOODED = ("Billing", "Repairs")  # in the month in which the mix shifts
FLOOD = 6.0  # times their usual share

HARMING, HARMLESS = "AGENT_NON_RESPONSIVE", "AGENT_UPDATED_RESPONSE_TIME"
MESSAGE_SHARE = 0.25  # of the talks with a person, by chance alone; of either message
HARM = math.log(0.45)

RATE_SHARE = 0.42  # who rates, when raters are like the others
HAPPY_RATE_SHARE, UNHAPPY_RATE_SHARE = 0.54, 0.30  # for opinions of 4 and 5, and of 1 to 3

ASIDE_SHARE = 0.04  # of the conversations hold a given aside, unhappy ones apart
UNHAPPY = 2  # opinions up to this one


def agent_log_odds(agent: Agent) -> float:
    """What an agent truly adds; managers only take over what others began, bots have their own scale."""
    if agent.user_type != "1" or agent.manages:
        return 0.0
    level = SUCCESSOR.level if agent.deleted else agent.level  # or skills would change when somebody leaves
    return LEVEL_LOG_ODDS * (level - AVERAGE_LEVEL)


SUCCESSOR = next(each for each in AGENTS if each.nickname == "Ines")  # takes over from who has left
