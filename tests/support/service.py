"""`mullion serve` for tests: a state directory of its own, ports chosen by the kernel, stopped by process id."""
import json
import os
import pwd
import resource
import select
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get("MULLION_BUILD", ROOT / "build/dev")).resolve()
MULLION = BUILD / "bin/mullion"
LOGS = ROOT / "build/test-logs"

# Other people's libraries, and curl, let these win over what they are told.
CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
for name in CA_VARIABLES + PROXY_VARIABLES + ("MULLION_PASSWORD_FILE", "MULLION_INVENTORY"):
    os.environ.pop(name, None)

ADMIN = ("Administrator", "Corr3ct-h0rse %$\"'")  # The characters that other tools trip over.
DEADLINE = 30  # Seconds after which something that should have happened is a failure. Never waited for otherwise.


def shell_user():
    """The Linux account that shells run as: nobody when the tests are root, otherwise only oneself."""
    return "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def wait_until(condition, what, seconds=DEADLINE):
    """Polls for something that has no descriptor to wait on (another process's end). Fails after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        select.select([], [], [], 0.02)


def read_line(stream, process, seconds=DEADLINE):
    """One line of a pipe, or None at its end or when the deadline is over."""
    line, end = b"", time.monotonic() + seconds
    while not line.endswith(b"\n"):
        ready, _, _ = select.select([stream], [], [], max(0, end - time.monotonic()))
        byte = os.read(stream.fileno(), 1) if ready else b""
        if not byte:
            return None
        line += byte
    return line.decode()


def children_by_parent():
    """{process id: ids of its children}, of one look at all processes."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text(errors="replace").rsplit(")", 1)[1].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    return parents


def children(pid, by_parent=None):
    """Process ids below `pid`, all levels."""
    parents = children_by_parent() if by_parent is None else by_parent
    found, todo = [], [pid]
    while todo:
        below = parents.get(todo.pop(), [])
        found += below
        todo += below
    return found


def alive(pid):
    """A zombie is no longer alive: its parent only has not looked yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


class Service:
    """Use as a context manager. `settings` are --set PATH=VALUE, `accounts` (name, password, user add's options)."""

    def __init__(self, settings=(), accounts=None, listen=("http://127.0.0.1:0", "https://127.0.0.1:0"), options=(), state=None,
                 files=None, environment=None):
        self.settings, self.listen, self.options = list(settings), list(listen), list(options)
        self.accounts = [(*ADMIN, ["--admin"])] if accounts is None else accounts
        self.folder = Path(tempfile.mkdtemp(prefix="mullion-test-"))
        os.chmod(self.folder, 0o755)  # nobody must reach what tests put beside the state directory.
        self.state = Path(state) if state else self.folder / "state"
        self.log = self.folder / "serve.log"
        self.environment = {**os.environ, **(environment or {})}
        self.files = files  # The hard limit of open files that it is started with.
        self.process = None
        self.urls, self.ca = [], None

    def __enter__(self):
        try:
            for name, password, options in self.accounts:
                self.add_account(name, password, *options)
            self.start()
        except BaseException:
            self.__exit__(True, None, None)
            raise
        return self

    def __exit__(self, failed, *_):
        self.stop()
        if failed and self.log.exists():
            LOGS.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.log, LOGS / f"serve-{self.folder.name}.log")
        shutil.rmtree(self.folder, ignore_errors=True)

    def add_account(self, name, password, *options, linux_user=None):
        command = [MULLION, "user", "add", name, "--state", self.state, "--password-stdin", "--as", linux_user or shell_user(), *options]
        done = subprocess.run(command, input=password.encode(), capture_output=True, timeout=DEADLINE)
        if done.returncode != 0:
            raise AssertionError(f"mullion user add {name}: exit {done.returncode}: {done.stderr.decode()}")

    def command_line(self):
        command = [str(MULLION), "serve", "--state", str(self.state)]
        for url in self.listen:
            command += ["--listen", url]
        for setting in self.settings:
            command += ["--set", setting]
        return command + self.options

    def start(self):
        with open(self.log, "ab") as log:
            limit = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (self.files, self.files))) if self.files else None
            self.process = subprocess.Popen(self.command_line(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, preexec_fn=limit,
                                            env=self.environment)
        line = read_line(self.process.stdout, self.process)
        if line is None:
            raise AssertionError(f"mullion serve said nothing; exit {self.process.poll()}; its log:\n{self.log.read_text()[-4000:]}")
        ready = json.loads(line)
        self.urls, self.ca = ready["listening"], ready.get("ca")
        self.processes = [self.process.pid, *children(self.process.pid)]

    def stop(self, number=signal.SIGTERM):
        """Returns the exit status; one that does not end in time is killed and counts as a failure."""
        if not self.process:
            return None
        process, self.process = self.process, None
        if process.poll() is None:
            process.send_signal(number)
        try:
            process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            for pid in [*children(process.pid), process.pid]:
                os.kill(pid, signal.SIGKILL)
            process.wait()
            raise AssertionError("mullion serve did not end after SIGTERM; its log:\n" + self.log.read_text()[-4000:])
        finally:
            process.stdout.close()
        refused = [line for line in self.log.read_text(errors="replace").splitlines() if "was refused the system call" in line]
        if refused:
            raise AssertionError("the service needs more than it is left (src/os/system_calls.cc): " + "; ".join(refused[:5]))
        return process.returncode

    def url(self, scheme):
        return next(url for url in self.urls if url.startswith(scheme + "://"))

    @property
    def http(self):
        return self.url("http")

    @property
    def https(self):
        return self.url("https")

    def port(self, scheme):
        return int(self.url(scheme).split("://")[1].split("/")[0].rsplit(":", 1)[1])
