"""Several hosts in one command, named one by one: prefixes, results, slow readers, ends before the end."""
import hashlib
import json
import os
import re
import resource
import select
import signal
import socket
import subprocess
import unittest

from tests.e2e.client import Password, mullion, start
from tests.support.service import ADMIN, DEADLINE, MULLION, Service, wait_until

HOSTS = [f"127.0.0.{number}" for number in range(1, 5)]


def closed_port():
    """A port that nothing listens on: bound, so that nobody else gets it, and not listening."""
    holder = socket.socket()
    holder.bind(("127.0.0.1", 0))
    return holder, f"127.0.0.1:{holder.getsockname()[1]}"


class WithHosts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(listen=[f"http://{host}:0" for host in HOSTS]))
        cls.targets = [re.sub(r"^http://|/.*$", "", url) for url in cls.service.urls]
        cls.holder, cls.closed = closed_port()
        cls.addClassCleanup(cls.holder.close)

    def words(self, *options, hosts=None, user=ADMIN[0]):
        return [",".join(self.targets if hosts is None else hosts), "-u", user, "--scheme", "http", "--transport", "ntlm", *options]

    def run_command(self, command, *options, hosts=None, **how):
        return mullion("run", *self.words(*options, hosts=hosts), "--", command, **how)

    def start(self, command, *options, **how):
        child = start("run", *self.words(*options), "--", command, **how)
        self.addCleanup(self.put_away, child)
        return child

    @staticmethod
    def put_away(child):
        if child.poll() is None:
            child.kill()
        child.communicate()

    def folder(self, name):
        folder = self.service.folder / name
        folder.mkdir(mode=0o777)
        os.chmod(folder, 0o777)
        return folder


class Text(WithHosts):
    def test_each_line_has_its_host_before_it(self):
        ran = self.run_command("echo one; printf 'two\\r\\n'; echo three >&2; printf four")
        self.assertEqual(ran.code, 0, ran.stderr)
        for host in self.targets:
            mine = [line for line in ran.stdout.split(b"\n") if line.startswith(host.encode())]
            self.assertEqual(mine, [f"{host} | {line}".encode() for line in ("one", "two\r", "four")])
            self.assertIn(f"{host} | three\n", ran.stderr)
        self.assertEqual(len(ran.stdout.splitlines()), 3 * len(HOSTS))
        self.assertRegex(ran.stderr.splitlines()[-1], rf"^{len(HOSTS)} hosts: {len(HOSTS)} ok in [\d.]+ s$")

    def test_lines_of_hosts_never_mix(self):
        ran = self.run_command("i=0; while [ $i -lt 3000 ]; do echo abcdefghijklmnopqrstuvwxyz$i; i=$((i+1)); done")
        expected = {host: [f"{host} | abcdefghijklmnopqrstuvwxyz{i}" for i in range(3000)] for host in self.targets}
        seen = {host: [] for host in self.targets}
        for line in ran.stdout.decode().splitlines():
            seen[line.split(" ")[0]].append(line)
        self.assertEqual(seen, expected)

    def test_a_line_without_end_is_bounded(self):
        ran = self.run_command("head -c 200000 /dev/zero | tr '\\0' x", hosts=self.targets[:2])
        for host in self.targets[:2]:
            pieces = [line.split(b" | ")[1] for line in ran.stdout.splitlines() if line.startswith(host.encode())]
            self.assertEqual([len(piece) for piece in pieces], [65536, 65536, 65536, 200000 - 3 * 65536])

    def test_one_host_named_twice_is_one_host_and_has_no_prefix(self):
        ran = self.run_command("echo once", hosts=[self.targets[0], self.targets[0], f"http://{self.targets[0]}/wsman"])
        self.assertEqual((ran.code, ran.stdout), (0, b"once\n"), ran.stderr)

    def test_one_hosts_trouble_is_its_own(self):
        ran = self.run_command("echo fine", hosts=[self.targets[0], self.closed, self.targets[1]])
        self.assertEqual((ran.code, sorted(ran.stdout.decode().splitlines())),
                         (4, sorted(f"{host} | fine" for host in self.targets[:2])))
        self.assertRegex(ran.stderr, rf"(?m)^{re.escape(self.closed)}: unreachable in [\d.]+ s: .*\[net\.refused\]")
        self.assertIn("\n  next:", ran.stderr)
        self.assertRegex(ran.stderr, r"(?m)^3 hosts: 2 ok, 1 unreachable in")

    def test_exit_status_says_failed_commands_and_failed_hosts(self):
        first_only = "mkdir %s/x 2> /dev/null || exit 3"
        ran = self.run_command(first_only % self.folder("two"))
        self.assertEqual(ran.code, 2, ran.stderr)
        self.assertEqual(ran.stderr.count(": exit 3 in "), len(HOSTS) - 1)
        ran = self.run_command(first_only % self.folder("six"), hosts=[*self.targets, self.closed])
        self.assertEqual(ran.code, 6, ran.stderr)
        self.assertRegex(ran.stderr, r"(?m)^5 hosts: 1 ok, 3 failed, 1 unreachable in")

    def test_forks_bounds_how_many_run_at_a_time(self):
        # Alone, a host finds nobody else's mark; together, somebody would.
        folder = self.folder("alone")
        alone = f"mkdir {folder}/busy || exit 9; rmdir {folder}/busy"
        ran = self.run_command(alone, "--forks", "1")
        self.assertEqual(ran.code, 0, ran.stderr)
        # And with enough forks all are there at the same time: each waits for all.
        everybody = self.folder("everybody")
        together = f": > {everybody}/$$; while [ $(ls {everybody} | wc -l) -lt {len(HOSTS)} ]; do :; done"
        self.assertEqual(self.run_command(together, "--forks", str(len(HOSTS)), "--timeout", "60").code, 0)


