"""Files: rows per second of both CSV files and the peak memory of the process that streams them."""

import sys
import time

import django

from tests.bench.measure import line, peak_megabytes
from tests.bench.people import readers


def main() -> int:
    django.setup()
    client = readers()["analyst"]
    before = peak_megabytes()
    for address in ("/conversations.csv", "/messages.csv"):
        began = time.perf_counter()
        rows = size = 0
        response = client.get(address)
        assert response.status_code == 200, address
        for chunk in response.streaming_content:
            rows += chunk.count(b"\r\n")
            size += len(chunk)
        seconds = time.perf_counter() - began
        line(address, f"{rows - 1:,} rows, {rows / seconds:,.0f} rows/s, {size / 2**20:.0f} MB")
    line("peak memory before and after", f"{before:.0f} MB, {peak_megabytes():.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
