"""Hosts that die, stall, lie or stammer under a check, and what is kept between two of them: UNKNOWN with a cause, never OK, and always an end."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from tests.e2e.bad_servers import BadServer, answering, closing, read_request, saying, silent
from tests.e2e.check_scene import CENTREON, FIRST, PLUGIN, State, check, run, windows
from tests.e2e.played_wsman import LOST, Fault, Played
from tests.e2e.test_cim import RELEASED, first, fragment, pulled
from tests.support.service import ADMIN, MULLION
from tests.support.simulate import Simulation

# What a mode needs to be asked at all.
OPTIONS = {"services": ["--auto"], "files-date": ["--folder", "C:/x/"], "files-size": ["--folder", "C:/x/"], "wql": ["--query", "SELECT Name FROM Win32_Service"]}
# What monitoring meets, as Windows numbers it.
CODES = (5, 995, 1326, 2150858752, 2150858770, 2150858778, 2150858779, 2150858780, 2150858790, 2150858793, 2150858806, 2150858811, 2150858815, 2150858823, 2150858824,
         2150858825, 2150858843, 2150858909, 2150858981, 2150859003, 2150859019, 2150859027, 2150859046, 2150859113, 2150859173, 2150859174, 2150859175, 2150859176,
         2150859180, 2150859181, 2150859193, 2150859194, 2150859229, 2150859236, 2150859242)
GENERAL = "The code and text are the host's own"
COUNTERS = ("<w:XmlFragment><Name>0</Name><PercentProcessorTime>{}</PercentProcessorTime><Timestamp_Sys100NS>{}</Timestamp_Sys100NS></w:XmlFragment>")
BOOTED = "<w:XmlFragment><LastBootUpTime>20260301061502.500000+000</LastBootUpTime><Version>10.0.20348</Version></w:XmlFragment>"


def modes():
    return re.findall(r"(?m)^  ([a-z-]+) {2,}\S", run([MULLION, "check", "--list-modes"]).stdout)


def words(mode, port, *options):
    return [MULLION, "check", mode, f"http://127.0.0.1:{port}", "-u", "admin", "--password-file", "{password}", "--transport", "basic", "--allow-unencrypted",
            *OPTIONS.get(mode, []), *options]


def whole(*rows):
    return first(list(rows), end=True, context="")


class Unknown(unittest.TestCase):
    def unknown(self, ran, said=""):
        self.assertEqual(ran.code, 3, ran)
        self.assertTrue(ran.stdout.startswith("UNKNOWN: "), ran)
        self.assertIn(said, ran.stdout.splitlines()[0])
        self.assertNotRegex(ran.stdout, r"\bOK:|'=|\|", ran)
        return ran


class EveryMode(Unknown):
    """Whatever it asks first."""

    def every(self, server, said, *options):
        for mode in modes():
            with self.subTest(mode), server() as played, State() as state:
                ran = run(words(mode, played.port, *options), state.environment)
                self.unknown(ran, said)
                self.assertIn(f"127.0.0.1:{played.port}", ran.stdout.splitlines()[0])
                self.assertEqual(state.files(), [])

    def test_a_host_that_dies_at_the_question(self):
        self.every(closing, "connection")

    def test_a_host_that_dies_in_its_answer(self):
        self.every(lambda: saying(b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: 4000\r\n\r\n<s:Envelope"), "")

    def test_a_host_that_says_nothing(self):
        self.every(silent, "time given with --timeout", "--timeout", "0.4")

    def test_a_web_page(self):
        self.every(lambda: answering("200 OK", body=b"<html>hello</html>"), "")

    def test_bytes_that_are_no_text(self):
        self.every(lambda: answering("200 OK", body=b"<s:Envelope>\xff\xfe\xc3(</s:Envelope>", kind="application/soap+xml;charset=UTF-8"), "")

    def test_an_answer_to_another_question(self):
        self.every(lambda: answering("200 OK", body=b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body/></s:Envelope>',
                                     kind="application/soap+xml;charset=UTF-8"), "")

    def test_a_host_that_refuses_the_log_on(self):
        self.every(lambda: answering("401 Unauthorized", ['WWW-Authenticate: Basic realm="WSMAN"']), "rejected the credentials")

    def test_a_fault(self):
        self.every(lambda: Played(*[Fault(0x80041003, "Access denied")] * 30), "0x80041003")


class Enumerations(Unknown):
    def asked(self, mode, *answers, options=()):
        with Played(*answers) as played:
            ran = run(words(mode, played.port, *options))
        return ran, [one.action.rsplit("/", 1)[-1] for one in played.asked]

    def test_a_host_that_dies_between_two_batches(self):
        ran, _ = self.asked("services", first([fragment("a")]), *[LOST] * 10)
        self.unknown(ran, "cut off after 1 row, which does not count")

    def test_a_host_that_stalls_between_two_batches(self):
        ran, asked = self.asked("services", first([fragment("a"), fragment("b")]), None, "", options=("--timeout", "0.5"))
        self.unknown(ran, "cut off after 2 rows, which do not count")
        self.assertEqual(asked[:2], ["Enumerate", "Pull"])

    def test_a_host_that_stammers(self):
        """Byte by byte, without an end: the wall clock ends it."""
        def serve(connection):
            read_request(connection)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml;charset=UTF-8\r\nContent-Length: 1000000\r\n\r\n")
            while True:
                connection.sendall(b" ")
        with BadServer(serve) as played:
            self.unknown(run(words("memory", played.port, "--timeout", "0.5")))

    def test_batches_without_an_end(self):
        ran, _ = self.asked("services", first([]), *[pulled([])] * 2000)
        self.unknown(ran)

    def test_rows_that_are_none(self):
        for row in ("<w:XmlFragment/>", "<w:XmlFragment><Name>a</Name></w:XmlFragment>", "<w:XmlFragment><Nome>a</Nome><State>Running</State></w:XmlFragment>"):
            self.unknown(self.asked("services", whole(row))[0], "Win32_Service has no Name or no State")
        for text in ("", "x", "-1", "1e9", "99999999999999999999"):
            row = f"<w:XmlFragment><FreePhysicalMemory>{text}</FreePhysicalMemory><TotalVisibleMemorySize>100</TotalVisibleMemorySize></w:XmlFragment>"
            self.unknown(self.asked("memory", whole(row))[0], "FreePhysicalMemory")

    def test_a_hundred_thousand_rows_are_all_counted(self):
        fleet = """
