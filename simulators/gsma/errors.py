"""What the API refuses, as the error object of the document."""

from dataclasses import dataclass
from typing import Final

_CATEGORY_STATUS: Final = {
    "businessRule": 400,
    "validation": 400,
    "authorisation": 401,
    "identification": 404,
    "internal": 500,
    "serviceUnavailable": 503,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """An error of the document: its category gives the HTTP status."""

    category: str
    code: str
    description: str = ""

    @property
    def status(self) -> int:
        return _CATEGORY_STATUS[self.category]

    def body(self) -> dict[str, object]:
        told = {"errorCategory": self.category, "errorCode": self.code}
        return {**told, "errordescription": self.description}


class RefusedError(Exception):
    """A request is answered with this problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def refused(category: str, code: str, description: str = "") -> RefusedError:
    return RefusedError(Problem(category, code, description))


DECLINED: Final = Problem("authorisation", "requestDeclined", "The payer did not approve")
EXPIRED: Final = Problem("businessRule", "genericError", "The payer did not answer in time")
BROKEN: Final = Problem("internal", "genericError", "Processing failed")
