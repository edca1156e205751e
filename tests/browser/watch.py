"""A page under watch: console errors, refused content and requests to other hosts are collected as they happen."""

from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request


class Watch:
    def __init__(self, page: Page, host: str) -> None:
        self._host = host
        self._refused: set[str] = set()
        self.troubles: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"exception: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)

    def expect_refusal(self, url: str) -> None:
        """The page at `url` answers with an error status on purpose; Chromium says so in the console."""
        self._refused.add(url)

    def _console(self, message: ConsoleMessage) -> None:
        is_expected = "Failed to load resource" in message.text and message.location.get("url") in self._refused
        if message.type in ("error", "warning") and not is_expected:
            self.troubles.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self._host:
            self.troubles.append(f"request to another host: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # left behind by going on to the next page
            self.troubles.append(f"{request.failure}: {request.url}")
