"""A merchant's credentials at the operator; the defaults are the sandbox's, public."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

LIFETIME: Final = timedelta(days=90)  # of a bearer


@dataclass(frozen=True, slots=True)
class Account:
    """`country` is the one in the path; `currency` goes with it."""

    client_id: str = "sandbox"
    client_secret: str = "sandbox"
    merchant_key: str = "sandbox"
    country: str = "dev"
    currency: str = "OUV"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Account":
        """Read the application's own variables, so that setting one serves both sides."""

        def value(name: str, default: str) -> str:
            return environment.get(f"SARALI_ORANGE_WEB_{name}") or default

        plain = cls()
        return cls(
            client_id=value("CLIENT_ID", plain.client_id),
            client_secret=value("CLIENT_SECRET", plain.client_secret),
            merchant_key=value("MERCHANT_KEY", plain.merchant_key),
            country=value("COUNTRY", plain.country),
            currency=value("CURRENCY", plain.currency),
        )
