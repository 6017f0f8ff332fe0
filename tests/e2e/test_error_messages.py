"""What an operator sees when it does not work: one clear error with its id, what was tried, and what to do next."""
import contextlib
import json
import socket
import subprocess
import tempfile
import threading
import unittest

from tests.support.service import ADMIN, DEADLINE, MULLION, Service


def mullion(*words, password=ADMIN[1]):
    return subprocess.run([MULLION, *map(str, words)], input=password.encode(), capture_output=True, timeout=DEADLINE)


def sealed(url, options):
    """Over http a way to log on is said: what is tried otherwise is basic, and refused."""
    return (*options, "--transport", "ntlm") if url.startswith("http:") and "--transport" not in options else options


def run(url, *options, user=ADMIN[0], password=ADMIN[1]):
    """The result object and the exit status of `mullion run`."""
    done = mullion("run", url, "-u", user, "--password-file", "-", "--output", "jsonl", *sealed(url, options), "--", "echo",
                   "never", password=password)
    lines = done.stdout.decode().splitlines()
    assert len(lines) == 1, (done.stdout, done.stderr)
    return json.loads(lines[0]), done.returncode


class Errors(unittest.TestCase):
    def check(self, url, error_id, status, *options, exit_status=4, said=(), **who):
        """The JSON names the id and the status; the text has the same, in a block a person can act on."""
        result, code = run(url, *options, **who)
        self.assertEqual((result["error"]["id"], result["status"], code), (error_id, status, exit_status), result)
        self.assertIsNone(result["exit_code"])
        text = mullion("run", url, "-u", who.get("user", ADMIN[0]), "--password-file", "-", *sealed(url, options), "--", "echo",
                       "never", password=who.get("password", ADMIN[1]))
        self.assertEqual((text.returncode, text.stdout), (exit_status, b""))
        shown = text.stderr.decode()
        self.assertIn(f"[{error_id}]", shown)
        self.assertIn(result["host"], shown)
        for part in said:
            self.assertIn(part, shown)
        self.assertNotIn(who.get("password", ADMIN[1]), shown)
        return result["error"], shown


