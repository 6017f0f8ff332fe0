"""A command on one host: what comes back, in which form, with which exit status."""
import base64
import hashlib
import json
import os
import select
import threading
import unittest

from tests.e2e.client import mullion, start, words
from tests.support.service import ADMIN, DEADLINE, Service, shell_user, wait_until

FIELDS = ["host", "status", "exit_code", "stdout", "stderr", "duration_ms", "output_complete", "error"]
TRANSPORTS = [("http", "ntlm"), ("http", "negotiate"), ("https", "basic"), ("https", "ntlm"), ("https", "negotiate")]


class WithService(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(["Service/Auth/Basic=true"]))

    def run_command(self, command, *options, scheme="http", transport="ntlm", **how):
        return mullion("run", *words(self.service, *options, scheme=scheme, transport=transport), "--", command, **how)


class Text(WithService):
    def test_every_transport(self):
        for scheme, transport in TRANSPORTS:
            with self.subTest(scheme=scheme, transport=transport):
                ran = self.run_command("echo out; echo err >&2", scheme=scheme, transport=transport)
                self.assertEqual((ran.code, ran.stdout), (0, b"out\n"), ran.stderr)
                self.assertIn("err\n", ran.stderr)

    def test_exit_codes(self):
        for code, status in ((0, 0), (1, 2), (3, 2), (255, 2)):
            with self.subTest(code):
                self.assertEqual(self.run_command(f"exit {code}").code, status)

    def test_summary_is_one_line_on_standard_error(self):
        ran = self.run_command("exit 3")
        self.assertRegex(ran.stderr, r"(?m)^\S*127\.0\.0\.1\S*: exit 3 in [\d.]+ s$")

    def test_runs_as_the_accounts_linux_user(self):
        self.assertEqual(self.run_command("id -un").stdout.decode().strip(), shell_user())

    def test_words_are_joined_with_blanks_and_sent_verbatim(self):
        ran = mullion("run", *words(self.service), "--", "printf", "'%s|'", "\"a  b\"", "'$HOME'", "a\\\\b", "<&>")
        self.assertEqual(ran.code, 2, "the shell sees <& as a redirection: nothing was quoted")
        ran = mullion("run", *words(self.service), "--", "printf", "'%s|'", "\"a  b\"", "'$HOME'", "'<&>'")
        self.assertEqual(ran.stdout, b"a  b|$HOME|<&>|")

    def test_characters_beyond_ascii(self):
        self.assertEqual(self.run_command("printf 'Grüße 世界 🪟'").stdout.decode(), "Grüße 世界 🪟")

    def test_standard_streams_that_are_closed(self):
        # None of them may become a connection, or a file that is opened first.
        for closed, wanted in ((1, (4, b"", "Bad file descriptor")), (2, (0, b"out\n", "")), (0, (0, b"out\n", "exit 0"))):
            with self.subTest(closed):
                code, output, said = wanted
                ran = self.run_command("echo out", preexec_fn=lambda: os.close(closed))
                self.assertEqual((ran.code, ran.stdout), (code, output), ran.stderr)
                self.assertIn(said, ran.stderr)

    def test_output_arrives_before_the_command_ends(self):
        child = start("run", *words(self.service, "--stdin", "-"), "--", "echo first; read line; echo then $line")
        try:
            ready, _, _ = select.select([child.stdout], [], [], DEADLINE)
            self.assertTrue(ready, "no output while the command waits for input")
            self.assertEqual(os.read(child.stdout.fileno(), 100), b"first\n")
            out, errors = child.communicate(b"glass\n", timeout=DEADLINE)
        finally:
            child.kill()
            child.wait()
        self.assertEqual((out, child.returncode), (b"then glass\n", 0), errors)

    def test_working_directory_and_environment(self):
        ran = self.run_command('pwd; echo "$PANE|$EMPTY|"', "--cwd", "/usr", "--env", "PANE=a=b <&>", "--env", "EMPTY=")
        self.assertEqual(ran.stdout, b"/usr\na=b <&>||\n")

    def test_broken_pipe_ends_the_client_and_the_command(self):
        child = start("run", *words(self.service), "--", "while :; do echo mullion-broken-pipe; done")
        self.assertEqual(child.stdout.readline(), b"mullion-broken-pipe\n")
        child.stdout.close()
        try:
            self.assertNotEqual(child.wait(DEADLINE), 0)
        finally:
            child.kill()
            child.wait()
            child.stderr.close()
            child.stdin.close()
        wait_until(lambda: not commands_with("mullion-broken-pipe"), "the command is gone")

    def test_a_full_disk_is_said_and_is_no_success(self):
        for options in ([], ["--output", "json"]):
            child = start("run", *words(self.service, *options), "--", "echo out", stdout="/dev/full")
            _, errors = child.communicate(timeout=DEADLINE)
            self.assertEqual(child.returncode, 4, errors)
            self.assertIn(b"No space left on device", errors)

    def test_what_xml_cannot_carry_is_refused_not_changed(self):
        ran = mullion("run", *words(self.service), "--", "echo \a")
        self.assertEqual((ran.code, ran.stdout), (5, b""))
        self.assertIn("[usage.invalid]", ran.stderr)


