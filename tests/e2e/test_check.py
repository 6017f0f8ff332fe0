"""`mullion check`: what it asks, prints, keeps and releases, and how it fails. What each mode prints is measured in tests/peers."""
import json
import re
import signal
import subprocess
import time
import unittest

from tests.e2e.bad_servers import closed_port
from tests.e2e.check_scene import FIRST, LATER, WINDOWS, State, check, run, url, windows
from tests.support.service import ADMIN, DEADLINE, MULLION
from tests.support.simulate import Simulation


class CheckCase(unittest.TestCase):
    def says(self, ran, code, text):
        self.assertEqual(ran.code, code, ran)
        self.assertTrue(ran.stdout.startswith(text), ran)

    def steps(self, played):
        return played.counts()["hosts"]["web01"]["steps"]


class Answers(CheckCase):
    def test_one_line_and_with_verbose_what_is_behind_it(self):
        with windows() as played:
            ran = check(played, "processes", "--process-name", "svchost.exe")
            self.assertEqual((ran.code, ran.stdout, ran.stderr), (0, "OK: Number of current processes: 2 | 'processes.detected.count'=2;;;0;\n", ""))
            ran = check(played, "processes", "--process-name=svchost.exe", "--verbose", scheme="https")
            self.assertEqual(ran.stdout.splitlines()[1:], ["Process 864 [status: running] [name: svchost.exe]", "Process 964 [status: running] [name: svchost.exe]"])

    def test_the_exit_status_is_the_states(self):
        with windows() as played:
            for options, code, text in ((["--warning", "0:2"], 1, "WARNING: "), (["--critical", "2"], 2, "CRITICAL: "), (["--critical", "@5:"], 0, "OK: ")):
                with self.subTest(options):
                    self.says(check(played, "processes", *options), code, text)

    def test_a_later_option_wins_under_either_of_its_names(self):
        with windows() as played:
            self.says(check(played, "processes", "--warning", "0", "--warning", "100"), 0, "OK: ")

    def test_json_is_for_programs(self):
        with windows() as played:
            ran = check(played, "processes", "--output-json")
        self.assertEqual(json.loads(ran.stdout)["plugin"]["mode"], "processes")

    def test_nothing_is_left_on_the_host(self):
        with windows() as played:
            check(played, "services", "--auto")
            counts = played.counts()
        self.assertEqual(counts["totals"]["shells_open"], 0)
        self.assertEqual(counts["hosts"]["web01"]["steps"]["enumerate"], 1)
        self.assertEqual(counts["hosts"]["web01"]["connections"], 1)

    def test_a_fault_in_a_later_pull_is_unknown_and_not_half_of_the_answer(self):
        more = "faults: [{step: pull, nth: 1, do: fault, code: 0x80041032}]\n"
        with windows(more=more, settings="MaxBatchItems: 1") as played:
            ran = check(played, "processes")
        self.says(ran, 3, "UNKNOWN: ")
        self.assertNotIn("processes.detected.count", ran.stdout)
        self.assertIn("127.0.0.1", ran.stdout)


class ServicesThatAreNotTold(CheckCase):
    def test_a_windows_host_that_lists_some_is_not_well(self):
        with windows(without="Winmgmt") as played:
            self.says(check(played, "services", "--auto", "--exclude", "Spooler"), 3, "UNKNOWN: the host tells this account of 2 of the services ")
            self.says(check(played, "services", "--auto"), 2, "CRITICAL: Service 'Spooler' is Stopped UNKNOWN: the host tells ")
            for options in (["--only-visible"], ["--centreon-compat"]):
                self.says(check(played, "services", "--auto", "--exclude", "Spooler", *options), 0, "OK: All service states are ok")
            self.says(check(played, "services", "--services", "W32Time"), 0, "OK: ")
        with windows() as played:
            self.says(check(played, "services", "--auto", "--exclude", "Spooler"), 0, "OK: All service states are ok")

    def test_a_host_that_is_not_windows_has_others(self):
        with windows(without="Winmgmt", more="identify: {vendor: Contoso}\n") as played:
            self.says(check(played, "services", "--auto", "--exclude", "Spooler"), 0, "OK: All service states are ok")


