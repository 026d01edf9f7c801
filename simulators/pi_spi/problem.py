"""What the API refuses: a problem of RFC 7807, with the parameters that are invalid."""

from typing import Final

_TITLES: Final = {
    400: "Bad Request",
    401: "Unauthorized",
    404: "NotFound",
    503: "Service Unavailable",
}
MEDIA_TYPE: Final = {"Content-Type": "application/problem+json"}


class ProblemError(Exception):
    """A request is answered with this HTTP status."""

    def __init__(self, status: int, detail: str, parameter: str = "") -> None:
        super().__init__(detail)
        self.status = status
        self.parameter = parameter

    def body(self) -> dict[str, object]:
        told: dict[str, object] = {
            "type": "about:blank",
            "title": _TITLES[self.status],
            "status": self.status,
            "detail": str(self),
        }
        if self.parameter:
            told["invalid-params"] = [{"name": self.parameter, "reason": str(self)}]
        return told
