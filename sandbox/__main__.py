import argparse
import os
import signal
import sys
from pathlib import Path
from textwrap import indent
from types import FrameType
from urllib.parse import quote

from sandbox.demo import play
from sandbox.environment import USSD_CODE
from sandbox.home import SandboxError
from sandbox.parent import Parent
from sandbox.supervision import supervise
from sandbox.world import World

READY = """
Sarali is ready: {url}

  a phone       {url}/phone   (in the terminal: make dial)
  one turn      curl {url}/ussd/africastalking -d sessionId=1 -d networkCode=99999 -d text= \\
                  --data-urlencode phoneNumber={number} --data-urlencode 'serviceCode={code}'
  a new fine    curl -X POST {url}/sandbox/fines
  SMS sent      curl '{url}/sandbox/outbox?to={encoded}'
  logs          {log}

Fines to pay, dialling {deep}:

{fines}

Ctrl-C stops everything.
"""
DEFAULT_PORT = 8000
NUMBER = "+22370000001"


def main() -> int:
    """Return the exit code: 0 when it was asked to stop or the demo held, 1 otherwise."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="Sarali and the world around it."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    run_parser = commands.add_parser("run", help="serve on 127.0.0.1:$PORT (8000) until Ctrl-C")
    run_parser.add_argument(
        "--with-parent", action="store_true", help="also stop when the parent process does"
    )
    commands.add_parser("demo", help="play the main job on a private world, then exit")
    arguments = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        if arguments.command == "demo":
            play()
        else:
            run(Parent() if arguments.with_parent else None)
    except (SandboxError, OSError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0 if arguments.command == "run" else 1
    return 0


def run(parent: Parent | None) -> None:
    """Serve until interrupted. Raises SandboxError."""
    port = _port()
    world = World(
        Path(os.environ.get("SARALI_HOME") or ".sarali"),
        port,
        given_database=os.environ.get("DATABASE_URL") or None,
        given_redis=os.environ.get("REDIS_URL") or None,
    )
    with world:
        ready = READY.format(
            url=world.base_url,
            number=NUMBER,
            encoded=quote(NUMBER),
            code=USSD_CODE,
            deep=f"{USSD_CODE.removesuffix('#')}*1*<number>#",
            log=world.log,
            fines=indent(world.seeded.rstrip(), "  "),
        )
        print(ready, flush=True)
        supervise(world, parent)


def _port() -> int:
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**16):
        raise SandboxError(f"PORT must be a number from 1 to 65535, not {text!r}")
    return int(text)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # Once is enough: a second Ctrl-C must not break the tidying up.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