class AdaptersThatAreNotConnected(CheckCase):
    def test_it_is_one_look_and_keeps_nothing(self):
        with windows() as played, State() as state:
            status = ("interfaces", "--add-status", "--statefile-dir", state.path)
            ran = check(played, *status, "--verbose")
            self.assertEqual((ran.code, ran.stdout), (2, "CRITICAL: Interface 'Intel[R] Adapter _2' status: mediaDisconnect \nInterface 'Intel[R] Adapter' status: up\n"
                                                      "Interface 'Intel[R] Adapter _2' status: mediaDisconnect\n"))
            self.says(check(played, *status, "--exclude-interface", "_2$"), 0, "OK: Interface 'Intel[R] Adapter' status: up")
            self.says(check(played, *status, "--critical-status", "%{connection} eq 'Ethernet' and %{status} ne 'up'"), 0, "OK: All interfaces are ok")
            self.says(check(played, *status, "--critical-status", "%{status"), 3, "UNKNOWN: ")
            self.assertEqual(state.files(), [])
            self.assertEqual(self.steps(played)["enumerate"], 3)

    def test_a_threshold_of_traffic_is_not_passed_over(self):
        with windows() as played, State() as state:
            ran = check(played, "interfaces", "--add-status", "--statefile-dir", state.path, "--warning-in-traffic", "80")
            self.says(ran, 3, "UNKNOWN: ")
            self.assertIn("Win32_PerfRawData_Tcpip_NetworkInterface", ran.stdout)


