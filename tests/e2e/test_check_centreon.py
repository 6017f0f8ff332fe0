"""`mullion-centreon`: command lines of Centreon's, with the program's name changed."""
import os
import subprocess
import time
import unittest

from tests.e2e.check_scene import CENTREON, PLUGIN, centreon, centreon_words, run, windows
from tests.support.service import ADMIN, DEADLINE, MULLION

LINE = "OK: Number of current processes: 3 | 'processes.detected.count'=3;;;0;\n"


class CentreonCase(unittest.TestCase):
    def says(self, words, text, code=3):
        ran = run([CENTREON, *words])
        self.assertEqual((ran.code, ran.stdout.splitlines()[0]), (code, text), ran)
        return ran


class Lines(CentreonCase):
    def test_a_line_as_it_was(self):
        with windows() as played:
            for how in ({}, {"method": "basic", "scheme": "http"}, {"method": "gssnegotiate"}):
                options = ["--allow-unencrypted"] if how.get("method") == "basic" else []
                with self.subTest(how):
                    ran = centreon(played, "processes", *options, **how)
                    self.assertEqual((ran.code, ran.stdout), (0, LINE), ran)

    def test_over_https_with_the_authority_named(self):
        with windows() as played:
            self.assertEqual(centreon(played, "processes", f"--ca-file={played.ca}", scheme="https", method="basic").stdout, LINE)

    def test_words_in_every_form(self):
        with windows() as played:
            ran = centreon(played, "processes", "--process-name", "svchost.exe", "--warning=", "1", "--verbose", "yes")
        self.assertEqual(ran.code, 1, ran)
        self.assertEqual(len(ran.stdout.splitlines()), 3)

    def test_under_the_programs_own_name(self):
        with windows() as played:
            _, *words = centreon_words(played, "processes")
            self.assertEqual(run([MULLION, "mullion-centreon", *words]).stdout, LINE)

    def test_an_environment_is_set_before_anything_is_done(self):
        with windows() as played:
            self.assertEqual(centreon(played, "processes", "--environment=TZ=Europe/Paris", "--environment=KRB5_CONFIG=/nonexistent").stdout, LINE)
        self.says([PLUGIN, "--mode=processes", "--hostname=x", "--environment=LD_PRELOAD=x.so"],
                  "UNKNOWN: --environment LD_PRELOAD: it steers the loader of this program: set it before ")