class Objects(WithHosts):
    def test_jsonl_is_one_object_per_host(self):
        ran = self.run_command("echo out", "--output", "jsonl", hosts=[*self.targets, self.closed])
        objects = [json.loads(line) for line in ran.stdout.splitlines()]
        self.assertEqual(ran.code, 4)
        self.assertEqual({each["host"]: (each["status"], each["stdout"]) for each in objects},
                         {**{host: ("ok", "out\n") for host in self.targets}, self.closed: ("unreachable", "")})
        self.assertEqual(len(objects), 5)

    def test_json_is_one_document(self):
        ran = self.run_command("echo out; exit 3", "--output", "json", hosts=[*self.targets, self.closed])
        document = json.loads(ran.stdout)
        self.assertEqual(sorted(each["host"] for each in document["hosts"]), sorted([*self.targets, self.closed]))
        self.assertEqual((document["schema"], document["summary"]["total"], document["summary"]["failed"], document["summary"]["unreachable"]),
                         (1, 5, 4, 1))
        self.assertEqual(ran.code, 6)

    def test_the_limit_is_of_each_host(self):
        ran = self.run_command("head -c 3000 /dev/zero | tr '\\0' x", "--output", "jsonl", "--output-limit", "2000")
        for line in ran.stdout.splitlines():
            self.assertEqual((len(json.loads(line)["stdout"]), json.loads(line)["truncated"]), (2000, True))

    def test_ping(self):
        ran = mullion("ping", *self.words("--output", "jsonl", hosts=[*self.targets, self.closed]))
        statuses = sorted(json.loads(line)["status"] for line in ran.stdout.splitlines())
        self.assertEqual((ran.code, statuses), (4, ["ok"] * 4 + ["unreachable"]))
        ran = mullion("ping", *self.words(hosts=[*self.targets, self.closed]))
        self.assertEqual((ran.code, len(ran.stdout.splitlines())), (4, 4))
        self.assertRegex(ran.stderr, r"(?m)^5 hosts: 4 ok, 1 unreachable in")


