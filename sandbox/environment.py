"""The environment in which the sandbox's processes run.

Every secret here is public, the same on each machine, and shared by the application and the
simulators. So the user's own SARALI_* variables are left out, but for those that only choose what
is shown: a sandbox must not be able to reach a real operator.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from sandbox import operators
from sandbox.ports import HOST, Ports

OURS = ("SARALI_", "SIM_")
HARMLESS = {
    *("SARALI_OPERATORS", "SARALI_CATALOGUE", "SARALI_LANGUAGES", "SARALI_RESUME_MINUTES"),
    "SARALI_SMS_PROVIDERS",
}
USSD_CODE = "*789#"


def environment(
    outside: Mapping[str, str], ports: Ports, database_url: str, redis_url: str
) -> dict[str, str]:
    """Return `outside` without the variables that are ours, and with the sandbox's."""
    public_url = f"http://{HOST}:{ports.web}"
    kept = {
        name: value
        for name, value in outside.items()
        if name in HARMLESS or not name.startswith(OURS)
    }
    # The tools (flask, granian, python) are those beside our own interpreter, whether its venv is
    # active or not.
    path = os.pathsep.join([str(Path(sys.executable).parent), outside.get("PATH", os.defpath)])
    simulated = operators.variables(operators.DEFAULT, ports.orange, public_url)
    for code, port in ports.others.items():
        simulated |= operators.variables(code, port, public_url)
    chosen = ",".join(operators.enabled(outside))
    return (
        kept
        | simulated
        | {
            "SARALI_OPERATORS": chosen or operators.DEFAULT,
            "PATH": path,
            "PYTHONUNBUFFERED": "1",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "PORT": str(ports.web),
            "SARALI_ENV": "sandbox",
            "SARALI_PUBLIC_URL": public_url,
            "SARALI_SECRET_KEY": "public-key-of-the-sandbox-never-for-production",
            "SARALI_USSD_CODE": USSD_CODE,
            "SARALI_AT_URL": f"http://{HOST}:{ports.sms}",
            "SARALI_AT_USERNAME": "sandbox",
            "SARALI_AT_API_KEY": "sandbox",
            "SARALI_SMS_SENDER": "SARALI",
            "SARALI_SMS_INFOBIP_URL": f"http://{HOST}:{ports.sms}",
            "SARALI_SMS_INFOBIP_API_KEY": "sandbox",
            "SARALI_SMS_ORANGE_URL": f"http://{HOST}:{ports.sms}",
            "SARALI_SMS_ORANGE_CLIENT_ID": "sandbox",
            "SARALI_SMS_ORANGE_CLIENT_SECRET": "sandbox",
            "SARALI_SMS_ORANGE_SENDER_ADDRESS": "+2230000",
            "SIM_SMS_PORT": str(ports.sms),
            "SIM_SMS_DELIVERY_URL": f"{public_url}/sms/africastalking/delivery",
            "SIM_SMS_ORANGE_DELIVERY_URL": f"{public_url}/sms/orange/delivery",
        }
    )
