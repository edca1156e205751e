"""Weight: what a browser loads for each page, compressed as the web server sends it."""

import gzip
import re
import sys
from pathlib import Path

import django

from tests.bench.measure import line
from tests.bench.people import readers


def main() -> int:
    django.setup()
    from django.conf import settings

    from interactions.models import Conversation

    one = Conversation.objects.order_by("pk").values_list("conversation_id", flat=True)[0]
    client = readers()["analyst"]
    for address in ("/conversations/", f"/conversations/{one}/", "/?period=28d&zone=UTC", "/sync/"):
        html = client.get(address).content
        files = sorted(set(re.findall(rb'(?:src|href)="/static/([^"]+)"', html)))
        kinds = {".js": 0, ".css": 0}
        for name in files:
            path = Path(settings.STATIC_ROOT) / name.decode()
            if path.suffix in kinds:
                kinds[path.suffix] += len(gzip.compress(path.read_bytes()))
        name = "reader" if one in address else address.partition("?")[0]
        sizes = f"{len(gzip.compress(html)) / 1024:.0f} KB html, {kinds['.css'] / 1024:.0f} KB css"
        line(name, f"{sizes}, {kinds['.js'] / 1024:.0f} KB js")
    return 0


if __name__ == "__main__":
    sys.exit(main())
