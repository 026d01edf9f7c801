"""`python -m simulators.sms_centre`: the simulated SMS centre on 127.0.0.1:$SIM_SMS_PORT.

Delivery reports go to $SIM_SMS_DELIVERY_URL, or nowhere when it is not set.
"""

import os
import secrets
from typing import NoReturn

from simulators.clock import utc_now
from simulators.postman import post_form
from simulators.serving import port_named, serve
from simulators.sms_centre.centre import Centre
from simulators.sms_centre.server import NETWORK_CODE, create_app


def main() -> NoReturn:
    delivery_url = os.environ.get("SIM_SMS_DELIVERY_URL")
    centre = Centre(clock=utc_now, mint=lambda: f"ATXid_{secrets.token_hex(16)}")
    app = create_app(
        centre,
        username=os.environ.get("SARALI_AT_USERNAME") or "sandbox",
        api_key=os.environ.get("SARALI_AT_API_KEY") or "sandbox",
    )

    def deliver() -> None:
        for message in centre.advance():
            if delivery_url:
                report = {
                    "id": message.id,
                    "status": "Success",
                    "phoneNumber": message.to,
                    "networkCode": NETWORK_CODE,
                    "retryCount": "0",
                }
                post_form(delivery_url, report)

    serve(app, port_named("SIM_SMS_PORT"), deliver)


if __name__ == "__main__":
    main()
