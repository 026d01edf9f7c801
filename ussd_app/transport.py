"""The one way out to operators: one connection, one request, bounded in time and in size."""

import time

import urllib3

from payments.operators.base import Answer, HttpRequest, NoAnswer, Outcome

BODY_MAX = 5_000_000  # a day's statement; a payment's answer is under 2 kB
_CHUNK = 65_536
_CONNECT_S = 3.0


class Transport:
    """Sends and waits. Redirects and retries are off: one wish is one request, ever."""

    def __init__(self) -> None:
        self._pool = urllib3.PoolManager(num_pools=8, maxsize=8, retries=False)

    def __call__(self, request: HttpRequest, /) -> Outcome:
        """Send `request`; its `timeout` bounds the whole exchange, dripping answers included."""
        deadline = time.monotonic() + request.timeout
        connect = min(_CONNECT_S, request.timeout)
        try:
            response = self._pool.request(
                request.method,
                request.url,
                body=request.body or None,
                headers=dict(request.headers),
                timeout=urllib3.Timeout(connect=connect, read=request.timeout),
                redirect=False,
                retries=False,
                preload_content=False,
            )
        except (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.NewConnectionError):
            return NoAnswer.NOT_SENT
        except urllib3.exceptions.HTTPError:
            return NoAnswer.LOST
        return _read(response, deadline)


def _read(response: urllib3.BaseHTTPResponse, deadline: float) -> Outcome:
    chunks: list[bytes] = []
    size = 0
    try:
        while chunk := response.read1(_CHUNK):
            chunks.append(chunk)
            size += len(chunk)
            if size > BODY_MAX or time.monotonic() > deadline:
                return NoAnswer.LOST
    except urllib3.exceptions.HTTPError:
        return NoAnswer.LOST
    finally:
        response.close()
    return Answer(response.status, b"".join(chunks))
