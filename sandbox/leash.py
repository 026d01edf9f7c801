"""Runs a command that cannot outlive the one who started it.

    python -I -S leash.py <parent pid> <signal> <identity> <command> <argument>...

A supervisor killed by SIGKILL cannot tidy up, so on Linux the kernel does: it sends <signal> to the
command when the thread that started it ends. (The thread: a child started by a short-lived thread
dies with it.) The wish is lost when credentials change, so it is the last thing said before exec.

<identity> is for PostgreSQL, which refuses to run as root:

    same       stay who we are
    namespace  a user namespace where we look like `nobody`, and the files stay ours
    nobody     really `nobody`, but able to walk through folders closed to it, such as /root.
               Containers often forbid namespaces and allow this. The data must belong to `nobody`.

Neither creates a user or touches a file. Stands alone: it is run by path, before any package is
importable.
"""

import ctypes
import os
import pwd
import sys

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CLONE_NEWUSER = 0x10000000
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


def call(name: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    # Variadic in C: every word must be as wide as a register.
    words = [ctypes.c_ulong(word) if isinstance(word, int) else word for word in arguments]
    if libc[name](*words) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def enter_namespace(nobody: pwd.struct_passwd) -> None:
    uid, gid = os.geteuid(), os.getegid()
    call("unshare", CLONE_NEWUSER)
    for file, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{nobody.pw_uid} {uid} 1"),
        ("gid_map", f"{nobody.pw_gid} {gid} 1"),
    ):
        with open(f"/proc/self/{file}", "w", encoding="utf-8") as handle:  # noqa: PTH123 - pathlib costs 10 ms here
            handle.write(line)


def become_nobody(nobody: pwd.struct_passwd) -> None:
    call("prctl", PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(nobody.pw_gid, nobody.pw_gid, nobody.pw_gid)
    os.setresuid(nobody.pw_uid, nobody.pw_uid, nobody.pw_uid)
    mask = 1 << CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    # effective, permitted, inheritable: first for capabilities 0-31, then for 32-63
    sets = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    call("capset", header, sets)
    call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def main(parent: int, signal_number: int, identity: str, command: list[str]) -> None:
    if identity == "namespace":
        enter_namespace(pwd.getpwnam("nobody"))
    elif identity == "nobody":
        become_nobody(pwd.getpwnam("nobody"))
    if sys.platform == "linux":
        call("prctl", PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the one who started this has ended already")
    os.execvp(command[0], command)  # noqa: S606 - a shell would add nothing but a process


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
    except (OSError, KeyError) as trouble:
        sys.exit(f"leash: {trouble}")