hosts: [{name: big01, address: 127.0.0.1}]
cim:
  - class: Win32_Process
    properties: {Handle: string key, Name: string, ExecutionState: uint16, CommandLine: string, ExecutablePath: string}
    generate: {count: 100000, row: {Handle: "{n}", Name: "svc{n}.exe", CommandLine: "C:\\\\x\\\\svc{n}.exe -k"}}
"""
        with Simulation(fleet, settings="settings: {Service/Auth/Basic: true, Service/AllowUnencrypted: true}\n") as played:
            ran = check(played, "processes", "--critical", "99999")
            self.assertEqual((ran.code, ran.stdout), (2, "CRITICAL: Number of current processes: 100000 | 'processes.detected.count'=100000;;0:99999;0;\n"))
            self.assertEqual(played.counts()["totals"]["shells_open"], 0)

    def test_each_fault_says_what_to_do(self):
        for code in CODES:
            with self.subTest(code):
                ran, _ = self.asked("services", *[Fault(code, "the host's words")] * 5)
                self.unknown(ran, "the host's words")
                advice = [line for line in ran.stdout.splitlines()[1:] if not line.startswith(GENERAL)]
                self.assertTrue(advice and len(advice[0]) > 20, ran)
                self.unknown(self.asked("services", first([fragment("a")]), Fault(code, "the host's words"), "")[0], "cut off after 1 row")

    def test_words_of_a_host_stay_in_their_line(self):
        ran, _ = self.asked("services", *[Fault(5, "no | 'x'=1\nOK: all is well&#13;OK: so it is")] * 3)
        self.assertEqual(ran.code, 3)
        self.assertTrue(ran.stdout.startswith("UNKNOWN: "))
        self.assertNotIn("|", ran.stdout)
        self.assertFalse([line for line in ran.stdout.splitlines() if line.startswith("OK")], ran)


class Trickling(Played):
    """An answer now and then, and never the last one."""

    def __init__(self, interval=0.05):
        super().__init__()
        self.answers, self.interval = self, interval

    def pop(self, _):
        if self.asked[-1].action.endswith("/Release"):
            return RELEASED
        threading.Event().wait(self.interval)
        batch = first if self.asked[-1].action.endswith("/Enumerate") else pulled
        return batch([fragment(f"service{len(self.asked)}")])

    def actions(self):
        return [one.action.rsplit("/", 1)[-1] for one in self.asked]


class WithoutAnEnd(Unknown):
    """Hosts that go on answering: each answer comes in time, and the check all the same."""

    def ended(self, played, ran, advice):
        self.unknown(ran, "rows, which do not count")
        self.assertIn("the time given with --timeout is over", ran.stdout.splitlines()[0])
        self.assertIn(advice, ran.stdout)
        asked = played.actions()
        self.assertGreater(len(asked), 4, asked)
        self.assertEqual((asked[0], set(asked[1:-1]), asked[-1]), ("Enumerate", {"Pull"}, "Release"))

    def test_rows_now_and_then(self):
        with Trickling() as played:
            self.ended(played, run(words("services", played.port, "--timeout", "1")), "Raise --timeout")

    def test_rows_now_and_then_under_centreons_name(self):
        start = [CENTREON, PLUGIN, "--mode=services", "--auto", "--hostname=127.0.0.1", "--wsman-username=admin", "--password-file={password}", "--allow-unencrypted"]
        with Trickling() as played:
            self.ended(played, run([*start, f"--wsman-port={played.port}", "--timeout=1"]), "Raise --timeout")
        with Trickling() as played:
            ran = run([*start, f"--wsman-port={played.port}", "--global-timeout=1"])
            self.assertEqual((ran.code, ran.stdout), (3, "UNKNOWN: script global timeout \n"))
            self.assertEqual(played.actions()[-1], "Release")

    def test_output_now_and_then(self):
        fleet = """
