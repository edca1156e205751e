"""The trace as SVG made of attributes alone, which the content policy lets through; by functions, as it is long."""

from html import escape

from django.utils.safestring import SafeString, mark_safe

from .trace import HEIGHT, Band, Dot, Join, Trace, height_of

# So many dots or more lie over each other: the radius of each in pixels, without the edge that parts them.
_CROWDS = ((500, 1.0), (150, 1.5))
# Pixels for the names of who held the conversation, under the course.
NAMES = 14
_HATCH = (
    '<defs><pattern id="trace-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<line x1="0" y1="0" x2="0" y2="6"></line></pattern></defs>'
)


def svg(trace: Trace) -> SafeString:
    """For the eye and the pointer; readers of the screen get the sentence and the table."""
    radius = next((size for number, size in _CROWDS if len(trace.dots) >= number), None)
    parts = [
        f'<svg class="trace" width="100%" height="{HEIGHT + NAMES}" aria-hidden="true" focusable="false" data-trace>',
        _HATCH,
        *(_band(band) for band in trace.bands),
        f'<line class="trace-zero" x1="0" x2="100%" y1="{height_of(50)}" y2="{height_of(50)}"></line>',
        *(
            f'<line class="trace-transfer" x1="{x}" x2="{x}" y1="0" y2="{HEIGHT + NAMES}"></line>'
            for x in trace.transfers
        ),
        f'<rect class="trace-seen" x="0" y="0.5" width="0" height="{HEIGHT - 1}" data-trace-seen></rect>',
        *(_join(join) for join in trace.joins),
        *(_dot(dot, radius) for dot in trace.dots),
        _lowest(trace),
        "</svg>",
    ]
    return mark_safe("".join(parts))


def _band(band: Band) -> str:
    shape = "trace-held is-hatched" if band.is_hatched else "trace-held"
    fill = ' fill="url(#trace-hatch)"' if band.is_hatched else ""
    at = f'x="{band.x}" width="{band.width}"'
    # Text of a picture could not be shortened where there is no room for it.
    words = f'<div class="trace-name"><bdi>{escape(band.name)}</bdi></div>'
    name = f'<foreignObject {at} y="{HEIGHT}" height="{NAMES}">{words}</foreignObject>'
    box = f'<rect class="{shape}"{fill} {at} y="0" height="{HEIGHT}"></rect>'
    return f"<g><title>{escape(band.name)}</title>{box}{name}</g>"


def _join(join: Join) -> str:
    return f'<line class="trace-join" x1="{join.x1}" y1="{join.y1}" x2="{join.x2}" y2="{join.y2}"></line>'


def _dot(dot: Dot, crowded: float | None) -> str:
    tick = ""
    if dot.tick:
        zero, end = dot.tick
        tick = f'<line class="trace-raw" x1="{dot.x}" x2="{dot.x}" y1="{zero}" y2="{end}"></line>'
    at = f'cx="{dot.x}" cy="{dot.y}"'
    radius, look = (2.5, "trace-dot") if crowded is None else (crowded, "trace-dot is-crowded")
    radius += dot.is_fall
    circles = f'<circle class="trace-hit" {at} r="9"></circle><circle class="{look}" {at} r="{radius}"></circle>'
    return f'{tick}<a href="#{escape(dot.anchor)}" tabindex="-1"><title>{escape(dot.label)}</title>{circles}</a>'


def _lowest(trace: Trace) -> str:
    """The number beside the lowest dot, where start and end do not say it already."""
    if trace.lowest in (trace.first, trace.last):
        return ""
    y = height_of(trace.lowest)
    side = 'dx="-7" text-anchor="end"' if trace.lowest_is_right else 'dx="7"'
    return f'<text class="trace-lowest" x="{trace.lowest_x}" y="{min(y + 4, HEIGHT - 2)}" {side}>{trace.lowest}</text>'
