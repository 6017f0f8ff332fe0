"""A service with --pam in a mount namespace of its own: its PAM services, users and passwords are files of the test, and the machine's stay as they are."""
import os
import subprocess
from pathlib import Path

from tests.support.service import ADMIN, DEADLINE, MULLION, Service, children

PAM_SERVICE = "mullion-test"
ALICE, BOB, CAROL, DAVE = (("alice", "al1ce Passw0rd"), ("bob", "b0b Passw0rd"), ("carol", "c4rol Passw0rd"), ("dave", "d4ve Passw0rd"))
ROOT = ("root", "r00t Passw0rd")
UIDS = {"alice": 23001, "bob": 23002, "carol": 23003, "dave": 23004}
ADMINS = "mullion-test-admins"  # A group of Linux, whose members are Administrators here: alice is one.
EXPIRY = {"carol": ":19000:0:99999:7::1:", "dave": ":0:0:99999:7:::"}  # The account; the password ("must be changed").

UNIX = """auth requisite pam_unix.so nodelay
account required pam_unix.so
session required pam_permit.so
"""


def missing():
    """Why a test of PAM cannot be run here, or None."""
    if os.geteuid() != 0:
        return "only root can ask PAM about others"
    done = subprocess.run(["unshare", "--mount", "--propagation", "private", "mount", "--bind", "/etc/pam.d", "/etc/pam.d"], capture_output=True, text=True)
    if done.returncode != 0:
        return f"no mount namespace: {done.stderr.strip()}"
    if not any(Path("/lib").glob("*/security/pam_unix.so")) and not any(Path("/usr/lib").glob("*/security/pam_unix.so")):
        return "no modules of PAM: install libpam-modules"
    return None


def hash_of(password):
    return subprocess.run(["openssl", "passwd", "-6", "-stdin"], input=password.encode(), capture_output=True, check=True).stdout.decode().strip()


class PamService(Service):
    """`pam` is the text of its PAM service, and None: there is no file. {0} in it is the test's own folder, where `scripts` are too."""

    def __init__(self, pam=UNIX, scripts=None, timeout=10, **more):
        settings = ["Service/Auth/Basic=true", *more.pop("settings", ())]
        options = [f"--pam={PAM_SERVICE}", "--pam-timeout", str(timeout), *more.pop("options", ())]
        more.setdefault("accounts", [(*ADMIN, ["--admin"])])
        super().__init__(settings, options=options, **more)
        self.etc = self.folder / "etc"
        (self.etc / "pam.d").mkdir(parents=True)
        self.write("passwd", Path("/etc/passwd").read_text() + "".join(f"{name}:x:{uid}:{uid}::/tmp:/bin/sh\n" for name, uid in UIDS.items()))
        self.write("group", Path("/etc/group").read_text() + f"{ADMINS}:x:23100:alice,carol,dave\n")
        self.write("shadow", "".join(f"{name}:{hash_of(word)}{EXPIRY.get(name, ':19000:0:99999:7:::')}\n" for name, word in (ALICE, BOB, CAROL, DAVE, ROOT)), 0o600)
        for name, text in (scripts or {}).items():
            self.script(name, text)
        self.set_pam(pam)

    def write(self, name, text, mode=0o644):
        path = self.etc / name
        path.write_text(text)
        path.chmod(mode)
        return path

    def script(self, name, text):
        return self.write(name, f"#!/bin/sh\n{text}\n", 0o755)

    def set_pam(self, text):
        if text is not None:
            self.write(f"pam.d/{PAM_SERVICE}", text.replace("{0}", str(self.etc)))

    def inside(self, command):
        """The same command where the test's files are the machine's."""
        binds = " && ".join(f"mount --bind {self.etc}/{name} /etc/{name}" for name in ("pam.d", "passwd", "group", "shadow"))
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", f'{binds} && exec "$@"', "sh", *map(str, command)]

    def command_line(self):
        return self.inside(super().command_line())

    def add_account(self, name, password, *options):
        words = ["--password-stdin"] if password else []
        target = [] if "--as" in options else ["--as", "nobody"]
        command = self.inside([MULLION, "user", "add", name, "--state", self.state, *words, *target, *options])
        done = subprocess.run(command, input=(password or "").encode(), capture_output=True, timeout=DEADLINE)
        if done.returncode != 0:
            raise AssertionError(f"mullion user add {name}: exit {done.returncode}: {done.stderr.decode()}")

    def start(self):
        if self.state.exists() and not (self.state / "winrm.yaml").exists():
            (self.state / "winrm.yaml").write_text(f"Groups:\n  {ADMINS}: BA\n")
        super().start()

    def talks(self):
        """Processes that speak with PAM's modules, or hold a session."""
        return [pid for pid in children(self.processes[0]) if name_of(pid) == "mullion-pam"]


def name_of(pid):
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
