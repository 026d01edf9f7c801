"""One machine that is the whole world.

The sandbox runs Sarali as production does (the same commands, real PostgreSQL, real Valkey) and,
beside it, everything that Sarali talks to: simulated operators and SMS centre. It knows the system
from outside only, through the Procfile, the environment and HTTP, and imports none of its parts.

    home       $SARALI_HOME, the only folder written to, and the lock on it
    leash      starts a command that cannot outlive the one who started it
    process    one child: start, stop, kill, its log file
    servers    PostgreSQL and Valkey from pinned wheels, or given by URL
    world      all of it together: start, readiness, stop
    phone      a feature phone that dials over HTTP, as Africa's Talking does
    terminal   that phone for a person
    demo       plays the main job on a private world and shows what citizens see

`python -m sandbox run` serves until Ctrl-C, `dial` dials what it serves, `demo` plays and exits.
"""