class Credentials(WithHosts):
    def test_a_user_that_one_host_lacks_is_that_hosts_error(self):
        hosts = f"{ADMIN[0]}@{self.targets[0]},{self.targets[1]}"
        ran = mullion("run", hosts, "--scheme", "http", "--transport", "ntlm", "--output", "jsonl", "--", "echo out")
        found = {each["host"]: each for each in map(json.loads, ran.stdout.splitlines())}
        self.assertEqual((ran.code, found[self.targets[0]]["stdout"]), (4, "out\n"), ran.stderr)
        lacking = found[self.targets[1]]
        self.assertEqual((lacking["status"], lacking["error"]["id"]), ("not_started", "auth.credentials"))

    def test_a_user_that_all_lack_is_one_error(self):
        ran = mullion("run", ",".join(self.targets), "--output", "jsonl", "--", "echo out")
        self.assertEqual((ran.code, ran.stdout, ran.stderr.count("auth.credentials")), (5, b"", 1), ran.stderr)

    def test_a_missing_password_without_a_terminal_is_one_error(self):
        done = subprocess.run([MULLION, "run", *self.words(), "--", "echo out"], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=DEADLINE, start_new_session=True)
        self.assertEqual((done.returncode, done.stdout, done.stderr.count("usage.password_missing")), (5, "", 1), done.stderr)

    def test_the_password_file_is_read_once(self):
        # It is a pipe: a second reading would find nothing.
        self.assertEqual(self.run_command("echo out").code, 0)

    def test_wrong_usage_is_told_before_anything_runs(self):
        folder = self.folder("untouched")
        for hosts in ([*self.targets, "not a host"], [*self.targets, "https://u:secret@web01"], [","]):
            ran = self.run_command(f"touch {folder}/x", hosts=hosts)
            self.assertEqual((ran.code, ran.stdout, list(folder.iterdir())), (5, b"", []), ran.stderr)
            self.assertNotIn("secret", ran.stderr)
        ran = self.run_command(f"touch {folder}/x", "-e", "ansible_password=secret")
        self.assertEqual((ran.code, "secret" in ran.stderr), (5, False), ran.stderr)
        self.assertIn("-e @FILE", ran.stderr)
        for options in (["--forks", "0"], ["--forks", "many"], ["--progress", "maybe"], ["-e", "colour=blue"], ["-e", "ansible_port=x"]):
            with self.subTest(options):
                self.assertEqual(self.run_command(f"touch {folder}/x", *options).code, 5)
        self.assertEqual(list(folder.iterdir()), [])

    def test_variables_are_for_every_host(self):
        ran = mullion("run", ",".join(self.targets), "-e", f"ansible_user={ADMIN[0]}", "-e", "ansible_winrm_scheme=http",
                      "-e", "ansible_winrm_transport=ntlm", "--", "echo out")
        self.assertEqual((ran.code, len(ran.stdout.splitlines())), (0, len(HOSTS)), ran.stderr)


