"""Both sides of a dialect, without a server between them."""

from homologation.gateways.all import GATEWAYS
from homologation.gateways.base import Call, Reply, Session
from tests.contract.aggregators.subscriber import NUMBER
from ussd_app.aggregators.base import Answer, Dialect, Heard, Request, Turn
from ussd_app.dialects import DIALECTS

BILL = "4821937028"
DEEP = f"*789*1*{BILL}#"


def request(call: Call) -> Request:
    """A call as the door hands it to the dialect."""
    headers = {name.lower(): value for name, value in call.headers.items()}
    return Request(call.method, call.path, call.query, headers, call.body)


def reply(answer: Answer) -> Reply:
    """An answer as the gateway receives it."""
    headers = {"content-type": answer.content_type, **answer.headers}
    known = {name.lower(): value for name, value in headers.items()}
    return Reply(int(answer.status), known, answer.body)


def hear(dialect: Dialect, call: Call) -> Heard:
    """What a dialect hears in a call."""
    assert call.method in dialect.methods
    return dialect.decode(request(call))


def hear_turn(dialect: Dialect, call: Call) -> Turn:
    """The turn a dialect hears in a call."""
    turn = hear(dialect, call)
    assert isinstance(turn, Turn)
    return turn


def carries_deep_dials(name: str) -> bool:
    """Whether what is dialled behind the short code arrives in this dialect."""
    session = Session(NUMBER, "session-1", dialled=DEEP)
    turn = hear_turn(DIALECTS[name], GATEWAYS[name].open(session))
    return BILL in turn.dialled or BILL in turn.inputs
