"""`python -m ij8.core.answering`: whether the server beside us answers, for the checks of a container. Exits 0 or 1."""

import os
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit


def main() -> int:
    port = os.environ.get("IJ8_PORT") or "8008"
    host = urlsplit(os.environ.get("SITE_URL") or f"http://127.0.0.1:{port}").netloc
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/api/health/", headers={"Host": host})
    try:
        with urllib.request.urlopen(asked, timeout=8) as answer:
            return 0 if answer.status == 200 else 1
    except (urllib.error.URLError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