class Input(WithHosts):
    def test_each_host_reads_all_of_it(self):
        data = os.urandom(1_500_000)
        digest = hashlib.sha256(data).hexdigest()
        path = self.service.folder / "rows"
        path.write_bytes(data)
        for how, given in ((["--stdin", path], None), (["--stdin", "-"], data)):
            with self.subTest(how[1]):
                ran = self.run_command("sha256sum", "--output", "jsonl", *how, stdin=given)
                found = [json.loads(line)["stdout"].split()[0] for line in ran.stdout.splitlines()]
                self.assertEqual(found, [digest] * len(HOSTS), ran.stderr)

    def test_standard_input_that_is_a_file_is_read_from_where_it_is(self):
        path = self.service.folder / "lines"
        path.write_bytes(b"read before\nmine\n")
        with Password(ADMIN[1]) as file, open(path, "rb", buffering=0) as given:
            given.seek(len(b"read before\n"))
            done = subprocess.run([MULLION, "run", *self.words("--stdin", "-", "--password-file", file.path), "--", "cat"], stdin=given,
                                  capture_output=True, timeout=90, pass_fds=file.descriptors)
        self.assertEqual(sorted(done.stdout.decode().splitlines()), sorted(f"{host} | mine" for host in self.targets))

    def test_more_than_can_be_kept_is_refused_before_anything_runs(self):
        ran = self.run_command("cat", "--stdin", "/dev/zero")
        self.assertEqual((ran.code, ran.stdout), (5, b""))
        self.assertIn("64 MiB", ran.stderr)

    def test_a_file_that_is_not_there_is_told_before_anything_runs(self):
        ran = self.run_command("cat", "--stdin", self.service.folder / "none")
        self.assertEqual((ran.code, ran.stdout), (5, b""))
        self.assertIn("[usage.file]", ran.stderr)


class Readers(WithHosts):
    def test_a_slow_reader_slows_the_hosts_down_instead_of_filling_memory(self):
        each = 24_000_000
        child = self.start(f"head -c {each} /dev/zero | tr '\\0' 'x' | fold -w 99")
        wait_until(self.rests(child.pid), "the client waits for its reader", 120)
        size = 0
        while True:
            block = os.read(child.stdout.fileno(), 1 << 20)
            if not block:
                break
            size += block.count(b"x")
            if size < each // 4:
                peak = self.peak(child.pid)
        self.assertEqual((size, child.wait(DEADLINE)), (each * len(HOSTS), 0))
        self.assertLess(peak, 64 * 1024, "KiB: the output was kept in memory")

    @staticmethod
    def rests(pid):
        """True when its processor time has not changed for a while: it waits."""
        seen = []

        def look():
            with open(f"/proc/{pid}/stat") as file:
                seen.append(file.read().rsplit(")", 1)[1].split()[11:13])
            return len(seen) > 30 and len(set(map(tuple, seen[-30:]))) == 1
        return look

    @staticmethod
    def peak(pid):
        with open(f"/proc/{pid}/status") as file:
            return int(re.search(r"VmHWM:\s+(\d+)", file.read())[1])

    def test_a_reader_that_leaves_ends_the_run_quietly(self):
        folder = self.folder("running")
        child = self.start(f": > {folder}/$$; while :; do echo mullion-head; done; ")
        self.assertRegex(child.stdout.readline(), rb"\| mullion-head$")
        child.stdout.close()
        self.assertNotEqual(child.wait(DEADLINE), 0)
        self.assertEqual(child.stderr.read(), b"")
        child.stdout = None
        ran = [name for name in os.listdir(folder)]
        wait_until(lambda: not [pid for pid in ran if os.path.exists(f"/proc/{pid}")], "the commands are gone")

    def test_a_full_disk_is_said_once_and_is_no_success(self):
        for options in ([], ["--output", "json"], ["--output", "jsonl"]):
            with self.subTest(options):
                child = self.start("echo out", *options, stdout="/dev/full")
                _, errors = child.communicate(timeout=DEADLINE)
                self.assertEqual((child.returncode, errors.count(b"No space left on device")), (4, 1), errors)


