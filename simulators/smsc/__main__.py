"""`python -m simulators.smsc`: doors on 127.0.0.1:$SIM_SMSC_PORT, links on $SIM_SMSC_LINKS_PORT.

$SIM_SMSC_SESSIONS names sessions (`its_session_info`, or `user_message_reference`), and
$SIM_SMSC_RECEIPTS writes receipts (`text`, or `parameters`). With $SIM_SMSC_TLS, a file of a
certificate and its key, links speak TLS.
"""

import os
import ssl
import threading
from typing import NoReturn

from simulators.clock import utc_now
from simulators.serving import port_named, serve
from simulators.smsc.centre import Centre
from simulators.smsc.faults import Faults
from simulators.smsc.links import Exchange, listen
from simulators.smsc.server import create_app


def main() -> NoReturn:
    names = os.environ.get("SIM_SMSC_SESSIONS") or "its_session_info"
    centre = Centre(utc_now, names, os.environ.get("SIM_SMSC_RECEIPTS") or "text")
    faults = Faults()
    exchange = Exchange(centre, faults, ("sandbox", "sandbox"))
    port, links_port = port_named("SIM_SMSC_PORT"), port_named("SIM_SMSC_LINKS_PORT")
    links = (listen(links_port), _tls(os.environ.get("SIM_SMSC_TLS")))
    threading.Thread(target=exchange.serve, args=links, daemon=True).start()
    serve(create_app(centre, exchange, faults), port, exchange.deliver)


def _tls(path: str | None) -> ssl.SSLContext | None:
    if not path:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context


if __name__ == "__main__":
    main()
