"""`python -m tests.portal_serving PORT [CERT KEY]`: the real portal in front of the fake strong room, for tests."""

from __future__ import annotations

import sys
from pathlib import Path

from portal.desk import place
from portal.server import listen, serve
from tests.portal_fake import FakeDesk

if __name__ == "__main__":
    place(FakeDesk())
    files = [Path(name) for name in sys.argv[2:]]
    serve(listen("127.0.0.1", int(sys.argv[1])), *files)