def commands_with(text):
    """Process ids, other than this one and its like, whose command line holds `text`."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            try:
                with open(f"/proc/{name}/cmdline", "rb") as file:
                    line = file.read()
            except OSError:
                continue
            if text.encode() in line and b"mullion\0run" not in line and b"tests/run" not in line:
                found.append(int(name))
    return found


class Input(WithService):
    def test_binary_input_of_every_byte(self):
        data = bytes(range(256)) * 300
        ran = self.run_command("sha256sum", "--stdin", "-", stdin=data)
        self.assertEqual(ran.stdout.split()[0].decode(), hashlib.sha256(data).hexdigest(), ran.stderr)

    def test_five_megabytes_there_and_back(self):
        data = os.urandom(5 * 1024 * 1024)
        for scheme, transport in (("http", "ntlm"), ("https", "basic")):
            with self.subTest(scheme):
                ran = self.run_command("cat", "--stdin", "-", scheme=scheme, transport=transport, stdin=data)
                self.assertEqual((ran.code, hashlib.sha256(ran.stdout).digest()), (0, hashlib.sha256(data).digest()), ran.stderr)

    def test_from_a_file(self):
        path = self.service.folder / "input"
        path.write_bytes(b"one\ntwo\n")
        self.assertEqual(self.run_command("wc -l", "--stdin", path).stdout.strip(), b"2")

    def test_none_is_an_input_that_has_ended(self):
        self.assertEqual(self.run_command("cat; echo ended").stdout, b"ended\n")

    def test_a_command_that_does_not_read_ends_all_the_same(self):
        ran = self.run_command("exit 4", "--stdin", "-", "--output", "json", stdin=b"x" * 2_000_000)
        self.assertEqual((ran.code, ran.host["status"], ran.host["exit_code"]), (2, "failed", 4), ran.stderr)

    def test_a_command_ends_before_its_input_does(self):
        child = start("run", *words(self.service, "--stdin", "-"), "--", "echo early; exit 5")
        try:
            self.assertEqual(child.wait(DEADLINE), 2, "the client waits for input that nobody wants")
            self.assertEqual(child.stdout.read(), b"early\n")
        finally:
            child.kill()
            child.communicate()


class Json(WithService):
    def test_json_has_schema_hosts_and_summary(self):
        ran = self.run_command("echo out; echo err >&2; exit 3", "--output", "json")
        document = json.loads(ran.stdout)
        self.assertEqual(list(document), ["schema", "hosts", "summary"])
        self.assertEqual((document["schema"], len(document["hosts"]), document["summary"]["failed"]), (1, 1, 1))
        host = document["hosts"][0]
        self.assertEqual(list(host), FIELDS)
        self.assertEqual((host["status"], host["exit_code"], host["stdout"], host["stderr"], host["output_complete"], host["error"]),
                         ("failed", 3, "out\n", "err\n", True, None))
        self.assertIsInstance(host["duration_ms"], int)
        self.assertEqual(ran.code, 2)

    def test_jsonl_is_one_line_per_host(self):
        ran = self.run_command("echo one; echo two", "--output", "jsonl")
        self.assertEqual(ran.stdout.count(b"\n"), 1)
        self.assertEqual((list(ran.host), ran.host["stdout"]), (FIELDS, "one\ntwo\n"))

    def test_an_error_is_an_object_too(self):
        ran = self.run_command("true", "--output", "jsonl", password="wrong")
        self.assertEqual((list(ran.host), ran.host["status"], ran.host["exit_code"]), (FIELDS, "refused", None))
        self.assertEqual(ran.host["error"]["id"], "auth.rejected")

    def test_what_is_not_utf8_is_base64(self):
        host = self.run_command("printf 'a\\377b'; echo fine >&2", "--output", "json", "--codepage", "65001").host
        if host["stdout"] is not None:
            self.fail(f"not UTF-8, and yet text: {host['stdout']!r}")
        self.assertEqual(base64.b64decode(host["stdout_base64"]), b"a\xffb")
        self.assertEqual(host["stderr"], "fine\n")

    def test_over_the_limit_is_cut_and_said(self):
        host = self.run_command("head -c 5000 /dev/zero | tr '\\0' x", "--output", "json", "--output-limit", "1000").host
        self.assertEqual((host["stdout"], host["truncated"], host["status"]), ("x" * 1000, True, "ok"))

    def test_the_limit_does_not_cut_a_character(self):
        host = self.run_command("printf 'äää'", "--output", "json", "--output-limit", "3").host
        self.assertEqual((host["stdout"], host["truncated"]), ("ä", True))


class Together(WithService):
    def test_two_shells_at_once_keep_apart(self):
        # Each waits for the other's file: neither can end unless both run at the same time.
        folder = self.service.folder / "meeting"
        folder.mkdir(mode=0o777)
        os.chmod(folder, 0o777)
        wait_for = "touch {0}/{1}; while [ ! -e {0}/{2} ]; do :; done; echo {1} met {2}"
        answers = {}

        def one(me, other):
            answers[me] = self.run_command(wait_for.format(folder, me, other), "--timeout", "40")

        threads = [threading.Thread(target=one, args=pair) for pair in (("a", "b"), ("b", "a"))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual({me: (ran.code, ran.stdout) for me, ran in answers.items()},
                         {"a": (0, b"a met b\n"), "b": (0, b"b met a\n")})


class Ping(WithService):
    def test_says_who_answers_and_how_it_was_reached(self):
        for scheme, transport in TRANSPORTS:
            with self.subTest(scheme=scheme, transport=transport):
                ran = mullion("ping", *words(self.service, "--output", "json", scheme=scheme, transport=transport))
                host = ran.host
                self.assertEqual((ran.code, host["status"], host["error"]), (0, "ok", None))
                self.assertTrue(host["vendor"] and host["version"])
                self.assertEqual(host["sealed"], scheme == "http")

    def test_wrong_password_is_refused(self):
        ran = mullion("ping", *words(self.service, "--output", "json"), password="wrong")
        self.assertEqual((ran.code, ran.host["error"]["id"]), (4, "auth.rejected"))


class Help(unittest.TestCase):
    def test_help_of_each_command_has_an_example(self):
        for command in ("run", "ping", "serve", "user"):
            with self.subTest(command):
                ran = mullion_plain(command, "--help")
                self.assertEqual(ran[0], 0)
                self.assertIn("mullion " + command, ran[1])
                self.assertIn("Example", ran[1])


def mullion_plain(*arguments):
    import subprocess

    from tests.support.service import MULLION
    done = subprocess.run([MULLION, *arguments], capture_output=True, text=True, timeout=DEADLINE, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


if __name__ == "__main__":
    unittest.main()
