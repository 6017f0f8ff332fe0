"""Many hosts in one command, simulated: every answer its own host's, exactly one result for each, whatever becomes of the others."""
import json
import os
import resource
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.support.inventory import by_host, connection, run, statuses, write
from tests.support.sanitizer import is_sanitized
from tests.support.service import BUILD, DEADLINE, MULLION, wait_until
from tests.support.simulate import Simulation

ANSWERS = """\
answers:
  - {command: who, stdout: "I am {host}\\n"}
  - {command: fail, stdout: "{host} fails\\n", exit_code: 3}
  - {command: forever, stdout: "started\\n", exit_delay: 1h}
  - {command: slow-on-one, stdout: "started\\n", exit_delay: 300ms}
  - {command: kilobyte, stdout: "0123456789abcdef", size: 1024, newlines: as_is}
"""


def address(number):
    return f"127.1.{number // 250}.{number % 250 + 1}"


class WithFleet(unittest.TestCase):
    HOSTS, FAULTS = 20, ""

    @classmethod
    def setUpClass(cls):
        cls.names = [f"pane{number:04}" for number in range(cls.HOSTS)]
        hosts = "".join(f"  - {{name: {name}, address: {address(number)}}}\n" for number, name in enumerate(cls.names))
        cls.fleet = cls.enterClassContext(Simulation(f"hosts:\n{hosts}{ANSWERS}{cls.FAULTS}"))
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        write(cls.folder, {"hosts.yml": cls.inventory()})

    @classmethod
    def inventory(cls, **changed):
        lines = "".join(f"    {name}: {{ansible_host: {address(number)}}}\n" for number, name in enumerate(cls.names))
        return f"all:\n  vars:\n{connection(cls.fleet.ports['http'], '    ', **changed)}  hosts:\n{lines}"

    def run_on(self, command, *options, pattern="all", **how):
        return run(self.folder, "run", pattern, "-i", "hosts.yml", "--output", "jsonl", *options, "--", command, **how)

    def start(self, command, *options):
        child = subprocess.Popen([MULLION, "run", "all", "-i", "hosts.yml", "--output", "jsonl", *options, "--", command], cwd=self.folder,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self.put_away, child)
        return child

    @staticmethod
    def put_away(child):
        if child.poll() is None:
            child.kill()
        child.communicate()

    def executions(self):
        return sum(host["executions"] for host in self.fleet.counts()["hosts"].values())

    def expect_every_answer(self, ran, names=None):
        names = self.names if names is None else names
        results = by_host(ran)
        self.assertEqual(sorted(results), sorted(names), ran.stderr)
        wrong = {name: result for name, result in results.items() if (result["status"], result["exit_code"], result["stdout"]) != ("ok", 0, f"I am {name}\r\n")}
        self.assertEqual((wrong, ran.code), ({}, 0), ran.stderr)


class Hundreds(WithFleet):
    HOSTS = 500

    def test_five_hundred_hosts_each_answer_is_right(self):
        before = self.executions()
        self.expect_every_answer(self.run_on("who", "--forks", "100"))
        counts = self.fleet.counts()
        self.assertEqual(self.executions() - before, self.HOSTS)
        self.assertEqual(counts["repeated_commands"], [])
        self.assertEqual(sum(host["shells_open"] for host in counts["hosts"].values()), 0, "every shell is deleted")

    def test_one_host_at_a_time(self):
        self.expect_every_answer(self.run_on("who", "--forks", "1", pattern="pane00[0-2]?[0:29]"), self.names[:30])

    def test_over_https_and_basic(self):
        write(self.folder, {"https.yml": self.inventory(ansible_port=self.fleet.ports["https"], ansible_winrm_scheme="https", ansible_winrm_transport="basic",
                                                        ansible_winrm_ca_trust_path=self.fleet.ca)})
        ran = run(self.folder, "run", "all[0:99]", "-i", "https.yml", "--output", "jsonl", "--", "who")
        self.expect_every_answer(ran, self.names[:100])

    def test_json_has_them_all_in_one_document(self):
        ran = run(self.folder, "run", "all", "-i", "hosts.yml", "--output", "json", "--", "fail")
        document = json.loads(ran.stdout)
        self.assertEqual((ran.code, len(document["hosts"]), document["summary"]["total"], document["summary"]["failed"]), (2, 500, 500, 500))
        self.assertEqual({host["stdout"] for host in document["hosts"]}, {f"{name} fails\r\n" for name in self.names})

    def test_ping(self):
        ran = run(self.folder, "ping", "all", "-i", "hosts.yml", "--output", "jsonl")
        self.assertEqual((ran.code, statuses(ran)), (0, dict.fromkeys(self.names, "ok")))

    def test_forks_that_open_files_do_not_carry(self):
        few = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (80, 80))  # noqa: E731
        ran = self.run_on("who", "--forks", "400", preexec_fn=few)
        self.expect_every_answer(ran)
        self.assertRegex(ran.stderr, r"--forks 400: only \d+ hosts at a time")

    def test_the_soft_limit_of_open_files_is_raised(self):
        low = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (80, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))  # noqa: E731
        ran = self.run_on("who", "--forks", "400", preexec_fn=low)
        self.expect_every_answer(ran)
        self.assertNotIn("--forks", ran.stderr)


