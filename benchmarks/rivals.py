"""What Sarali is measured against: the same traffic with Redis and a screen that never changes.

Each answers one turn with one GET and one compare-and-set of a session of the same size, which is
also listed by the instant it is over, through the same client library; nothing is decoded but the
session's id.

    granian ... benchmarks.rivals:flask_redis      a bare Flask route
    granian ... benchmarks.rivals:wsgi_redis       a bare WSGI handler
    granian ... benchmarks.rivals:flask_alone      a bare Flask route, without Redis
"""

import os
import time
from collections.abc import Callable, Iterable

import redis
from flask import Flask, Response, request

VALUE_BYTES = "BENCH_VALUE_BYTES"
SESSION_LIFETIME = 180  # seconds
SCREEN = b"CON Amende 4821937028\nStationnement interdit\n1 Payer\n2 Autre moyen\n0 Retour"
_SWAP = """
local now = redis.call('GET', KEYS[1])
if (now or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[4], KEYS[1])
return 1
"""

Environ = dict[str, object]
StartResponse = Callable[[str, list[tuple[str, str]]], object]

_client = redis.Redis.from_url(os.environ.get("REDIS_URL", "redis://"))
_swap = _client.register_script(_SWAP)
_session = b"x" * int(os.environ.get(VALUE_BYTES, "0"))


def _redis_traffic(session_id: str) -> None:
    key = f"bench:{session_id}"
    kept = _client.get(key) or b""
    due = int(time.time()) + SESSION_LIFETIME
    _swap(keys=[key, "bench-due"], args=[kept, _session, SESSION_LIFETIME, due])


flask_redis = Flask("flask_redis")


@flask_redis.post("/ussd/africastalking")
def _turn_with_redis() -> Response:
    _redis_traffic(request.form["sessionId"])
    return Response(SCREEN, content_type="text/plain; charset=utf-8")


flask_alone = Flask("flask_alone")


@flask_alone.post("/ussd/africastalking")
def _turn_alone() -> Response:
    return Response(SCREEN, content_type="text/plain; charset=utf-8")


def wsgi_redis(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Answer a turn with nothing between the server and Redis."""
    body = environ["wsgi.input"].read()  # type: ignore[attr-defined]  # PEP 3333 has no types
    _redis_traffic(body.partition(b"sessionId=")[2].partition(b"&")[0].decode())
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(SCREEN)))]
    start_response("200 OK", headers)
    return [SCREEN]
