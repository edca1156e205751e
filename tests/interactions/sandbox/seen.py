"""What an analysis would see: columns read from records alone, and plain statistics over them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
from scipy import stats

from interactions.sandbox.cast import AGENTS
from interactions.sandbox.wording import AUTOMATIC

TEXT = {text: event for event, texts in AUTOMATIC.items() for text in texts.values()}
MANAGERS = {str(each.id) for each in AGENTS if each.manages}
STRICT = 1e-4


class Seen:
    """One row per record; ratings and scores are 0 and -1 where there are none."""

    def __init__(self, records: Iterable[dict[str, Any]]) -> None:
        rows = [_row(record) for record in records]
        self.start = np.array([row["start"] for row in rows])
        self.csat = np.array([row["csat"] for row in rows])
        self.mcs = np.array([row["mcs"] for row in rows])
        self.labels = {
            name: np.array([row[name] for row in rows])
            for name in ("agent", "any_agent", "skill", "channel", "language", "closed_by", "length", "device")
        }
        self.events = [row["events"] for row in rows]
        self.words = [row["words"] for row in rows]
        self.rated = self.csat > 0
        self.served = (self.labels["agent"] != "") & ~np.isin(self.labels["agent"], list(MANAGERS))

    def has(self, event: str) -> Any:
        return np.array([event in each for each in self.events])

    def says(self, words: set[str]) -> Any:
        return np.array([bool(words & each) for each in self.words])


def _row(record: dict[str, Any]) -> dict[str, Any]:
    info, people = record["info"], record.get("agentParticipants", [])
    humans = [each for each in people if each["userType"] == "1" and each["permission"] == "ASSIGNED_AGENT"]
    last = max(humans, key=lambda each: each["timeL"], default={})
    main = [m for m in record["messageRecords"] if m["dialogId"] in ("undefined", info["conversationId"])]
    texts = [str((each["messageData"].get("msg") or {}).get("text", "")) for each in main]
    return {
        "start": info["startTimeL"],
        "csat": info.get("csatRate", info.get("csat", 0)),
        "mcs": info.get("mcs", -1),
        "agent": last.get("agentId", ""),
        "any_agent": info["latestAgentId"],
        "skill": info["latestSkillName"],
        "channel": info["source"],
        "device": info["device"],
        "language": info["language"][:2],
        "closed_by": info.get("closeReason", ""),
        "length": min(len(main) // 5, 6),
        "events": {TEXT[text] for text in texts if text in TEXT},
        "words": tokens("\n".join(texts)),
    }


def tokens(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text.casefold()))


def logit(columns: Any, happened: Any) -> tuple[Any, Any]:
    """Log-odds per column of a logistic regression, with their standard errors; the first column is the constant."""
    x = np.column_stack([np.ones(len(happened)), columns]).astype(float)
    beta = np.zeros(x.shape[1])
    for _ in range(12):
        chance = 1 / (1 + np.exp(-x @ beta))
        information = (x * (chance * (1 - chance))[:, None]).T @ x
        beta = beta + np.linalg.solve(information, x.T @ (happened - chance))
    return beta[1:], np.sqrt(np.diag(np.linalg.inv(information)))[1:]


def log_odds_ratio(said: Any, unhappy: Any) -> tuple[float, float]:
    """With its standard error."""
    cells = [(a & b).sum() + 0.5 for a in (said, ~said) for b in (unhappy, ~unhappy)]
    return float(np.log(cells[0] * cells[3] / (cells[1] * cells[2]))), float(np.sqrt(sum(1 / each for each in cells)))


def p_of_table(labels: Any, values: Any) -> float:
    """Whether values go with labels: chi-square; labels that are rare are left out."""
    common = [label for label, count in Counter(labels.tolist()).items() if count >= 40]
    table = np.array([[((labels == label) & (values == each)).sum() for each in np.unique(values)] for label in common])
    return float(stats.chi2_contingency(table).pvalue)


def p_of_ranks(labels: Any, values: Any) -> float:
    """Whether values lie higher for some labels: Kruskal and Wallis."""
    groups = [values[labels == label] for label in np.unique(labels)]
    return float(stats.kruskal(*[each for each in groups if len(each) >= 40]).pvalue)


def p_of_words(words: list[set[str]], values: Any, least: int = 60) -> dict[str, float]:
    """For each word that is neither rare nor everywhere: whether values differ where it is said (Mann and Whitney)."""
    rows: dict[str, list[int]] = {}
    for row, each in enumerate(words):
        for word in each:
            rows.setdefault(word, []).append(row)
    ranks, total = stats.rankdata(values), len(words)
    found = {}
    for word, said in sorted(rows.items()):
        if least <= len(said) <= total - least:
            error = np.sqrt(len(said) * (total - len(said)) / (total - 1) * ranks.var())
            away = ranks[said].sum() - len(said) * ranks.mean()
            found[word] = float(2 * stats.norm.sf(abs(away) / error))
    return found