@contextlib.contextmanager
def listening(answer):
    """A port whose every connection is given to `answer`."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        def serve():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with contextlib.suppress(OSError), connection:
                    answer(connection)
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(DEADLINE)


def says(status, headers="", body="<html>Not here.</html>"):
    """Answers each request of a connection with the same."""
    reply = f"HTTP/1.1 {status}\r\n{headers}Content-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()

    def answer(connection):
        with connection.makefile("rb") as stream:
            while True:
                length, line = 0, stream.readline()
                if not line:
                    return
                while line not in (b"\r\n", b""):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                    line = stream.readline()
                stream.read(length)
                connection.sendall(reply)
    return answer


class Reaching(Errors):
    def test_closed_port(self):
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))  # Never listened on.
            port = bound.getsockname()[1]
            self.check(f"http://127.0.0.1:{port}", "net.refused", "unreachable",
                       said=["connect:", "5985 HTTP, 5986 HTTPS", "--wait-for", f"port {port}"])

    def test_black_holed_address(self):
        # A listener that accepts nothing: once its queue is full, packets for it are dropped.
        with socket.socket() as deaf, contextlib.ExitStack() as queue:
            deaf.bind(("127.0.0.1", 0))
            deaf.listen(0)
            for _ in range(4):
                one = queue.enter_context(socket.socket())
                one.setblocking(False)
                one.connect_ex(deaf.getsockname())
            self.check(f"http://127.0.0.1:{deaf.getsockname()[1]}", "net.timeout", "unreachable", "--connect-timeout", "0.3",
                       said=["connect:", "firewall", "--connect-timeout"])

    def test_name_that_does_not_resolve(self):
        self.check("http://no-such-host.invalid", "net.name", "unreachable", said=["no-such-host.invalid", "getent"])

    def test_deadline_while_nobody_answers(self):
        with listening(lambda connection: connection.recv(1 << 16) and connection.recv(1)) as port:
            self.check(f"http://127.0.0.1:{port}", "run.timeout", "timed_out", "--timeout", "0.3",
                       said=["create shell", "0.3 s", "not started"])


class NotWinrm(Errors):
    def test_web_server_without_that_page(self):
        with listening(says("404 Not Found")) as port:
            error, _ = self.check(f"http://127.0.0.1:{port}", "http.not_found", "unreachable", said=["--path"])
            self.assertEqual(error["http_status"], 404)

    def test_web_server_with_a_page(self):
        with listening(says("200 OK")) as port:
            self.check(f"http://127.0.0.1:{port}", "http.not_winrm", "unreachable", said=["not WinRM"])

    def test_web_server_that_redirects(self):
        with listening(says("301 Moved", "Location: https://elsewhere.example/\r\n")) as port:
            self.check(f"http://127.0.0.1:{port}", "http.redirected", "unreachable", said=["elsewhere.example"])

    def test_service_that_is_busy(self):
        with listening(says("503 Busy")) as port:
            self.check(f"http://127.0.0.1:{port}", "http.busy", "unreachable", said=["--wait-for"])

    def test_another_protocol(self):
        with listening(lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")) as port:
            self.check(f"http://127.0.0.1:{port}", "http.malformed", "unreachable", said=["not HTTP"])

    def test_a_scheme_that_nobody_knows(self):
        with listening(says("401 Unauthorized", "WWW-Authenticate: Digest realm=\"x\"\r\n")) as port:
            error, shown = self.check(f"http://127.0.0.1:{port}", "auth.not_offered", "refused", said=["offered:"])
            self.assertIn("Digest", " ".join(error["offered"]))

    def test_identify_says_the_same(self):
        with listening(says("200 OK")) as port:
            done = mullion("ping", f"http://127.0.0.1:{port}", "-u", "ann", "--password-file", "-", "--transport", "ntlm")
            self.assertEqual(done.returncode, 4)
            self.assertIn(b"[http.not_winrm]", done.stderr)


class OfTheService(Errors):
    """Against the real service: wrong credentials, schemes, paths, schemes of the URL, certificates."""

    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())

    def trusted(self, *options):
        return ("--ca-file", self.service.ca, "--transport", "ntlm", *options)

    def test_wrong_password_names_everything(self):
        error, _ = self.check(self.service.https, "auth.rejected", "refused", *self.trusted(), password="not-the-password",
                              said=["log on", "tried:", "ntlm", "offered:", "Negotiate", "likely:", "password is wrong", "next:"])
        self.assertEqual(error["http_status"], 401)
        self.assertEqual([scheme.split()[0] for scheme in error["offered"]], ["Negotiate"])

    def test_wrong_password_over_http(self):
        self.check(self.service.http, "auth.rejected", "refused", "--transport", "negotiate", password="not-the-password",
                   said=["tried:", "negotiate", "offered:", "Negotiate"])

    def test_unknown_user_is_not_told_from_a_wrong_password(self):
        known = run(self.service.https, *self.trusted(), password="not-the-password")[0]["error"]
        unknown = run(self.service.https, *self.trusted(), user="nobody-here", password="not-the-password")[0]["error"]
        self.assertEqual(known, unknown)

    def test_disabled_scheme(self):
        error, _ = self.check(self.service.https, "auth.not_offered", "refused", "--ca-file", self.service.ca, "--transport", "basic",
                              said=["offered:", "Negotiate", "--transport"])
        self.assertTrue(error["offered"])

    def test_the_next_transport_is_taken_where_basic_is_disabled(self):
        done = mullion("run", self.service.https, "-u", ADMIN[0], "--password-file", "-", "--ca-file", self.service.ca,
                       "--transport", "basic,ntlm", "--", "echo", "there")
        self.assertEqual((done.returncode, done.stdout), (0, b"there\n"), done.stderr)

    def test_untrusted_certificate(self):
        self.check(self.service.https, "tls.untrusted", "unreachable", said=["--ca-file", "--cert-pin"])

    def test_wrong_name(self):
        self.check(self.service.https, "tls.name", "unreachable", *self.trusted("--tls-server-name", "other.example"),
                   said=["other.example", "skip-cn"])

    def test_wrong_pin(self):
        self.check(self.service.https, "tls.pin", "unreachable", "--cert-pin", "sha256:" + "0" * 64, said=["pinned"])

    def test_wrong_path(self):
        self.check(self.service.https + "x", "http.not_found", "unreachable", *self.trusted(), said=["/wsman", "--path"])

    def test_http_to_the_https_port(self):
        self.check(f"http://127.0.0.1:{self.service.port('https')}", "http.tls_port", "unreachable", said=["https://"])

    def test_https_to_the_http_port(self):
        self.check(f"https://127.0.0.1:{self.service.port('http')}", "tls.not_tls", "unreachable", said=["http://"])

    def test_basic_over_http_is_not_even_tried(self):
        self.check(self.service.http, "auth.plaintext", "refused", "--transport", "basic", said=["--allow-unencrypted"])

    def test_certificate_files_that_cannot_be_used(self):
        with tempfile.NamedTemporaryFile() as file:
            self.check(self.service.https, "tls.files", "not_started", "--ca-file", file.name, exit_status=5, said=[file.name])

    def test_no_permission(self):
        self.service.add_account("plain", "Pl4in-word")
        self.check(self.service.https, "wsman.access_denied", "refused", *self.trusted(), user="plain", password="Pl4in-word",
                   said=["create shell", "administrator"])


class WrongUsage(unittest.TestCase):
    def check(self, error, *words):
        done = mullion(*words)
        self.assertEqual((done.returncode, done.stdout), (5, b""), done.stderr)
        self.assertIn(error.encode(), done.stderr)
        return done.stderr.decode()

    def test_each_is_told_in_one_line_or_block(self):
        self.check("not an option of this command: --powershell", "run", "--powershell", "web01", "--", "x")
        self.check("TARGET is required", "run")
        self.check("COMMAND is required", "run", "web01")
        self.check("--transport certificate needs --client-cert FILE", "run", "web01", "-u", "a", "--transport", "certificate", "--", "x")
        self.check("--read-timeout (5 s) must be longer", "run", "web01", "-u", "a", "--read-timeout", "5", "--", "x")
        self.check("[auth.credentials]", "run", "web01", "--", "x")
        self.check("[usage.file]", "run", "web01", "-u", "a", "--password-file", "/no/such/file", "--", "x")
        self.check("[usage.file]", "run", "web01", "-u", "a", "--stdin", "/no/such/file", "--", "x")
        self.check("write NAME=VALUE", "run", "web01", "-u", "a", "--env", "novalue", "--", "x")

    def test_a_password_in_the_target_is_refused_and_not_repeated(self):
        shown = self.check("[usage.target]", "run", "https://ann:hunter2@web01", "--", "x")
        self.assertNotIn("hunter2", shown)

    def test_a_missing_password_is_an_error_without_a_terminal(self):
        done = subprocess.run([MULLION, "run", "http://ann@127.0.0.1:1", "--", "x"], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=DEADLINE, start_new_session=True)
        self.assertEqual(done.returncode, 5)
        self.assertIn(b"[usage.password_missing]", done.stderr)
