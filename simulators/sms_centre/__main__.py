"""`python -m simulators.sms_centre`: the simulated SMS centre on 127.0.0.1:$SIM_SMS_PORT.

Delivery reports of Africa's Talking go to $SIM_SMS_DELIVERY_URL and those of Orange to
$SIM_SMS_ORANGE_DELIVERY_URL, or nowhere when it is not set; Infobip's to where each request says.
"""

import os
import secrets
from typing import NoReturn

from simulators.clock import utc_now
from simulators.postman import post_form, post_json
from simulators.serving import port_named, serve
from simulators.sms_centre import africastalking, centre, infobip, orange
from simulators.sms_centre.centre import Centre, Message
from simulators.sms_centre.server import create_app


def main() -> NoReturn:
    own = Centre(clock=utc_now, mint=lambda: f"ATXid_{secrets.token_hex(16)}")
    app = create_app(
        own,
        username=os.environ.get("SARALI_AT_USERNAME") or "sandbox",
        api_key=os.environ.get("SARALI_AT_API_KEY") or "sandbox",
    )

    def deliver() -> None:
        for message in own.advance():
            _report(message)

    serve(app, port_named("SIM_SMS_PORT"), deliver)


def _report(message: Message) -> None:
    match message.provider:
        case centre.INFOBIP:
            if message.report_to:
                post_json(message.report_to, infobip.report(message))
        case centre.ORANGE:
            if url := os.environ.get("SIM_SMS_ORANGE_DELIVERY_URL"):
                post_json(url, orange.report(message))
        case _:
            if url := os.environ.get("SIM_SMS_DELIVERY_URL"):
                post_form(url, africastalking.report(message))


if __name__ == "__main__":
    main()
