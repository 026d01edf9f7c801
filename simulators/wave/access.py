"""Who may call: one API key of one wallet, as `Authorization: Bearer <key>`."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from simulators.wave.session import ApiError


@dataclass(frozen=True, slots=True)
class Account:
    """A merchant's wallet; the defaults are the sandbox's, public.

    `secrets` sign the webhooks: more than one during a rotation.
    """

    api_key: str
    secrets: tuple[str, ...]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Account":
        """Read the application's own variables, so that setting one serves both sides."""
        secrets = environment.get("SARALI_WAVE_CALLBACK_SECRETS") or "sandbox"
        return cls(
            api_key=environment.get("SARALI_WAVE_API_KEY") or "sandbox",
            secrets=tuple(secrets.split()),
        )

    def admit(self, authorization: str | None) -> None:
        """Let a request in.

        Raises:
            ApiError: with the documented code of what is wrong with its header.
        """
        if authorization is None:
            raise _refused("missing-auth-header")
        scheme, _, key = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise _refused("invalid-auth")
        if not key.strip():
            raise _refused("api-key-not-provided")
        if key.strip() != self.api_key:
            raise _refused("no-matching-api-key")


def _refused(code: str) -> ApiError:
    return ApiError(HTTPStatus.UNAUTHORIZED, code, "the request is not authenticated")
