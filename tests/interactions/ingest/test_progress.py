"""The progress line: written over on a terminal, line by line in a file or a log."""

import io
from types import SimpleNamespace

import pytest

from interactions.ingest import progress
from interactions.ingest.progress import Bar
from tests.interactions.ingest.conftest import Clock

AGAIN = "\r\x1b[K"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def clock(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=clock.epoch))
    return clock


def test_writes_one_line_over_on_a_terminal_and_ends_it_at_all(clock: Clock) -> None:
    out = Terminal()
    bar = Bar(out, 2000, "conversations")
    for done in (0, 500, 1900):
        bar.show(done)
        clock.sleep(0.3)
    bar.show(2000, last=True)
    assert out.getvalue().split(AGAIN) == [
        "",
        f"[{'.' * 30}]   0%  0 of 2,000 conversations",
        f"[{'#' * 7}{'.' * 23}]  25%  500 of 2,000 conversations",
        f"[{'#' * 28}..]  95%  1,900 of 2,000 conversations",
        f"[{'#' * 30}] 100%  2,000 of 2,000 conversations\n",
    ]


def test_writes_plain_lines_where_there_is_no_terminal(clock: Clock) -> None:
    out = io.StringIO()
    bar = Bar(out, 2000, "conversations")
    for done in (500, 1000):
        bar.show(done)
        clock.sleep(5.1)
    bar.show(2000, last=True)
    assert out.getvalue() == (
        " 25%  500 of 2,000 conversations\n 50%  1,000 of 2,000 conversations\n100%  2,000 of 2,000 conversations\n"
    )


@pytest.mark.parametrize(("stream", "often", "seldom"), [(Terminal, 0.1, 0.3), (io.StringIO, 4.0, 5.1)])
def test_is_silent_for_a_while_but_not_at_the_end(
    clock: Clock, stream: type[io.StringIO], often: float, seldom: float
) -> None:
    out = stream()
    bar = Bar(out, 50, "conversations")
    for done, passing in ((1, often), (2, seldom), (3, 0), (50, 0)):
        bar.show(done, last=done == 50)
        clock.sleep(passing)
    assert [done for done in (1, 2, 3, 50) if f" {done} of 50" in out.getvalue()] == [1, 3, 50]


@pytest.mark.parametrize(("stream", "line"), [(Terminal, f"{AGAIN}1,234 calls"), (io.StringIO, "1,234 calls\n")])
def test_counts_without_a_share_until_a_total_is_known(stream: type[io.StringIO], line: str) -> None:
    out = stream()
    Bar(out, None, "calls").show(1234)
    assert out.getvalue() == line


def test_says_all_of_it_only_at_the_end(clock: Clock) -> None:
    out = io.StringIO()
    bar = Bar(out, 2000, "conversations")
    bar.show(1999)
    bar.show(2000, last=True)
    assert out.getvalue() == " 99%  1,999 of 2,000 conversations\n100%  2,000 of 2,000 conversations\n"