hosts: [{name: web01, address: 127.0.0.1}]
answers:
  - {contains: Microsoft.Update.Session, stdout: "searching\\n", repeat: 1000000, chunk_size: 10, chunk_delay: 50ms}
"""
        with Simulation(fleet) as played:
            ran = check(played, "updates", "--timeout", "1.5")
            self.unknown(ran)
            self.assertRegex(ran.stdout, r"the time given with --timeout is over: 1\.\d+ s; the command was told to stop")
            counts = played.counts()
        self.assertEqual((counts["totals"]["shells_open"], counts["totals"]["most_executions_of_a_command"]), (0, 1))
        self.assertGreater(counts["hosts"]["web01"]["steps"]["receive"], 3)

    def test_a_limit_is_there_without_one(self):
        """How long it is: checks/tests/limit_test.cc and cli/tests/check_run_test.cc."""
        for start in ([MULLION, "check", "memory"], [MULLION, "check", "sessions"]):
            self.assertRegex(" ".join(run([*start, "--help"]).stdout.split()), r"--timeout SECONDS Wall clock for all of it \(default 45, or 15 more ")
        self.assertIn("Wall clock for all of it (default 45, or 15 more ", run([CENTREON, "--help"]).stdout)


class TwoLooks(Unknown):
    """A host that is another one at the second look."""

    def look(self, state, *answers, mode="cpu", options=()):
        with Played(*answers) as played:
            # One name of the host and port for all looks: the file is of both.
            return run([*words(mode, played.port, "--statefile-dir", state.path, *options)], state.environment), played.asked

    def counters(self, idle, at):
        return [whole(COUNTERS.format(idle, at)), whole(BOOTED)]

    def test_a_host_that_dies_between_the_looks_of_one_run(self):
        ran = None
        with State() as state, Played(*self.counters(*FIRST), *[LOST] * 10) as played:
            ran = run(words("cpu", played.port, "--sample-interval", "0.05"), state.environment)
            self.unknown(ran)
            self.assertEqual(state.files(), [])

    def test_a_look_that_fails_leaves_the_last_one(self):
        with State() as state, windows() as played:
            folder = ("--statefile-dir", state.path)
            self.assertEqual(check(played, "cpu", *folder).code, 0)
            (kept,) = state.files()
            before = kept.read_bytes()
            wrong = [MULLION, "check", "cpu", f"http://127.0.0.1:{played.ports['http']}/wsman", "-u", ADMIN[0], "--password-file", "{password}", "--transport", "ntlm", *folder]
            self.unknown(run(wrong, password="wrong"), "rejected the credentials")
            self.assertEqual(kept.read_bytes(), before)
            self.assertEqual(state.files(), [kept])


class Kept(Unknown):
    """What is kept between two looks."""

    @classmethod
    def setUpClass(cls):
        cls.played = cls.enterClassContext(windows())

    def setUp(self):
        self.state = self.enterContext(State())
        self.folder = ("--statefile-dir", self.state.path)

    def first_look(self):
        ran = check(self.played, "cpu", *self.folder)
        self.assertEqual(ran.code, 0, ran)
        (kept,) = self.state.files()
        return kept

    def test_what_is_cut_or_of_others_is_not_believed_and_replaced(self):
        kept = self.first_look()
        good = kept.read_bytes()
        document = json.loads(good)
        other_version = {**document, "mullion-check": 2}
        for bad in (good[:-1], good[:len(good) // 2], good[:1], b"\0" * len(good), b"\xff\xfe" + good, b"{}\n", b"[" * 100_000 + b"}\n",
                    json.dumps({**document, "series": "x"}).encode() + b"\n", json.dumps(other_version).encode() + b"\n",
                    json.dumps({**document, "values": {"0_PercentProcessorTime": 5}}).encode() + b"\n"):
            kept.write_bytes(bad)
            self.unknown(check(self.played, "cpu", *self.folder), f"the last values are not used: {kept}: ")
            self.assertEqual(json.loads(kept.read_bytes())["mullion-check"], 1)
        kept.write_bytes(b"")  # As a process leaves it that was killed before it wrote: a first look.
        self.assertEqual(check(self.played, "cpu", *self.folder).stdout.splitlines()[0].split(":")[0], "OK")
        self.assertEqual(self.state.files(), [kept])

    def test_numbers_that_are_none_are_a_first_look(self):
        kept = self.first_look()
        document = json.loads(kept.read_bytes())
        for number in ("", "x", "-1", "99999999999999999999999"):
            kept.write_text(json.dumps({**document, "values": {key: number for key in document["values"]}}) + "\n")
            ran = check(self.played, "cpu", *self.folder)
            self.assertNotIn("'cpu.utilization", ran.stdout)

    def test_a_file_that_others_may_write_is_not_believed(self):
        kept = self.first_look()
        kept.chmod(0o666)
        self.unknown(check(self.played, "cpu", *self.folder), "the last values are not used: ")
        self.assertEqual(kept.stat().st_mode & 0o777, 0o600)
        kept.unlink()
        kept.symlink_to("/etc/passwd")
        self.unknown(check(self.played, "cpu", *self.folder))
        self.assertTrue(Path("/etc/passwd").read_text().startswith("root:"))

    def test_something_else_in_its_place(self):
        kept = self.first_look()
        kept.unlink()
        kept.mkdir()
        self.unknown(check(self.played, "cpu", *self.folder), str(kept))
        kept.rmdir()
        os.mkfifo(kept, 0o600)
        self.unknown(check(self.played, "cpu", *self.folder))

    def test_many_at_once_leave_one_good_file(self):
        self.first_look()
        command = [str(MULLION), "check", "cpu", f"http://127.0.0.1:{self.played.ports['http']}/wsman", "-u", ADMIN[0], "--transport", "ntlm", "--password-file", "-",
                   *map(str, self.folder)]
        started = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(16)]
        for process in started:
            out, err = process.communicate(ADMIN[1] + "\n", timeout=90)
            # What is played stands still, which each of them is told: none has read half a file.
            self.assertTrue(out.startswith("UNKNOWN: the counters of Win32_PerfRawData_PerfOS_Processor stand still"), (out, err))
        (kept,) = self.state.files()
        self.assertEqual(json.loads(kept.read_bytes())["values"]["0_PercentProcessorTime"], str(FIRST[0]))

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("unshare"), "only root can mount a disk that is full")
    def test_a_full_disk_is_said_and_the_last_look_stays(self):
        kept = self.first_look()
        good = kept.read_bytes()
        with tempfile.TemporaryDirectory(prefix="mullion-full-") as folder:
            inside = ('set -e; mount -t tmpfs -o size=16k,mode=700 tmpfs "$1"; cp "$2" "$1"; cat /dev/zero >"$1/rest" 2>/dev/null || true; shift 2; "$@" || code=$?; '
                      'cat "$0/"*.json >&2; exit ${code:-0}')
            command = [str(MULLION), "check", "cpu", f"http://127.0.0.1:{self.played.ports['http']}/wsman", "-u", ADMIN[0], "--transport", "ntlm", "--password-file", "-",
                       "--statefile-dir", folder]
            done = subprocess.run(["unshare", "--mount", "--propagation", "private", "sh", "-c", inside, folder, folder, str(kept), *command], input=ADMIN[1] + "\n",
                                  capture_output=True, text=True, timeout=90)
        self.assertEqual(done.returncode, 3, done)
        self.assertTrue(done.stdout.startswith("UNKNOWN: "), done)
        self.assertIn("No space left on device", done.stdout.splitlines()[0])
        self.assertIn("--statefile-dir DIR", done.stdout)
        self.assertEqual(done.stderr.encode(), good)


if __name__ == "__main__":
    unittest.main()
