"""Modes of `mullion check` against `mullion serve` on this machine: events, files, time, who answers, and what only Windows has."""
import datetime
import os
import re
import shutil
import ssl
import subprocess
import time
import unittest
from pathlib import Path

from tests.e2e.check_scene import run
from tests.e2e.check_serve_machine import NOW, ThisMachine
from tests.e2e.check_serve_scene import check, kernel, perfdata
from tests.support.service import ADMIN, DEADLINE, MULLION


class Rest(ThisMachine):
    # --- events, files, time ---

    def test_events_are_the_journals(self):
        def expected(chosen, hours=1):
            since = time.time() - hours * 3600
            return [one for one in self.machine.events() if chosen(one) and int(one["__REALTIME_TIMESTAMP"]) / 1e6 > since]
        kinds = {"error": lambda one: int(one.get("PRIORITY", 6)) <= 3, "warning": lambda one: one.get("PRIORITY") == "4",
                 "information": lambda one: int(one.get("PRIORITY", 6)) >= 5}
        for options, chosen, hours in (((), lambda one: True, 1), (("--timeframe", "3"), lambda one: True, 3),
                                       *(((f"--filter-type={kind}",), is_one, 1) for kind, is_one in kinds.items()),
                                       (("--filter-type=error", "--timeframe=3"), kinds["error"], 3), (("--filter-eventid=0",), lambda one: True, 1),
                                       (("--filter-eventid=7036",), lambda one: False, 1), (("--filter-source=sshd",), lambda one: one.get("SYSLOG_IDENTIFIER") == "sshd", 1),
                                       (("--filter-logfile=Security",), lambda one: one["_TRANSPORT"] == "audit", 1)):
            with self.subTest(options):
                data, lines = self.ask("eventlog", *options)
                found = expected(chosen, hours)
                self.assertEqual(data["events.total.count"].value, len(found))
                self.assertEqual(len([line for line in lines[1:] if line.startswith("[EventID: 0]")]), len(found))
        _, lines = self.ask("eventlog", "--filter-type", "error")
        at = datetime.datetime.fromtimestamp(int(expected(kinds["error"])[0]["__REALTIME_TIMESTAMP"]) // 1_000_000).strftime("%a %b %e %H:%M:%S %Y")
        self.assertTrue(lines[1].startswith(f"[EventID: 0][Type: Error][Logfile: System][Source: kernel][Date: {at}][Message: disk "), lines)
        self.crosses("eventlog", "-events", "events.total.count", between=(3, 5))

    def test_files_are_those_of_the_folder(self):
        folder = self.machine.folder / "files"
        folder.mkdir()
        (folder / "below").mkdir()
        (folder / "below/hidden").write_text("x")
        for name, size, age in (("a.log", 10, 60), ("it's \"b\".log", 2048, 7200), ("empty", 0, 90_000)):
            (folder / name).write_bytes(bytes(size))
            os.utime(folder / name, (NOW - age, int(NOW) - age))
        here = str(folder)
        before = int(time.time())
        data, lines = self.ask("files-date", "--folder", here)
        after = int(time.time())
        self.assertEqual(set(data), {f"{here}/{name}#file.mtime.last.seconds" for name in ("a.log", "it's \"b\".log", "empty")})
        for name in ("a.log", "it's \"b\".log", "empty"):
            changed = int((folder / name).stat().st_mtime)
            self.assertTrue(before - changed <= data[f"{here}/{name}#file.mtime.last.seconds"].value <= after - changed, name)
            self.assertTrue([line for line in lines if line.startswith(f"{here}/{name}: ")], lines)
        only = ("--folder", here + "/", "--filter-filename", '"b".log$')
        self.crosses("files-date", "", f"{here}/it's \"b\".log#file.mtime.last.seconds", *only, between=(7199, 10**6))
        data, lines = self.ask("files-size", "--folder", here)
        self.assertEqual({label: datum.value for label, datum in data.items()},
                         {f"{here}/a.log#file.size.bytes": 10, f"{here}/it's \"b\".log#file.size.bytes": 2048, f"{here}/empty#file.size.bytes": 0, "files.size.bytes": 2058})
        self.crosses("files-size", "-one", f"{here}/it's \"b\".log#file.size.bytes", *only, between=(2047, 2049))
        self.crosses("files-size", "-total", "files.size.bytes", "--folder", here, between=(2057, 2059))
        self.says(check(self.service, "files-date", "--folder", "/nowhere"), 3, "UNKNOWN: No file found.")
        self.says(check(self.service, "files-date", "--folder", "C:/data/"), 3, "UNKNOWN: No file found.")
        self.says(check(self.service, "files-size", "--folder", "data"), 3, "UNKNOWN: Wrong folder option 'data'.")

    @unittest.skipUnless(os.geteuid() == 0, "only where the service asks as somebody else")
    def test_a_folder_that_the_account_may_not_read_is_not_an_empty_one(self):
        folder = self.machine.folder / "closed"
        folder.mkdir(mode=0o700)
        (folder / "file").write_text("x")
        ran = check(self.service, "files-date", "--folder", folder)
        self.says(ran, 3, "UNKNOWN: ")
        self.assertIn(f"{folder}/", ran.stdout.splitlines()[0])

    def test_time_is_the_clock(self):
        before = time.time()
        data, lines = self.ask("time")
        after = time.time()
        told = re.search(r"Local Time: (\S+) \(UTC\)", lines[0])[1]
        there = datetime.datetime.fromisoformat(told + "+00:00").timestamp()
        self.assertTrue(int(before) <= there <= after)
        self.assertLessEqual(abs(data["time.offset.seconds"].value), after - before + 1)
        self.crosses("time", "-offset", "time.offset.seconds", between=(-60, 60))
        zone = check(self.service, "time", "--timezone", "Asia/Kolkata")
        self.assertRegex(zone.stdout, r"Local Time: \S+ \(Asia/Kolkata\)")

    def test_uptime_is_since_btime(self):
        booted = kernel("/proc/stat", r"^btime (\d+)")
        before = int(time.time()) - booted
        data, lines = self.ask("uptime")
        after = int(time.time()) - booted
        self.assertTrue(before - 1 <= data["system.uptime.seconds"].value <= after + 1)
        self.assertRegex(lines[0], r"^OK: System uptime is: (\d+d )?(\d+h )?(\d+m )?(\d+s )?\|")
        for letter, word, seconds in (("m", "minutes", 60), ("h", "hours", 3600), ("d", "days", 86400), ("w", "weeks", 604800)):
            data, _ = self.ask("uptime", "--unit", letter)
            self.assertIn(data[f"system.uptime.{word}"].value, {(before - 1) // seconds, (int(time.time()) - booted + 1) // seconds})
        self.crosses("uptime", "-uptime", "system.uptime.seconds", between=(0, 10**9))

    def test_connect_says_who_it_is(self):
        started = time.monotonic()
        data, lines = self.ask("connect")
        took = time.monotonic() - started
        pretty = re.search(r'^PRETTY_NAME="?([^"\n]*)', Path("/etc/os-release").read_text(), re.M)[1]
        self.assertTrue(lines[0].startswith(f"OK: '{pretty}' [Mullion OS: {os.uname().release} "), lines)
        for label in ("wsman.identify.time.seconds", "wsman.query.time.seconds"):
            self.assertTrue(0 <= data[label].value <= took)
        self.crosses("connect", "-query-time", "wsman.query.time.seconds", between=(-1, 1000))

    def test_connect_tells_the_days_of_the_certificate(self):
        ran = self.secure("--warning-certificate-expires", "1:", "--verbose")
        self.says(ran, 0, "OK: ")
        pem = ssl.get_server_certificate(("127.0.0.1", self.service.port("https")))
        done = subprocess.run(["openssl", "x509", "-noout", "-enddate"], input=pem, capture_output=True, text=True, check=True, timeout=DEADLINE)
        left = int((ssl.cert_time_to_seconds(done.stdout.strip().removeprefix("notAfter=")) - time.time()) // 86400)
        shown = perfdata(ran.stdout)["wsman.certificate.expires.days"]
        self.assertIn(shown.value, (left, left + 1))
        self.assertEqual((shown.unit, shown.warning), ("d", "1:"))
        self.assertRegex(ran.stdout, r"(?m)^Logged on by ntlm, TLSv1\.[23]$")
        self.says(self.secure("--critical-certificate-expires", f"{left + 10}:"), 2, "CRITICAL: ")
        ran = check(self.service, "connect", "--warning-certificate-expires", "1:")
        self.says(ran, 3, "UNKNOWN: without TLS there is no certificate that could expire")

    def secure(self, *options):
        words = [MULLION, "check", "connect", self.service.https, "-u", ADMIN[0], "--password-file", "{password}", "--transport", "ntlm",
                 "--cert-validation", "ignore", *options]
        return run(words, None, ADMIN[1])

    # --- what only Windows has ---

    def test_what_linux_does_not_have_is_said(self):
        for mode in ("certificates", "pending-reboot"):
            ran = check(self.service, mode)
            self.says(ran, 3, "UNKNOWN: ")
            self.assertIn("there is no namespace root/default here", ran.stdout.splitlines()[0])
            self.assertIn("The registry is asked, which only Windows has: this check cannot be of Linux.", ran.stdout)
        for mode, options in (("updates", ()), ("certificates", ("--centreon-compat",)), ("pending-reboot", ("--centreon-compat",))):
            ran = check(self.service, mode, *options)
            self.says(ran, 3, "UNKNOWN: ")
            if not shutil.which("pwsh"):
                self.assertIn("pwsh is not installed", ran.stdout)
        ran = check(self.service, "sessions", "--command", "qwinsta")
        self.says(ran, 3, "UNKNOWN: Cannot find information in command output: ")
        self.assertRegex(ran.stdout, "qwinsta: .*not found")


if __name__ == "__main__":
    unittest.main()