class Passwords(CentreonCase):
    def test_it_is_wiped_from_the_process_list_and_told(self):
        with windows(more="faults: [{step: enumerate, do: stall}]\n") as played:
            for form in ("=", " "):
                words = centreon_words(played, "processes", "--timeout=60", password=None)
                words += [f"--wsman-password={ADMIN[1]}"] if form == "=" else ["--wsman-password", ADMIN[1]]
                before = self.asked(played)
                child = subprocess.Popen(list(map(str, words)), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                until = time.monotonic() + DEADLINE
                while self.asked(played) == before:
                    self.assertLess(time.monotonic(), until)
                with open(f"/proc/{child.pid}/cmdline", "rb") as file:
                    line = file.read()
                child.terminate()
                _, errors = child.communicate(timeout=DEADLINE)
                self.assertIn(b"--hostname", line)
                self.assertNotIn(ADMIN[1].encode(), line)
                self.assertIn(b"it was wiped from the process list", errors)

    def asked(self, played):
        return played.counts()["hosts"].get("web01", {}).get("steps", {}).get("enumerate", 0)

    def test_a_file_says_nothing_to_anybody(self):
        with windows() as played:
            words = centreon_words(played, "processes", "--password-file={password}", password=None)
            ran = run(words)
            self.assertEqual((ran.stdout, ran.stderr), (LINE, ""))
            self.assertEqual(centreon(played, "processes", "--ignore-warn-msg").stderr, "")
            both = run([*words, "--wsman-password=x"])
            self.assertIn("both give the password", both.stdout)


class Safety(CentreonCase):
    def test_a_certificate_that_nobody_signed_is_refused_and_both_ways_out_are_named(self):
        with windows() as played:
            ran = centreon(played, "processes", scheme="https", method="basic")
            self.assertEqual(ran.code, 3, ran)
            self.assertTrue(ran.stdout.startswith("UNKNOWN: "))
            for word in ("--cert-pin", "--cert-validation ignore", "--ca-file"):
                self.assertIn(word, ran.stdout)
            self.assertEqual(centreon(played, "processes", "--cert-validation=ignore", scheme="https", method="basic").stdout, LINE)
            self.assertEqual(played.counts()["hosts"]["web01"]["steps"]["enumerate"], 1)

    def test_basic_over_http_is_in_clear_and_refused(self):
        with windows() as played:
            ran = centreon(played, "processes", method="basic")
            self.assertEqual(ran.code, 3)
            self.assertIn("--allow-unencrypted", ran.stdout)
            self.assertEqual(played.counts()["totals"]["requests"], 0)
            self.assertEqual(centreon(played, "processes", "--wsman-errors-exit=critical", method="basic").code, 2)


class Words(CentreonCase):
    def test_what_is_wrong_is_told_in_centreons_words_and_order(self):
        for words, text in (
                ([], "UNKNOWN: Need to specify '--plugin' option. "),
                (["--opt-exit=warning"], "WARNING: Need to specify '--plugin' option. "),
                ([PLUGIN], "UNKNOWN: Need to specify '--mode' or '--dyn-mode' option. "),
                ([PLUGIN, "--mode=nope"], "UNKNOWN: mode 'nope' doesn't exist (use --list-mode option to show available modes). "),
                ([PLUGIN, "--mode=processes"], "UNKNOWN: Missing parameter --hostname. "),
                ([PLUGIN, "--mode=processes", "--nope=1"], "Unknown option: nope "),
                ([PLUGIN, "--mode=processes", "a", "b"], "argument b alone "),
                ([PLUGIN, "--mode=processes", "--host=x", "--wsman-scheme=ftp"], "UNKNOWN: Wrong scheme parameter. Must be 'http' or 'https'. "),
                ([PLUGIN, "--mode=processes", "--hostname=x", "--wsman-port=abc"], "UNKNOWN: Wrong wsman port parameter. Must be an integer. "),
                ([PLUGIN, "--mode=processes", "--hostname=x", "--warning=abc"], "UNKNOWN: Wrong warning threshold 'abc'. "),
                ([PLUGIN, "--mode=processes", "--hostname=x", "--wsman-errors-exit=bad"], "UNKNOWN: Unknown value 'bad' for --wsman-errors-exit. "),
                ([PLUGIN, "--mode=processes", "--mode-version=2.0"], "UNKNOWN: Not good version for plugin mode. Excepted at least: 2.0. Get: 1.0 "),
                ([PLUGIN, "--mode=processes", "--version"], "Mode Version: 1.0 "),
                ([PLUGIN, "--version"], "Plugin Version: 1.0 "),
                ([PLUGIN, "--mode=processes", "--hostname=x", "--runas=no-such-user"], "UNKNOWN: Runas user 'no-such-user' not exist. ")):
            with self.subTest(words):
                self.says(words, text, code=1 if "warning" in str(words[:1]) else 3)

    def test_what_is_not_there_is_refused_and_never_passed_over(self):
        line = [PLUGIN, "--mode=processes", "--hostname=x"]
        for word in ("--wsman-auth-method=digest", "--wsman-auth-method=pass", "--wsman-debug=info", "--wsman-proxy-username=a", "--wsman-proxy-password=a",
                     "--pass-manager=centreonvault", "--dyn-mode=x::y", "--convert-args=a,b", "--wsman-timeout=soon", "--wsman-proxy-url=nonsense"):
            with self.subTest(word):
                words = [PLUGIN, word] if word.startswith("--dyn") else [*line, word]
                ran = run([CENTREON, *words])
                self.assertEqual(ran.code, 3, ran)
                self.assertIn(word.partition("=")[0], ran.stdout)

    def test_help_and_lists(self):
        for words, said in ((["--help"], "--wsman-auth-method"), ([PLUGIN, "--help"], "--output-json"), ([PLUGIN, "--mode=processes", "--help"], "--process-name"),
                            ([PLUGIN, "--list-mode"], "   services\n"), (["--list-plugin"], "PLUGIN: os::windows::wsman::plugin")):
            with self.subTest(words):
                ran = run([CENTREON, *words])
                self.assertEqual(ran.code, 3)
                self.assertIn(said, ran.stdout)

    def test_options_that_nobody_knows_can_be_let_pass(self):
        with windows() as played:
            self.assertEqual(centreon(played, "processes", "--nope=1", "--no-sanity-options").stdout, LINE)

    def test_nobody_logs_on_where_that_is_wanted(self):
        with windows() as played:
            ran = centreon(played, "processes", method="noauth", password=None)
            self.assertEqual(ran.code, 3, ran)
            self.assertEqual(played.counts()["hosts"].get("web01", {}).get("steps", {}).get("enumerate", 0), 0)

    def test_a_proxy_is_gone_through(self):
        with windows() as played:
            ran = centreon(played, "processes", "--wsman-proxy-url=http://127.0.0.1:1")
            self.assertEqual(ran.code, 3)
            self.assertIn("the proxy: connect to 127.0.0.1 port 1", ran.stdout)


if __name__ == "__main__":
    assert os.path.exists(CENTREON)
    unittest.main()
