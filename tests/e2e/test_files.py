"""Files that an operator names may be pipes: ones that somebody writes into, and ones that nobody does."""
import os
import resource
import signal
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.e2e.error_table import ROWS
from tests.support.service import ADMIN, DEADLINE, MULLION, Service, shell_user, wait_until
from tests.support.simulate import Simulation

NOBODY_WRITES = "it is a pipe, and nobody opens it for writing"


class Pipes(unittest.TestCase):
    """A name of a pipe where each option takes a file."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="mullion-test-")))
        cls.pipe, cls.password = cls.folder / "pipe", cls.folder / "password"
        os.mkfifo(cls.pipe)
        cls.password.write_text(ADMIN[1])
        (cls.folder / "hosts").write_text("127.0.0.1 ansible_port=1\n")
        url, known = ["https://Admin@127.0.0.1:1/"], ["--password-file", cls.password]
        end = ["--", "true"]
        cls.calls = {
            "--password-file": (["run", *url, "--password-file", cls.pipe, *end], "usage.file"),
            "MULLION_PASSWORD_FILE": (["run", *url, *end], "usage.file"),
            "--ca-file": (["run", *url, *known, "--ca-file", cls.pipe, *end], "tls.files"),
            "--ca-file, ping": (["ping", *url, *known, "--ca-file", cls.pipe], "tls.files"),
            "--crl-file": (["run", *url, *known, "--crl-file", cls.pipe, *end], "tls.files"),
            "--vault-password-file": (["run", "all", "-i", cls.folder / "hosts", *known, "--vault-password-file", cls.pipe, *end], "usage.file"),
            "--vault-id": (["inventory", "list", "-i", cls.folder / "hosts", "--vault-id", f"a@{cls.pipe}"], "usage.file"),
            "--stdin": (["run", *url, *known, "--stdin", cls.pipe, *end], "usage.file"),
            "--stdin, several hosts": (["run", "127.0.0.1:1,127.0.0.2:1", "-u", "Admin", *known, "--stdin", cls.pipe, *end], "usage.file"),
            "-i": (["run", "all", "-i", cls.pipe, *known, *end], "usage.file"),
            "-e": (["run", "all", "-i", cls.folder / "hosts", *known, "-e", f"@{cls.pipe}", *end], "usage.file"),
        }

    def start(self, name):
        more = {"MULLION_PASSWORD_FILE": str(self.pipe)} if name == "MULLION_PASSWORD_FILE" else {}
        words, error = self.calls[name]
        child = subprocess.Popen([MULLION, *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 env={**os.environ, **more})
        return child, error

    def test_that_nobody_writes_into_are_given_up(self):
        """All at the same time, since each waits half a minute for a writer."""
        children = {name: self.start(name) for name in self.calls}
        for name, (child, error) in children.items():
            with self.subTest(name):
                try:
                    _, errors = child.communicate(timeout=2 * DEADLINE)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.communicate()
                    self.fail("it waits for ever")
                self.assertIn(f"[{error}]", errors.decode())
                self.assertIn(f"{self.pipe}: {NOBODY_WRITES}", errors.decode())
                self.assertEqual(child.returncode, ROWS[error].exit_code, errors)

    def test_that_nobody_writes_into_are_left_at_ctrl_c(self):
        for name in self.calls:
            with self.subTest(name):
                child, _ = self.start(name)
                try:
                    # It has the pipe open without a writer, and waits.
                    wait_until(lambda: str(self.pipe) in open_files(child.pid), "the pipe is open")
                    child.send_signal(signal.SIGINT)
                    _, errors = child.communicate(timeout=DEADLINE / 2)
                finally:
                    child.kill()
                    child.wait()
                self.assertIn(child.returncode, (130, -signal.SIGINT), errors)


def open_files(pid):
    found = []
    try:
        for number in os.listdir(f"/proc/{pid}/fd"):
            found.append(os.readlink(f"/proc/{pid}/fd/{number}"))
    except OSError:
        pass
    return found


class Written(unittest.TestCase):
    def test_an_authority_from_a_pipe_is_good_for_all_hosts(self):
        """`--ca-file <(cat ca.pem)`: it can be read once, and there are three hosts that need it one after the other."""
        with Simulation("otherwise: {stdout: \"here\\n\"}\nhosts:\n  - {name: 'tls[1:3]', address: 127.0.8.1}\n") as fleet, tempfile.TemporaryDirectory() as folder:
            password = Path(folder) / "password"
            password.write_text(ADMIN[1])
            urls = ",".join(f"https://127.0.8.{at}:{fleet.ports['https']}/wsman" for at in (1, 2, 3))
            done = subprocess.run(["bash", "-c", 'exec "$0" "$@" --ca-file <(cat "$CA") -- hostname', MULLION, "run", urls, "-u", ADMIN[0], "--transport", "basic",
                                   "--password-file", password, "--forks", "1"], env={**os.environ, "CA": fleet.ca}, capture_output=True, timeout=DEADLINE)
        self.assertEqual((done.returncode, done.stdout.count(b"here")), (0, 3), done.stderr)


class Descriptors(unittest.TestCase):
    """With next to no descriptors everything ends in an error that says so, and is no bug."""

    def end(self, files, *words, stdin=b""):
        done = subprocess.run([MULLION, *map(str, words)], input=stdin, capture_output=True, timeout=DEADLINE,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files)))
        return done.returncode, done.stderr.decode()

    def check(self, name, *words, good=(0,), **more):
        """From none left to enough: an error of the loader (127), then ours, and then it works."""
        met = set()
        for files in range(3, 64):
            with self.subTest(command=name, files=files):
                code, errors = self.end(files, *words, **more)
                self.assertNotIn("this is a bug", errors)
                self.assertNotIn("terminate called", errors)
                if code in good:
                    return met
                if "error while loading shared libraries" in errors or "[net.descriptors]" not in errors:
                    self.assertEqual(code, 127, errors)
                    continue
                met.add("net.descriptors")
                self.assertIn("ulimit -n", errors)
        self.fail(f"{name} does not work with 63 descriptors: {errors}")

    def test_too_few_for_each_command(self):
        with tempfile.TemporaryDirectory(prefix="mullion-test-") as folder:
            password = Path(folder) / "password"
            password.write_text(ADMIN[1])
            with Service(["Service/Auth/Basic=true"]) as service:
                secure = [service.https, "-u", ADMIN[0], "--transport", "basic", "--ca-file", service.ca, "--password-file", password]
                sealed = [service.url("http"), "-u", ADMIN[0], "--transport", "ntlm", "--password-file", password]
                for name, words in {"run": ["run", *secure, "--", "true"], "ping": ["ping", *sealed]}.items():
                    self.assertEqual(self.check(name, *words), {"net.descriptors"}, name)
            state = Path(folder) / "state"
            self.check("user add", "user", "add", "someone", "--state", state, "--password-stdin", "--as", shell_user(),
                       stdin=ADMIN[1].encode(), good=(0,))

    def test_too_few_for_a_server(self):
        """Servers run on when they can: they are ended as soon as they say that they are ready."""
        with tempfile.TemporaryDirectory(prefix="mullion-test-") as folder:
            os.chmod(folder, 0o755)
            fleet = Path(folder) / "fleet.yml"
            fleet.write_text("version: 1\nlisteners:\n  - {address: 127.0.0.1, port: 0, scheme: http}\naccounts:\n  - {user: a, password: bbbbbbbb}\nhosts:\n  - {name: one}\n")
            for name, words in {"serve": ["serve", "--state", Path(folder) / "state", "--listen", "http://127.0.0.1:0"], "simulate": ["simulate", fleet]}.items():
                self.assertEqual(self.serves(name, *words), {"net.descriptors"}, name)

    def serves(self, name, *words):
        met = set()
        for files in range(3, 64):
            with self.subTest(command=name, files=files):
                child = subprocess.Popen([MULLION, *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                         preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files)))
                ready = child.stdout.readline()
                if ready:
                    child.send_signal(signal.SIGTERM)
                _, errors = child.communicate(timeout=DEADLINE)
                errors = errors.decode()
                self.assertNotIn("this is a bug", errors)
                self.assertNotIn("terminate called", errors)
                if ready:
                    return met
                if "[net.descriptors]" in errors:
                    met.add("net.descriptors")
                    self.assertEqual(child.returncode, ROWS["net.descriptors"].exit_code)
                else:
                    self.assertEqual(child.returncode, 127, errors)
        self.fail(f"{name} does not start with 63 descriptors: {errors}")


if __name__ == "__main__":
    unittest.main()
