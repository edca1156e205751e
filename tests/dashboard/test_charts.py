"""Charts as plotly's JSON: what is drawn, what each point opens, nothing that reaches outside."""

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from plotly.offline import get_plotlyjs_version

from dashboard.charts import trend_json
from dashboard.overview import trendtable
from interactions.metrics import Span, Trend
from tests import factories
from tests.conftest import ClientFor

STATIC = Path(settings.BASE_DIR) / "static"
FIRST = date(2026, 11, 2)


def spans(*rated: int) -> list[Span]:
    days = [FIRST + timedelta(days=place) for place in range(len(rated))]
    return [
        Span(day, day, conversations=n + 1, rated=n, good=n // 2, scored=n, mcs_sum=50 * n)
        for day, n in zip(days, rated, strict=True)
    ]


def drawn(*rated: int) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(trend_json(Trend(spans(*rated)), [f"/conversations/?n={n}" for n in rated]))
    return made


def named(figure: dict[str, Any], name: str) -> dict[str, Any]:
    (trace,) = [trace for trace in figure["data"] if trace.get("name") == name]
    return dict(trace)


def test_draws_csat_mcs_and_volume_over_the_same_days() -> None:
    figure = drawn(10, 0, 4)
    days = ["2026-11-02", "2026-11-03", "2026-11-04"]
    assert named(figure, "CSAT (4 and 5)")["y"] == [50, None, 50]
    assert named(figure, "MCS mean")["y"] == [50, None, 50]
    assert named(figure, "Conversations")["y"] == [11, 1, 5]
    assert all(trace["x"] == days for trace in figure["data"] if "name" in trace)


def test_opens_each_days_conversations() -> None:
    figure = drawn(10, 4)
    addresses = ["/conversations/?n=10", "/conversations/?n=4"]
    assert all(trace["customdata"] == addresses for trace in figure["data"] if "name" in trace)


def test_breaks_the_band_where_nothing_was_rated() -> None:
    bands = [trace for trace in drawn(5, 6, 0, 0, 7)["data"] if trace.get("fill")]
    assert [len(band["x"]) for band in bands] == [4, 2]


def test_says_share_interval_and_n_on_the_point() -> None:
    assert named(drawn(10, 10), "CSAT (4 and 5)")["text"][0] == "50% (24-76), n 10"


def test_carries_no_colours_and_no_markup() -> None:
    text = trend_json(Trend(spans(3, 4)), ["", ""])
    assert not re.search(r"#[0-9a-fA-F]{6}|rgb", text)
    assert set(re.findall(r"<[^>]*>", text)) <= {"<extra>", "</extra>"}
    assert len(text) < 5000


def test_is_served_beside_its_page(analyst: User, client_for: ClientFor) -> None:
    for days in range(3):
        factories.conversation(csat=5, started_at=timezone.now() - timedelta(days=days))
    client = client_for(analyst)
    response = client.get("/overview/trend.json?period=7d&zone=UTC")
    assert response["Content-Type"] == "application/json"
    volume = named(response.json(), "Conversations")
    assert (len(volume["x"]), sum(volume["y"])) == (7, 3)
    for address, count in zip(volume["customdata"], volume["y"], strict=True):
        assert client.get(address).context["count"] == count


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            Trend(spans(10, 20)),
            "CSAT by day with its 95% interval, MCS mean and conversations; lowest CSAT 50% on 2 Nov",
        ),
        (Trend(spans(1, 1)), "CSAT by day with its 95% interval, MCS mean and conversations."),
        (Trend(spans(9, 9), is_weekly=True), "CSAT by week with"),
    ],
)
def test_says_in_a_sentence_what_the_chart_shows(found: Trend, words: str) -> None:
    assert trendtable.caption(found).startswith(words)


def test_draws_with_the_version_that_builds_the_figures() -> None:
    version = get_plotlyjs_version()
    bundle = (STATIC / "vendor" / f"plotly-cartesian-{version}.min.js").read_text()
    assert f"v{version}" in bundle[:200]
    assert f"plotly-cartesian-{version}.min.js" in (STATIC / "css" / "plotly.css").read_text()


def test_has_every_rule_that_the_bundle_would_inject() -> None:
    (bundle,) = (STATIC / "vendor").glob("plotly-cartesian-*.min.js")
    css = (STATIC / "css" / "plotly.css").read_text()
    # The bundle lists its rules as "X .part": "declarations", X standing for the plot.
    selectors = re.findall(r'"X (\.[\w-]+)":"', bundle.read_text())
    assert len(selectors) > 10
    assert [selector for selector in selectors if f".js-plotly-plot .plotly {selector}" not in css] == []


def test_sends_nothing_to_plotlys_cloud() -> None:
    wrapper = (STATIC / "js" / "lib" / "chart.js").read_text()
    for setting in ("showSendToCloud: false", 'plotlyServerURL: ""', "displayModeBar: false"):
        assert setting in wrapper
