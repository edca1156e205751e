"""Plotly figures from computed values: no request, no database, no colours (the page's roles give those)."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard import formats
from interactions.metrics import Span, Trend

# Which colour of static/css/tokens.css a trace has; static/js/lib/chart.js reads it.
RATING, SCORE, VOLUME = "step-5", "ink", "edge"


def trend_json(trend: Trend, addresses: Sequence[str]) -> str:
    """CSAT with its interval, MCS and volume over the same days; `addresses` are what each day opens."""
    figure = make_subplots(rows=3, cols=1, shared_xaxes=True, row_heights=[0.45, 0.35, 0.2], vertical_spacing=0.07)
    days = [span.first.isoformat() for span in trend.spans]
    common: dict[str, Any] = {"x": days, "customdata": list(addresses)}
    _add_interval(figure, trend.spans, days)
    _add_csat(figure, trend.spans, common)
    _add_mcs(figure, trend.spans, common)
    _add_volume(figure, trend.spans, common)
    _lay_out(figure)
    text: str = figure.to_json()
    return text


def _add_interval(figure: go.Figure, spans: Sequence[Span], days: Sequence[str]) -> None:
    # One closed outline for each unbroken stretch of rated days: a gap in the data stays a gap in the band.
    for stretch in _stretches(spans):
        low = [100 * (spans[place].csat_interval or (0, 0))[0] for place in stretch]
        high = [100 * (spans[place].csat_interval or (0, 0))[1] for place in stretch]
        there = [days[place] for place in stretch]
        outline = go.Scatter(
            x=there + there[::-1],
            y=high + low[::-1],
            fill="toself",
            mode="lines",
            line={"width": 0},
            hoverinfo="skip",
            showlegend=False,
            meta={"fill": RATING},
        )
        figure.add_trace(outline, row=1, col=1)


def _stretches(spans: Sequence[Span]) -> list[list[int]]:
    found: list[list[int]] = [[]]
    for place, span in enumerate(spans):
        if span.rated:
            found[-1].append(place)
        elif found[-1]:
            found.append([])
    return [stretch for stretch in found if stretch]


def _add_csat(figure: go.Figure, spans: Sequence[Span], common: dict[str, Any]) -> None:
    trace = go.Scatter(
        **common,
        y=[None if span.csat is None else 100 * span.csat for span in spans],
        text=[csat_words(span) for span in spans],
        mode="lines+markers",
        name="CSAT (4 and 5)",
        hovertemplate="CSAT %{text}<extra></extra>",
        meta={"color": RATING},
    )
    figure.add_trace(trace, row=1, col=1)


def _add_mcs(figure: go.Figure, spans: Sequence[Span], common: dict[str, Any]) -> None:
    trace = go.Scatter(
        **common,
        y=[span.mcs for span in spans],
        text=[f"{span.mcs:.0f}, n {formats.count(span.scored)}" if span.mcs is not None else "" for span in spans],
        mode="lines+markers",
        name="MCS mean",
        hovertemplate="MCS %{text}<extra></extra>",
        meta={"color": SCORE},
    )
    figure.add_trace(trace, row=2, col=1)


def _add_volume(figure: go.Figure, spans: Sequence[Span], common: dict[str, Any]) -> None:
    trace = go.Bar(
        **common,
        y=[span.conversations for span in spans],
        text=[formats.plural(span.conversations, "conversation") for span in spans],
        textposition="none",
        name="Conversations",
        hovertemplate="%{text}<extra></extra>",
        meta={"color": VOLUME},
    )
    figure.add_trace(trace, row=3, col=1)


def _lay_out(figure: go.Figure) -> None:
    figure.update_layout(
        template=go.layout.Template(),  # plotly.py's own is 7 KB of colours that are not ours
        showlegend=False,
        margin={"l": 72, "r": 8, "t": 8, "b": 28},
        hovermode="x unified",
        bargap=0.25,
        dragmode=False,
    )
    figure.update_xaxes(type="date", fixedrange=True, tickformat="%-d %b", hoverformat="%a %-d %b %Y", zeroline=False)
    figure.update_yaxes(
        fixedrange=True, zeroline=False, rangemode="tozero", nticks=5, title_font_size=12, title_standoff=12
    )
    figure.update_yaxes(title_text="CSAT", ticksuffix="%", range=[0, 101], row=1, col=1)
    figure.update_yaxes(title_text="MCS", range=[0, 101], row=2, col=1)
    figure.update_yaxes(title_text="Volume", tickformat=",d", nticks=3, row=3, col=1)


def csat_words(span: Span) -> str:
    """ "68% (61-74), n 44", or nothing without ratings."""
    if span.csat is None or span.csat_interval is None:
        return ""
    low, high = (formats.share(end, span.rated).rstrip("%") for end in span.csat_interval)
    return f"{formats.share(span.csat, span.rated)} ({low}-{high}), n {formats.count(span.rated)}"