class Refusals(CheckCase):
    def test_a_host_that_is_not_reached_is_unknown_and_what_to_do_stands_below(self):
        with closed_port() as port:
            self.not_reached(port)

    def not_reached(self, port):
        words = [MULLION, "check", "processes", f"http://127.0.0.1:{port}", "-u", "a", "--transport", "ntlm", "--password-file", "{password}"]
        ran = run(words)
        self.says(ran, 3, "UNKNOWN: ")
        self.assertIn(f"127.0.0.1:{port}", ran.stdout.splitlines()[0])
        self.assertIn("the connection was refused", ran.stdout.splitlines()[0])
        self.assertIn("winrm quickconfig", "\n".join(ran.stdout.splitlines()[1:]))
        self.says(run([*words, "--errors-exit", "critical"]), 2, "CRITICAL: ")
        self.says(run([*words, "--wsman-errors-exit", "OK"]), 0, "OK: ")

    def test_a_wrong_password_is_unknown(self):
        with windows() as played:
            ran = run([MULLION, "check", "processes", url(played), "-u", ADMIN[0], "--transport", "ntlm", "--password-file", "{password}"], password="wrong")
        self.says(ran, 3, "UNKNOWN: ")
        self.assertIn("rejected the credentials", ran.stdout)

    def test_wrong_words_are_unknown_and_nobody_is_asked(self):
        with windows() as played:
            for words, said in ((["--nope"], "--nope"), (["--warning", "abc"], "Wrong warning threshold 'abc'."), (["--opt-exit", "bad"], "--opt-exit"),
                                (["--errors-exit", "bad"], "Unknown value 'bad' for --wsman-errors-exit."),
                                (["--strict", "--warning", "5:1"], "the start is above the end")):
                with self.subTest(words):
                    ran = check(played, "processes", *words)
                    self.says(ran, 3, "UNKNOWN: ")
                    self.assertIn(said, ran.stdout)
            self.assertEqual(played.counts()["totals"]["requests"], 0)
            self.says(check(played, "processes", "--warning", "5:1"), 1, "WARNING: ")  # As Centreon has it.

    def test_a_mode_has_to_be_named_first(self):
        for words, said in ((["nonsense", "web01"], "there is no mode 'nonsense'"), (["-u", "a"], "the mode comes first")):
            ran = run([MULLION, "check", *words])
            self.says(ran, 3, "UNKNOWN: ")
            self.assertIn(said, ran.stdout)

    def test_it_is_of_one_host(self):
        ran = run([MULLION, "check", "processes", "web01,web02", "-u", "a", "--password-file", "{password}"])
        self.says(ran, 3, "UNKNOWN: a check is of one host")

    def test_without_a_password_it_does_not_wait(self):
        ran = run([MULLION, "check", "processes", "http://127.0.0.1:1", "-u", "a"])
        self.says(ran, 3, "UNKNOWN: ")
        self.assertIn("no password was given", ran.stdout)

    def test_a_host_that_says_nothing_is_given_up_in_time(self):
        with windows(more="faults: [{step: enumerate, do: stall}]\n") as played:
            self.says(check(played, "processes", "--timeout", "0.3"), 3, "UNKNOWN: ")

    def test_whoever_ends_it_is_told_so(self):
        with windows(more="faults: [{step: enumerate, do: stall}]\n") as played:
            child = subprocess.Popen([MULLION, "check", "processes", url(played), "-u", ADMIN[0], "--transport", "ntlm", "--password-file", "-"],
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            child.stdin.write(ADMIN[1] + "\n")
            child.stdin.flush()
            until = time.monotonic() + DEADLINE
            while played.counts()["hosts"].get("web01", {}).get("steps", {}).get("enumerate", 0) == 0:
                self.assertLess(time.monotonic(), until)
            child.send_signal(signal.SIGTERM)
            out, _ = child.communicate(timeout=DEADLINE)
        self.assertEqual(child.returncode, 3)
        self.assertIn("interrupted", out)


class Help(CheckCase):
    def test_modes_are_listed(self):
        ran = run([MULLION, "check", "--list-modes"])
        self.assertEqual(ran.code, 0)
        self.assertRegex(ran.stdout, r"(?m)^  services +\S")

    def test_every_mode_has_its_options_and_an_example(self):
        listed = re.findall(r"(?m)^  ([a-z-]+) {2,}\S", run([MULLION, "check", "--list-modes"]).stdout)
        self.assertGreater(len(listed), 7)
        for mode in listed:
            with self.subTest(mode):
                ran = run([MULLION, "check", mode, "--help"])
                self.assertEqual(ran.code, 0, ran)
                for word in ("--verbose", "--transport", "Example:", f"mullion check {mode}"):
                    self.assertIn(word, ran.stdout)


class TwoLooks(CheckCase):
    @classmethod
    def setUpClass(cls):
        if "\n  cpu " not in run([MULLION, "check", "--list-modes"]).stdout:
            raise unittest.SkipTest("there is no mode of two looks yet")

    def look(self, state, at, *options):
        with windows(at=at) as played:
            port = played.ports["http"]
            ran = check(played, "cpu", *options, environment=state.environment)
        return ran, port

    def test_the_first_look_has_no_rate(self):
        with State() as state:
            ran, port = self.look(state, FIRST)
            self.says(ran, 0, "OK: ")
            self.assertNotIn("|", ran.stdout)
            (kept,) = state.files()
            self.assertTrue(kept.name.startswith(f"cpu_127.0.0.1_{port}_"), kept)
            self.assertEqual(kept.stat().st_mode & 0o777, 0o600)
            self.assertEqual(kept.parent.stat().st_mode & 0o777, 0o700)
            self.assertNotIn(ADMIN[1], kept.read_text())

    def test_the_second_has_and_filters_have_files_of_their_own(self):
        with windows() as played, State() as state:
            folder = ["--statefile-dir", state.path]
            for options in ([], ["--filter-counters", "core"], ["--statefile-suffix", "x"], ["--all-processor-groups"]):
                self.assertNotIn("|", check(played, "cpu", *folder, *options).stdout)
            self.assertEqual(len(state.files()), 4)

    def test_all_groups_of_processors_are_asked_for_by_an_option(self):
        with windows() as played, State() as state:
            ran = check(played, "cpu", "--statefile-dir", state.path, "--all-processor-groups", "--verbose")
            self.assertEqual(ran.stdout, "OK: average : Buffer creation \nCPU '0,0' core : Buffer creation\nCPU '1,0' core : Buffer creation\n")

    def test_a_file_that_is_broken_is_said_and_replaced(self):
        with windows() as played, State() as state:
            folder = ["--statefile-dir", state.path]
            check(played, "cpu", *folder)
            (kept,) = state.files()
            kept.write_text("$VAR1 = {")
            self.says(check(played, "cpu", *folder), 3, f"UNKNOWN: the last values are not used: {kept}: it was cut off \n")
            self.assertNotIn("not used", check(played, "cpu", *folder, "--verbose").stdout)
            kept.write_text("$VAR1 = {")
            ran = check(played, "cpu", *folder, "--verbose", "--centreon-compat")
            self.says(ran, 0, "OK: ")
            self.assertIn("the last values are not used: ", ran.stdout)

    def test_a_folder_that_cannot_be_written_is_unknown(self):
        with windows() as played, State() as state:
            (state.path / "file").write_text("")
            ran = check(played, "cpu", "--statefile-dir", state.path / "file")
            self.says(ran, 3, "UNKNOWN: ")
            self.assertIn("--statefile-dir", ran.stdout)
            for options in (["--memcached", "localhost"], ["--redis-server", "localhost"], ["--statefile-key", "x"]):
                self.assertIn(options[0], check(played, "cpu", *options).stdout)

    def test_a_look_that_has_seen_nothing_is_not_kept(self):
        # An account without its right for an hour: what was kept before is there for the next look that sees something.
        nothing = re.sub(r'    rows:\n      - {Name: "0".*\n.*_Total.*\n', "", WINDOWS)
        self.assertNotIn("BUSY", nothing)
        with Simulation(nothing) as played, State() as state:
            self.says(check(played, "cpu", "--statefile-dir", state.path), 3, "UNKNOWN: The host returned no instance of ")
            self.assertEqual(state.files(), [])

    def test_two_looks_in_one_run_keep_nothing(self):
        with windows() as played, State() as state:
            ran = check(played, "cpu", "--sample-interval", "0.05", environment=state.environment)
            # What is played does not move, so that there is no rate, and none is made up.
            self.says(ran, 3, "UNKNOWN: the counters of Win32_PerfRawData_PerfOS_Processor stand still")
            self.assertEqual(state.files(), [])
            self.assertEqual(self.steps(played)["enumerate"] % 2, 0)

    def test_later_is_a_rate(self):
        with State() as state, windows(at=FIRST) as before:
            check(before, "cpu", "--statefile-dir", state.path)
            (kept,) = state.files()
            document = json.loads(kept.read_text())
            # The same host a second earlier, as the file would have it.
            values = {key: str(int(value) - (LATER[0] - FIRST[0])) if "Percent" in key else
                      str(int(value) - (LATER[1] - FIRST[1])) if "Timestamp" in key else value for key, value in document["values"].items()}
            kept.write_text(json.dumps({**document, "values": values}, separators=(",", ":")) + "\n")
            ran = check(before, "cpu", "--statefile-dir", state.path)
            self.assertEqual(ran.stdout, "OK: CPU(s) average usage is 0.24 % - CPU '0' usage: 0.24 % | 'cpu.utilization.percentage'=0.24%;;;0;100 "
                             "'0#core.cpu.utilization.percentage'=0.24%;;;0;100\n")


if __name__ == "__main__":
    unittest.main()
