"""`python -m ij8.core.answering`: whether the server beside us answers, for the checks of a container. Exits 0 or 1."""

import http.client
import os
import sys
from urllib.parse import urlsplit


def main() -> int:
    port = int(os.environ.get("IJ8_PORT") or 8008)
    host = urlsplit(os.environ.get("SITE_URL") or f"http://127.0.0.1:{port}").netloc
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=8)
    try:
        connection.request("GET", "/api/health/", headers={"Host": host})
        return 0 if connection.getresponse().status == 200 else 1
    except (OSError, http.client.HTTPException) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