class Ends(WithHosts):
    def waiting(self, name):
        folder = self.folder(name)
        return folder, f"echo $$ > {folder}/$$; while [ ! -e {folder}/go ]; do :; done"

    def test_run_not_started__ctrl_c_gives_every_host_its_one_object(self):
        for form in ("jsonl", "json"):
            with self.subTest(form):
                folder, command = self.waiting(form)
                child = self.start(command, "--forks", "2", "--output", form)
                wait_until(lambda: len(list(folder.iterdir())) == 2, "two run")
                child.send_signal(signal.SIGINT)
                out, _ = child.communicate(timeout=DEADLINE)
                objects = json.loads(out)["hosts"] if form == "json" else [json.loads(line) for line in out.splitlines()]
                self.assertEqual(sorted(each["host"] for each in objects), sorted(self.targets))
                self.assertEqual(sorted((each["status"], each["error"]["id"]) for each in objects),
                                 [("not_started", "run.not_started")] * 2 + [("unknown", "run.interrupted")] * 2)
                self.assertEqual(child.returncode, 130)
                pids = [entry.name for entry in folder.iterdir()]
                wait_until(lambda: not [pid for pid in pids if os.path.exists(f"/proc/{pid}")], "the commands are gone")

    def test_ctrl_c_in_text_names_who_was_not_started(self):
        folder, command = self.waiting("text")
        child = self.start(command, "--forks", "1")
        wait_until(lambda: list(folder.iterdir()), "one runs")
        child.send_signal(signal.SIGTERM)
        _, errors = child.communicate(timeout=DEADLINE)
        self.assertEqual(child.returncode, 130)
        self.assertRegex(errors.decode(), rf"(?m)^not started: {re.escape(', '.join(self.targets[1:]))}\n4 hosts: 1 unknown, 3 not started in")

    def test_ctrl_c_while_the_output_waits_for_its_reader(self):
        child = self.start("while :; do echo mullion-nobody-reads; done")
        wait_until(Readers.rests(child.pid), "the client waits for its reader", 120)
        child.send_signal(signal.SIGINT)
        out, errors = child.communicate(timeout=DEADLINE)
        self.assertEqual(child.returncode, 130, errors)
        self.assertTrue(all(line.endswith(b"| mullion-nobody-reads") for line in out.splitlines()[:-len(HOSTS)]))

    def test_the_timeout_is_of_each_host(self):
        _, command = self.waiting("timeout")
        ran = self.run_command(command, "--timeout", "1", "--output", "jsonl", "--forks", "2")
        statuses = [json.loads(line)["status"] for line in ran.stdout.splitlines()]
        self.assertEqual((ran.code, statuses), (4, ["timed_out"] * len(HOSTS)))

    def test_progress_is_one_line_that_is_gone_at_the_end(self):
        folder, command = self.waiting("progress")
        child = self.start(command + "; exit 3", "--progress", "always", "--forks", "2")
        shown = b""
        while b"0/4 done, 2 running, 0 failed" not in shown:
            ready, _, _ = select.select([child.stderr], [], [], DEADLINE)
            self.assertTrue(ready, shown)
            shown += os.read(child.stderr.fileno(), 1000)
        (folder / "go").touch()
        shown += child.communicate(timeout=DEADLINE)[1]
        self.assertEqual(child.returncode, 2, shown)
        # What a terminal shows: the rest of the line after the last return or erasure.
        lines = [re.sub(rb"^.*\x1b\[K", b"", line) for line in shown.split(b"\n")]
        self.assertTrue(lines[-2].startswith(b"4 hosts: 4 failed in"), shown)
        self.assertEqual(lines[-1], b"")
        self.assertFalse([line for line in lines if b"running" in line], shown)

    def test_no_progress_where_there_is_no_terminal(self):
        self.assertNotIn("running", self.run_command("echo out", "--progress", "auto").stderr)

    def test_forks_that_do_not_fit_are_said(self):
        hosts = [f"127.0.0.1:{port}" for port in range(1, 120)]
        with Password(ADMIN[1]) as file:
            command = [MULLION, "run", *self.words("--password-file", file.path, "--forks", "100", hosts=hosts), "--", "echo out"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=90, pass_fds=file.descriptors, stdin=subprocess.DEVNULL,
                                  preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100)))
        self.assertRegex(done.stderr, r"(?m)^mullion: warning: --forks 100: only \d+ hosts at a time")
        self.assertRegex(done.stderr, r"(?m)^119 hosts: 119 unreachable in")
        self.assertEqual(done.returncode, 4)


if __name__ == "__main__":
    unittest.main()