class Thousand(WithFleet):
    HOSTS = 1000

    def test_memory_of_a_thousand_hosts_at_once(self):
        child = self.start("kilobyte", "--forks", "1000")
        out, _ = child.stdout.read(), child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        results = [json.loads(line) for line in out.splitlines()]
        self.assertEqual((child.returncode, len(results), {result["stdout"] for result in results}), (0, 1000, {"0123456789abcdef" * 64}))
        if not is_sanitized(BUILD):  # Whose memory is mostly the sanitizer's.
            self.assertLess(usage.ru_maxrss, 100 * 1000, "kilobytes")


class Ends(WithFleet):
    FAULTS = "faults:\n  - {host: pane0003, command: slow-on-one, step: receive, nth: 2, do: stall}\n"

    def test_run_not_started__ctrl_c_gives_each_host_its_one_object(self):
        before = self.executions()
        child = self.start("forever", "--forks", "5")
        wait_until(lambda: self.executions() - before >= 5, "five commands run")
        child.send_signal(signal.SIGINT)
        out, errors = child.communicate(timeout=DEADLINE)
        told = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(sorted(result["host"] for result in told), self.names, errors)
        self.assertEqual(child.returncode, 130)
        ids = [result["error"]["id"] for result in told]
        self.assertEqual((ids.count("run.interrupted"), ids.count("run.not_started")), (5, 15))
        self.assertEqual(self.executions() - before, 5)

    def test_a_slow_host_times_out_alone(self):
        ran = self.run_on("slow-on-one", "--timeout", "6")
        results = by_host(ran)
        self.assertEqual((ran.code, statuses(ran)), (4, {**dict.fromkeys(self.names, "ok"), "pane0003": "timed_out run.timeout"}), ran)
        self.assertEqual(results["pane0003"]["stdout"], "started\r\n", "what it said until then is told")

    def test_killed_hosts_leave_the_others_alone(self):
        """The whole fleet goes away in the middle: each host still has its result."""
        with Simulation(f"hosts:\n  - {{name: other, address: 127.2.0.1}}\n{ANSWERS}") as other:
            write(self.folder, {"both.yml": self.inventory() + f"    other: {{ansible_host: 127.2.0.1, ansible_port: {other.ports['http']}}}\n"})
            child = subprocess.Popen([MULLION, "run", "pane0001,other", "-i", "both.yml", "--output", "jsonl", "--timeout", "4", "--", "forever"], cwd=self.folder,
                                     stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.addCleanup(self.put_away, child)
            wait_until(lambda: other.counts()["hosts"].get("other", {}).get("executions"), "the command runs")
            os.kill(other.process.pid, signal.SIGKILL)
            out, _ = child.communicate(timeout=90)
        told = {result["host"]: result["status"] for result in map(json.loads, out.splitlines())}
        self.assertEqual(told["pane0001"], "timed_out")
        self.assertIn(told["other"], ("unknown", "timed_out", "unreachable"))


class Troubles(WithFleet):
    FAULTS = """\
faults:
  - {host: pane0001, step: connect, do: drop}
  - {host: pane0002, step: command, do: http, status: 500}
  - {host: pane0003, step: receive, do: stall}
  - {host: pane0004, step: create, do: fault, code: 0x803381A6}
  - {host: pane0005, step: receive, do: garble}
  - {host: pane0006, step: create, do: truncate, bytes: 40}
  - {host: pane0007, step: delete, do: stall}
  - {host: pane0008, step: handshake, do: http, status: 401}
"""

    def test_each_trouble_is_its_own_hosts(self):
        write(self.folder, {"down.yml": self.inventory() + "    down: {ansible_host: 127.3.0.1, ansible_port: 1}\n    nowhere: {ansible_host: no-such-host.invalid}\n"})
        ran = run(self.folder, "run", "all", "-i", "down.yml", "--output", "jsonl", "--timeout", "12", "--", "who")
        results = by_host(ran)
        self.assertEqual(sorted(results), sorted([*self.names, "down", "nowhere"]))
        troubled = {f"pane000{number}" for number in (1, 2, 3, 4, 5, 6, 8)} | {"down", "nowhere"}
        well = {name for name, result in results.items() if result["status"] == "ok"}
        self.assertEqual(well, set(results) - troubled, {name: result for name, result in results.items() if name in well ^ (set(results) - troubled)})
        self.assertEqual({results[name]["stdout"] for name in well}, {f"I am {name}\r\n" for name in well})
        self.assertEqual(results["down"]["error"]["id"], "net.refused")
        self.assertEqual(results["nowhere"]["error"]["id"], "net.name")
        self.assertEqual(results["pane0003"]["status"], "timed_out")
        self.assertEqual(results["pane0008"]["status"], "refused")
        self.assertEqual(ran.code, 4)
        self.assertEqual(self.fleet.counts()["repeated_commands"], [], "no command runs twice")


if __name__ == "__main__":
    unittest.main()
