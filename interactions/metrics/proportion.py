"""A share of n as a figure: its value, its 95 % interval by Wilson, and what became of it since the period before."""

from .figure import Change, Figure, Note, Params
from .intervals import share_difference, wilson
from .wording import NOTHING, count, share, share_interval, verdict


def proportion(
    part: int, n: int, *, n_text: str, none: str, params: Params, n_params: Params, notes: tuple[Note, ...] = ()
) -> Figure:
    """`part` of `n`; `none` is the reason shown when n is 0. `params` lead to the part, `n_params` to all of n."""
    if not n:
        return Figure(value=None, n=0, text=NOTHING, n_text="n 0", reason=none, n_params=n_params, notes=notes)
    interval = wilson(part, n)
    low, high = interval or (None, None)
    return Figure(
        value=part / n,
        n=n,
        part=part,
        low=low,
        high=high,
        text=share(part / n, n),
        interval_text=share_interval(interval, n),
        n_text=n_text,
        params=params,
        n_params=n_params,
        notes=notes,
    )


def compare(now: Figure, before: Figure) -> Change | None:
    """Whether the share changed by more than chance, in percentage points."""
    interval = share_difference(now.part or 0, now.n, before.part or 0, before.n)
    return verdict(interval, 100, "points", f"{before.text} of {count(before.n)}")
