"""The service's own state: directories, accounts, settings, ports."""
import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.e2e.error_table import ROWS
from tests.support.service import DEADLINE, MULLION, Service, shell_user, wait_until


class StateCase(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="mullion-test-")))
        os.chmod(self.folder, 0o755)
        self.state = self.folder / "state"

    def call(self, *arguments, stdin=b""):
        done = subprocess.run([MULLION, *map(str, arguments)], input=stdin, capture_output=True, timeout=DEADLINE)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def add(self, name, *options, password=b"a-Passw0rd"):
        return self.call("user", "add", name, "--state", self.state, "--password-stdin", "--as", shell_user(), *options, stdin=password)

    def serve(self, *options):
        """For services that must not start: one that does is a failure, and is stopped."""
        try:
            return self.call("serve", "--state", self.state, "--listen", "http://127.0.0.1:0", *options)
        except subprocess.TimeoutExpired as started:
            self.fail(f"the service started: {started.stdout}")

    def expect(self, error_id, answer, message=""):
        code, _, errors = answer
        self.assertIn(f"[{error_id}]", errors)
        self.assertEqual(code, ROWS[error_id].exit_code)
        self.assertIn(message, errors)


class State(StateCase):
    def test_state_directory(self):
        (self.folder / "file").write_text("")
        self.state = self.folder / "file"
        self.expect("state.directory", self.serve())

    def test_state_directory__open_to_others(self):
        self.state.mkdir(mode=0o755)
        os.chmod(self.state, 0o777)
        self.expect("state.directory", self.serve())

    def test_state_locked(self):
        with Service() as service:
            self.state = service.state
            self.expect("state.locked", self.serve())

    def test_a_reload_that_comes_at_once(self):
        for _ in range(5):
            with Service(accounts=[]) as service:
                service.process.send_signal(signal.SIGHUP)
                wait_until(lambda: "the configuration was read again" in service.log.read_text(), "the reload")

    def test_state_version(self):
        self.assertEqual(self.add("someone")[0], 0)
        (self.state / "VERSION").write_text("999999\n")
        self.expect("state.version", self.serve())

    def test_state_database(self):
        self.assertEqual(self.add("someone")[0], 0)
        for old in self.state.glob("accounts.db*"):
            old.unlink()
        (self.state / "accounts.db").write_bytes(b"this is no database" * 300)
        os.chmod(self.state / "accounts.db", 0o600)
        self.expect("state.database", self.serve())

    def on_a_small_disk(self, before, *arguments, stdin=b"a-Passw0rd"):
        """In a mount namespace of its own: a disk of 64 KiB at FOLDER/disk, `before` done to it, and then mullion."""
        disk = self.folder / "disk"
        disk.mkdir(exist_ok=True)
        script = f'mount -t tmpfs -o size=64k none "{disk}" && cd "{disk}" && {before} && shift && exec "$@"'
        who = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
        done = subprocess.run([*who, "sh", "-c", script, "sh", "-", MULLION, *map(str, arguments)], input=stdin, capture_output=True, timeout=DEADLINE)
        if b"unshare:" in done.stderr or b"mount:" in done.stderr:
            self.skipTest(f"no mount namespace here: {done.stderr.decode()}")
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def small_disks(self, before):
        """Whoever writes there: the service, and the accounts' command."""
        state = self.folder / "disk/state"
        yield self.on_a_small_disk(before, "serve", "--state", state, "--listen", "http://127.0.0.1:0")
        yield self.on_a_small_disk(before, "user", "add", "someone", "--state", state, "--password-stdin", "--as", shell_user())

    def test_state_full(self):
        for answer in self.small_disks("{ head -c 1M /dev/zero > fill 2>/dev/null || true; }"):
            self.expect("state.full", answer, "No space left on device")
            self.assertNotIn("0700", answer[2])  # It is no matter of modes.

    def test_state_read_only(self):
        for answer in self.small_disks("mkdir -m 700 state && mount -o remount,ro none ."):
            self.expect("state.read_only", answer, "Read-only file system")
            self.assertNotIn("0700", answer[2])

    def test_config_invalid(self):
        for setting in ("Service/Nothing=1", "MaxTimeoutms=soon", "Service/MaxConnections=999999999", "Service/Auth/Basic", "=x"):
            with self.subTest(setting):
                self.expect("config.invalid", self.serve("--set", setting))

    def test_config_invalid__in_the_file(self):
        self.assertEqual(self.add("someone")[0], 0)
        (self.state / "winrm.yaml").write_text("Service:\n  MaxConections: 5\n")
        os.chmod(self.state / "winrm.yaml", 0o644 if os.geteuid() == 0 else 0o600)
        self.expect("config.invalid", self.serve(), "winrm.yaml")

    def test_serve_listen(self):
        with Service() as service:
            self.expect("serve.listen", self.call("serve", "--state", self.state, "--listen", f"http://127.0.0.1:{service.port('http')}"))

    def test_serve_rights(self):
        self.expect("serve.rights", self.serve("--run-as", "root"), "root")

    def test_serve_monitor(self):
        """An installation whose monitor does not start."""
        for name in ("mullion", "mullion-service"):
            shutil.copy(MULLION.parent / name, self.folder / name)
        (self.folder / "mullion-monitor").write_text("#!/bin/sh\nexit 3\n")
        (self.folder / "mullion-monitor").chmod(0o755)
        done = subprocess.run([self.folder / "mullion", "serve", "--state", self.state, "--listen", "http://127.0.0.1:0"],
                              capture_output=True, timeout=DEADLINE)
        self.expect("serve.monitor", (done.returncode, "", done.stderr.decode()), "the monitor")

    def test_the_state_directory_is_closed_to_others(self):
        with Service() as service:
            self.assertEqual(service.state.stat().st_mode & 0o777, 0o700)


