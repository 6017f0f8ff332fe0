"""A network, a host name and files of /etc of one's own, which nobody else sees: for what must have well-known ports or the machine's resolver.

Namespaces of Linux, which end with the processes in them: nothing is left behind, whatever ends the run. tests/run calls
enter() for the folders that need it, before anything else is imported. Only root may; everybody else's tests are skipped.
"""
import os
import shutil
import subprocess
import sys

MARK = "MULLION_TEST_OWN_NETWORK"
UNSHARE = ["unshare", "--net", "--uts", "--mount", "--propagation", "private"]
inside = False


def missing():
    """Why there can be no such network here; nothing where there can."""
    if os.geteuid() != 0:
        return "only root can make a network of its own: run as root"
    lacking = [name for name in ("unshare", "ip", "mount", "hostname") if not shutil.which(name)]
    if lacking:
        return f"{', '.join(lacking)} not found: install util-linux, iproute2 and hostname"
    if not inside and (tried := subprocess.run([*UNSHARE, "true"], capture_output=True, text=True)).returncode != 0:
        return f"no network of its own can be made here: {tried.stderr.strip()}"
    return None if inside else "this part runs in a network of its own: start it with tests/run"


def enter():
    """Becomes the same program in a network of its own. Returns there, and where there can be none."""
    global inside
    if os.environ.pop(MARK, None):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True, timeout=30)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"], check=True, timeout=30)  # Sockets of daemons outside.
        inside = True
    elif os.geteuid() == 0 and shutil.which("unshare") and subprocess.run([*UNSHARE, "true"], capture_output=True).returncode == 0:
        os.environ[MARK] = "1"
        os.execvp("unshare", [*UNSHARE, sys.executable, *sys.argv])


def host_name(name):
    """What gethostname() says, for us and what we start."""
    subprocess.run(["hostname", name], check=True, timeout=30)


def lay_over(path, text, folder):
    """`path` has this text, for us and what we start; the real file is as it was. The file must exist."""
    own = folder / path.strip("/").replace("/", "_")
    own.write_text(text)
    own.chmod(0o644)
    subprocess.run(["mount", "--bind", str(own), path], check=True, timeout=30)


def lift(path):
    subprocess.run(["umount", path], check=True, timeout=30)
