"""A phone in the terminal, for a person, dialling the sandbox that runs on this machine."""

from sandbox import paper
from sandbox.environment import USSD_CODE
from sandbox.home import SandboxError
from sandbox.phone import Phone, PhoneError


def talk(base_url: str, number: str) -> None:
    """Dial, answer and read SMS until the end of the input. Raises SandboxError."""
    phone = Phone(base_url, number)
    print(f"This is the phone of {number}. Ctrl-D hangs up for good.")
    shown = 0
    try:
        while True:
            shown = _show_messages(phone, shown)
            code = input(f"\nDial ({USSD_CODE}), or Enter to look for SMS: ").strip()
            if code:
                _session(phone, code)
    except EOFError:
        print()
    except PhoneError as error:
        raise SandboxError(f"{error}; is it running (`make run`)?") from error


def _session(phone: Phone, code: str) -> None:
    screen = phone.dial(code)
    print(paper.screen(screen.text, over=screen.over))
    while not screen.over:
        screen = phone.answer(input(f"{paper.MARGIN}> ").strip())
        print(paper.screen(screen.text, over=screen.over))


def _show_messages(phone: Phone, shown: int) -> int:
    messages = phone.inbox()
    for sms in messages[shown:]:
        print(paper.message(sms.sender, sms.text))
    return len(messages)
