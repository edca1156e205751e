"""A progress line for the terminal: a bar where there is one, plain lines where not."""

import time
from typing import TextIO

_WIDTH = 30
_EVERY = {True: 0.2, False: 5.0}


class Bar:
    """Shows how much of `total` is done, on a line of its own that is written over, or every few seconds a new one."""

    def __init__(self, out: TextIO, total: int | None, noun: str) -> None:
        self.out = out
        self.total = total
        self.noun = noun
        self.done = 0
        self._is_terminal = out.isatty()
        self._shown_at = 0.0

    def show(self, done: int, *, last: bool = False) -> None:
        self.done = done
        moment = time.monotonic()
        if not last and moment - self._shown_at < _EVERY[self._is_terminal]:
            return
        self._shown_at = moment
        if self._is_terminal:
            self.out.write(f"\r\x1b[K{self._bar()}{self._words()}")
            self.out.write("\n" if last else "")
        else:
            self.out.write(self._words() + "\n")
        self.out.flush()

    def _share(self) -> float | None:
        return None if not self.total else min(1.0, self.done / self.total)

    def _bar(self) -> str:
        share = self._share()
        if share is None:
            return ""
        full = int(share * _WIDTH)
        return f"[{'#' * full}{'.' * (_WIDTH - full)}] "

    def _words(self) -> str:
        if not self.total:
            return f"{self.done:,} {self.noun}"
        # Never all before it is all.
        percent = min(100, self.done * 100 // self.total)
        return f"{percent:3}%  {self.done:,} of {self.total:,} {self.noun}"
