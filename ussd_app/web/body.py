"""The body of a request: whole, or not at all."""

from flask import request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge


def whole(limit: int) -> bytes:
    """Return the body, of at most `limit` bytes.

    Raises:
        RequestEntityTooLarge: it has more, whether it said so or came in pieces of no total.
        BadRequest: the connection ended before all that was announced had come.
    """
    request.max_content_length = limit + 1  # what comes in pieces is cut there, without a word
    body = request.get_data(cache=False)
    if len(body) > limit:
        raise RequestEntityTooLarge
    if len(body) < (request.content_length or 0):
        raise BadRequest
    return body