class Accounts(StateCase):
    def users(self):
        """Linux users that shells may run as here: many for root."""
        if os.geteuid() != 0:
            return [shell_user()] * 12
        return [user.pw_name for user in pwd.getpwall() if user.pw_uid != 0][:12]

    def at_once(self, *calls):
        with ThreadPoolExecutor(len(calls)) as pool:
            return [call.result() for call in [pool.submit(self.call, *words, stdin=b"a-Passw0rd") for words in calls]]

    def names(self):
        code, out, errors = self.call("user", "list", "--state", self.state, "--output", "json")
        self.assertEqual(code, 0, errors)
        return {account["name"] for account in json.loads(out)["accounts"]}

    def test_many_added_and_deleted_at_once__none_is_lost(self):
        """Each reads the list of users, changes it and writes it: nobody's line may go with somebody else's."""
        users = self.users()
        add = [("user", "add", f"account{n}", "--state", self.state, "--password-stdin", "--as", user) for n, user in enumerate(users)]
        for turn in range(4):
            self.assertEqual([code for code, *_ in self.at_once(*add)], [0] * len(add))
            self.assertEqual(self.names(), {f"account{n}" for n in range(len(users))})
            listed = self.state / "shell-users"
            if os.geteuid() == 0:
                self.assertEqual(set(listed.read_text().split()), set(users))
                self.assertEqual(listed.stat().st_uid, 0)
            delete = [("user", "delete", f"account{n}", "--state", self.state) for n in range(len(users))]
            self.assertEqual([code for code, *_ in self.at_once(*delete)], [0] * len(delete))
            if os.geteuid() == 0:
                self.assertEqual(listed.read_text(), "")
        self.assertEqual([path.name for path in self.state.iterdir() if "unfinished" in path.name], [])

    def test_added_while_the_service_starts(self):
        """The service gives its files to the account that it becomes: neither the list of users nor what is half written of it."""
        users = self.users()[:4]
        for turn in range(3):
            with ThreadPoolExecutor(1) as pool:
                words = [("user", "add", f"a{turn}-{n}", "--state", self.state, "--password-stdin", "--as", user) for n, user in enumerate(users)]
                adding = pool.submit(self.at_once, *words)
                with Service(state=self.state, accounts=[]) as service:
                    self.assertEqual([code for code, *_ in adding.result()], [0] * len(words))
                    if os.geteuid() == 0:
                        self.assertEqual((self.state / "shell-users").stat().st_uid, 0)
                        self.assertEqual((self.state / "accounts.db").stat().st_uid, self.state.stat().st_uid)
                    self.assertEqual(service.stop(), 0)
        self.assertEqual(len(self.names()), 3 * len(users))

    def test_account_exists(self):
        self.assertEqual(self.add("someone")[0], 0)
        self.expect("account.exists", self.add("SomeOne"), "SomeOne")

    def test_account_missing(self):
        self.assertEqual(self.add("someone")[0], 0)
        self.expect("account.missing", self.call("user", "delete", "another", "--state", self.state))

    def test_account_invalid(self):
        for name in ("a/b", "", "a:b", "x" * 300):
            with self.subTest(name):
                self.expect("account.invalid", self.add(name))

    def test_account_invalid__root_only_when_said(self):
        answer = self.call("user", "add", "boss", "--state", self.state, "--password-stdin", "--as", "root", stdin=b"a-Passw0rd")
        self.expect("account.invalid", answer, "--allow-root" if os.geteuid() == 0 else "only root")

    def test_add_list_delete(self):
        self.assertEqual(self.add("someone", "--admin")[0], 0)
        code, out, _ = self.call("user", "list", "--state", self.state)
        self.assertEqual(code, 0)
        self.assertIn("someone", out)
        self.assertEqual(self.call("user", "delete", "someone", "--state", self.state)[0], 0)
        self.assertNotIn("someone", self.call("user", "list", "--state", self.state)[1])

    def test_an_empty_password_is_refused(self):
        self.assertNotEqual(self.add("someone", password=b"")[0], 0)


class Warnings(unittest.TestCase):
    def test_each_unsafe_setting_is_warned_of(self):
        with Service(["Service/AllowUnencrypted=true", "Service/Auth/Basic=true", "Service/Auth/CbtHardeningLevel=None"]) as service:
            log = service.log.read_text()
        for name in ("AllowUnencrypted", "Basic", "CbtHardeningLevel"):
            self.assertRegex(log, rf"warning.*{name}")


if __name__ == "__main__":
    unittest.main()
