"""Every error id that the command line can produce on loopback, produced for real.

A test is named after its id: test_auth_rejected is auth.rejected (more words may follow after two underscores).
"""
import json
import os
import ssl
import subprocess
import unittest
from pathlib import Path

from tests.e2e import bad_servers
from tests.e2e.client import mullion, start, words
from tests.e2e.error_table import ROWS
from tests.support.service import ADMIN, MULLION, Service

PLAIN_USER = ("plain", "another-Passw0rd")


class ErrorCase(unittest.TestCase):
    def expect(self, error_id, *arguments, message=(), advice=(), command="run", object_expected=True, **how):
        """Runs the client and checks what the table promises of that id."""
        row = ROWS[error_id]
        tail = ["--", "echo", "never"] if command == "run" else []
        ran = mullion(command, *arguments, "--output", "json", *tail, **how)
        self.assertEqual(ran.code, row.exit_code, ran)
        if not object_expected:  # Wrong words and missing files end before there is a host to have a result.
            self.assertIn(f"[{error_id}]", ran.stderr)
            text, error = ran.stderr, None
        else:
            error = ran.host["error"]
            self.assertEqual(error["id"], error_id, ran)
            # These servers spoil the first request already, and where no command was sent none can be in doubt.
            self.assertEqual(ran.host["status"], "unreachable" if row.status == "unknown" else row.status)
            self.assertIsNone(ran.host.get("exit_code"))
            self.assertTrue(error["advice"], "says nothing about what to do next")
            text = error["message"]
            self.assertIn("127.0.0.1" if "127.0.0.1" in arguments[0] else arguments[0].split("://")[-1].split(":")[0], text, "names the host")
            for part in advice:
                self.assertIn(part, " ".join(error["advice"]))
        for part in message:
            self.assertIn(part, text)
        self.assertNotIn(ADMIN[1], ran.stderr + ran.stdout.decode(errors="replace"))
        return error

    def http(self, server, *options):
        return f"http://127.0.0.1:{server.port}", "-u", ADMIN[0], "--transport", "ntlm", *options

    def https(self, server, *options, transport="basic"):
        return f"https://127.0.0.1:{server.port}", "-u", ADMIN[0], "--transport", transport, *options


class Reaching(ErrorCase):
    def test_net_name(self):
        self.expect("net.name", "http://no-such-host.invalid:5985", "-u", "x", "--transport", "ntlm", message=["no-such-host.invalid"])

    def test_net_refused(self):
        with bad_servers.closed_port() as port:
            self.expect("net.refused", f"http://127.0.0.1:{port}", "-u", "x", "--transport", "ntlm", message=[str(port)], advice=["5985"])

    def test_net_proxy(self):
        def refuse(connection):
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        with bad_servers.BadServer(refuse) as proxy:
            self.expect("net.proxy", "http://127.0.0.1:5985", "-u", "x", "--transport", "ntlm", "--proxy", f"http://127.0.0.1:{proxy.port}",
                        message=[f"proxy 127.0.0.1 port {proxy.port}", "403 Forbidden"], advice=["CONNECT"])

    def test_net_timeout__black_hole(self):
        with bad_servers.black_hole() as port:
            self.expect("net.timeout", f"http://127.0.0.1:{port}", "-u", "x", "--transport", "ntlm", "--connect-timeout", "1", message=[str(port)])

    def test_net_timeout__tls_never_answers(self):
        with bad_servers.silent() as server:
            self.expect("net.timeout", *self.https(server, "--connect-timeout", "1"))

    def test_net_closed(self):
        with bad_servers.closing() as server:
            self.expect("net.closed", *self.http(server))

    def test_net_read_timeout(self):
        with bad_servers.silent() as server:
            self.expect("net.read_timeout", *self.http(server, "--read-timeout", "2", "--operation-timeout", "1"))


class Tls(ErrorCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(["Service/Auth/Basic=true"]))
        cls.folder = Path(cls.service.folder) / "ca"
        cls.authority = bad_servers.Authority(cls.folder)
        cls.pair = cls.authority.issue("good")

    def test_tls_untrusted(self):
        self.expect("tls.untrusted", self.service.https, "-u", ADMIN[0], "--transport", "basic", advice=["--ca-file"])

    def test_tls_untrusted__another_authority(self):
        self.expect("tls.untrusted", self.service.https, "-u", ADMIN[0], "--transport", "basic", "--ca-file", self.authority.ca)

    def test_tls_name(self):
        pair = self.authority.issue("other", "DNS:other.example")
        with bad_servers.over_tls(*pair) as server:
            self.expect("tls.name", *self.https(server, "--ca-file", self.authority.ca), message=["other.example"], advice=["--tls-server-name"])

    def test_tls_expired(self):
        pair = self.authority.issue("expired", dates=("-startdate", "20200101000000Z", "-enddate", "20200201000000Z"))
        with bad_servers.over_tls(*pair) as server:
            self.expect("tls.expired", *self.https(server, "--ca-file", self.authority.ca))

    def test_tls_expired__not_valid_yet(self):
        pair = self.authority.issue("early", dates=("-startdate", "20450101000000Z", "-enddate", "20460201000000Z"))
        with bad_servers.over_tls(*pair) as server:
            self.expect("tls.expired", *self.https(server, "--ca-file", self.authority.ca))

    def test_tls_revoked(self):
        pair = self.authority.issue("revoked")
        self.authority.revoke("revoked")
        crl = self.authority.revocation_list()
        with bad_servers.over_tls(*pair) as server:
            self.expect("tls.revoked", *self.https(server, "--ca-file", self.authority.ca, "--crl-file", crl))
        with bad_servers.over_tls(*self.pair) as server:  # The list refuses that one certificate only.
            self.expect("http.not_found", *self.https(server, "--ca-file", self.authority.ca, "--crl-file", crl))

    def test_tls_pin(self):
        self.expect("tls.pin", self.service.https, "-u", ADMIN[0], "--transport", "basic", "--cert-pin", "sha256:" + "00" * 32)

    def test_tls_not_tls(self):
        self.expect("tls.not_tls", f"https://127.0.0.1:{self.service.port('http')}", "-u", ADMIN[0], "--transport", "basic", advice=["http://"])

    def test_tls_handshake__no_version_in_common(self):
        with bad_servers.over_tls(*self.pair, ciphers="ALL:@SECLEVEL=0", oldest=ssl.TLSVersion.TLSv1) as server:
            self.expect("tls.handshake", *self.https(server, "--ca-file", self.authority.ca))

    def test_tls_files(self):
        broken = self.folder / "broken.pem"
        broken.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        self.expect("tls.files", self.service.https, "-u", ADMIN[0], "--transport", "basic", "--ca-file", broken, message=["broken.pem"])

    def test_tls_files__missing(self):
        self.expect("tls.files", self.service.https, "-u", ADMIN[0], "--transport", "basic", "--ca-file", self.folder / "none.pem", message=["none.pem"])

    def test_http_tls_port(self):
        self.expect("http.tls_port", f"http://127.0.0.1:{self.service.port('https')}", "-u", ADMIN[0], "--transport", "ntlm", advice=["https://"])

    def test_net_closed__a_tls_server_that_says_nothing_to_http(self):
        with bad_servers.over_tls(*self.pair) as server:
            self.expect("net.closed", *self.http(server), advice=["5986 is HTTPS"])


class Http(ErrorCase):
    def test_http_malformed(self):
        with bad_servers.saying(b"SSH-2.0-OpenSSH_9.2\r\n") as server:
            self.expect("http.malformed", *self.http(server))

    def test_http_too_large(self):
        endless = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\nContent-Type: application/soap+xml\r\n\r\n"
        with bad_servers.saying(endless) as server:
            self.expect("http.too_large", *self.http(server))

    def test_http_not_found(self):
        with bad_servers.answering("404 Not Found") as server:
            self.expect("http.not_found", *self.http(server), message=["/wsman"], advice=["--path"])

    def test_http_not_found__wrong_path_of_a_real_service(self):
        with Service() as service:
            self.expect("http.not_found", service.http.replace("/wsman", "/wrong"), "-u", ADMIN[0], "--transport", "ntlm", message=["/wrong"])
            by_option = f"http://127.0.0.1:{service.port('http')}", "-u", ADMIN[0], "--transport", "ntlm", "--path", "/wrong"
            self.expect("http.not_found", *by_option, message=["/wrong"])

    def test_http_not_winrm(self):
        with bad_servers.answering("200 OK", body=b"<html>It works!</html>") as server:
            self.expect("http.not_winrm", *self.http(server))

    def test_http_redirected(self):
        with bad_servers.answering("302 Found", ["Location: https://elsewhere.example/"]) as server:
            self.expect("http.redirected", *self.http(server), message=["elsewhere.example"])

    def test_http_busy(self):
        with bad_servers.answering("503 Service Unavailable") as server:
            self.expect("http.busy", *self.http(server), advice=["--wait-for"])

    def test_http_status(self):
        with bad_servers.answering("418 I'm a teapot") as server:
            self.expect("http.status", *self.http(server), message=["418"])

    def test_http_request_too_large(self):
        with bad_servers.answering("413 Payload Too Large") as server:
            self.expect("http.request_too_large", *self.http(server))


class Authentication(ErrorCase):
    @classmethod
    def setUpClass(cls):
        accounts = [(*ADMIN, ["--admin"]), (*PLAIN_USER, [])]
        cls.service = cls.enterClassContext(Service(["Service/Auth/Basic=true"], accounts=accounts))
        cls.defaults = cls.enterClassContext(Service())

    def test_auth_rejected(self):
        for scheme, transport in (("http", "ntlm"), ("http", "negotiate"), ("https", "basic"), ("https", "ntlm")):
            with self.subTest(scheme=scheme, transport=transport):
                error = self.expect("auth.rejected", *words(self.service, scheme=scheme, transport=transport), password="wrong", advice=["4625"])
                self.assertIn("Negotiate", " ".join(error["offered"]))
                self.assertEqual(error["http_status"], 401)

    def test_auth_rejected__text_names_offered_tried_and_causes(self):
        ran = mullion("run", *words(self.service), "--", "echo", "never", password="wrong")
        for part in ("tried:", "ntlm", "offered:", "Negotiate", "likely:", "next:"):
            self.assertIn(part, ran.stderr)

    def test_auth_rejected__unknown_account_looks_the_same(self):
        known = self.expect("auth.rejected", *words(self.service), password="wrong")
        unknown = self.expect("auth.rejected", *words(self.service, user="nobody-of-that-name"), password="wrong")
        self.assertEqual(known["message"].replace(ADMIN[0], "?"), unknown["message"].replace("nobody-of-that-name", "?"))

    def test_auth_not_offered(self):
        error = self.expect("auth.not_offered", *words(self.defaults, scheme="https", transport="basic"), advice=["--transport"])
        self.assertIn("Negotiate", " ".join(error["offered"]))

    def test_auth_not_offered__nothing_at_all(self):
        with bad_servers.answering("401 Unauthorized") as server:
            self.expect("auth.not_offered", *self.http(server))

    def test_auth_not_offered__an_unknown_scheme(self):
        with bad_servers.answering("401 Unauthorized", ["WWW-Authenticate: Hawk realm=\"x\""]) as server:
            error = self.expect("auth.not_offered", *self.http(server))
            self.assertIn("Hawk", " ".join(error["offered"]))

    def test_auth_protocol(self):
        with bad_servers.answering("401 Unauthorized", ["WWW-Authenticate: Negotiate bm90IGEgdG9rZW4="]) as server:
            self.expect("auth.protocol", *self.http(server))

    def test_auth_plaintext(self):
        self.expect("auth.plaintext", *words(self.service, transport="basic"), advice=["--allow-unencrypted"])
        self.expect("auth.plaintext", self.service.http, "-u", ADMIN[0], advice=["--transport ntlm"])  # Which is what is tried when nothing is said.

    def test_auth_encryption_required(self):
        self.expect("auth.encryption_required", *words(self.service, "--message-encryption", "never", "--allow-unencrypted"))

    def test_wsman_access_denied(self):
        self.expect("wsman.access_denied", *words(self.service, user=PLAIN_USER[0]), password=PLAIN_USER[1])


class Usage(ErrorCase):
    def test_usage_invalid(self):
        self.expect("usage.invalid", "http://127.0.0.1:1", "-u", "x", "--env", "nothing", object_expected=False)

    def test_usage_target(self):
        for target in ("http://", "ftp://host", "http://user:secret@host", "http://host:99999", "::1:5985:x", "http://[::1"):
            with self.subTest(target):
                self.expect("usage.target", target, "-u", "x", object_expected=False)

    def test_usage_password_missing(self):
        done = subprocess.run([MULLION, "run", "http://127.0.0.1:1", "-u", "x", "--", "echo"], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=30, start_new_session=True)
        self.assertEqual(done.returncode, 5)
        self.assertIn("[usage.password_missing]", done.stderr)

    def test_usage_file(self):
        self.expect("usage.file", "http://127.0.0.1:1", "-u", "x", "--stdin", "/nonexistent/rows", message=["/nonexistent/rows"], object_expected=False)

    def test_usage_unsupported(self):
        self.expect("usage.unsupported", "host1", "-u", "x", "--proxy", "socks5://127.0.0.1:1080", object_expected=False)

    def test_auth_credentials(self):
        self.expect("auth.credentials", "http://127.0.0.1:1", object_expected=False)


class Running(ErrorCase):
    def test_run_timeout(self):
        with Service() as service:
            ran = mullion("run", *words(service, "--timeout", "1", "--output", "json"), "--", "while read x; do :; done </dev/zero")
            self.assertEqual((ran.code, ran.host["status"], ran.host["error"]["id"]), (4, "timed_out", "run.timeout"))

    def test_wsman_quota(self):
        with Service(["Winrs/MaxShellsPerUser=1"]) as service:
            first = start("run", *words(service, "--stdin", "-"), "--", "echo in; cat")
            try:
                self.assertEqual(first.stdout.readline(), b"in\n")
                self.expect("wsman.quota", *words(service), message=["shell"], advice=["winrm enumerate shell"])
            finally:
                first.communicate(b"", timeout=60)

    def test_wsman_fault(self):
        with Service() as service:
            error = self.expect("wsman.fault", *words(service, "--codepage", "12345"))
            self.assertEqual(error["wsman_code"], 2150859072)


class Language(ErrorCase):
    """Answers of a host that logs on as it should and then talks nonsense, over Basic in clear."""

    def clear(self, server, *options):
        return f"http://127.0.0.1:{server.port}", "-u", ADMIN[0], "--transport", "basic", "--allow-unencrypted", *options

    def test_wsman_malformed(self):
        with bad_servers.answering("200 OK", body=b"<s:Envelope", kind="application/soap+xml;charset=UTF-8") as server:
            self.expect("wsman.malformed", *self.clear(server))

    def test_wsman_malformed__a_document_type(self):
        body = b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"
        with bad_servers.answering("200 OK", body=body, kind="application/soap+xml;charset=UTF-8") as server:
            self.expect("wsman.malformed", *self.clear(server))

    def test_wsman_mismatch(self):
        with bad_servers.faulting(2150858793, relates_to="uuid:00000000-0000-0000-0000-000000000000") as server:
            self.expect("wsman.mismatch", *self.clear(server))

    def test_wsman_timeout(self):
        with bad_servers.faulting(2150858793) as server:
            self.expect("wsman.timeout", *self.clear(server))

    def test_wsman_shell_gone(self):
        with bad_servers.faulting(2150858843) as server:
            self.expect("wsman.shell_gone", *self.clear(server))

    def test_wsman_fault__of_the_host(self):
        with bad_servers.faulting(2150858906, "a provider's <own> words") as server:
            error = self.expect("wsman.fault", *self.clear(server), message=["a provider's <own> words"])
            self.assertEqual(error["wsman_code"], 2150858906)


class OnTheWay(ErrorCase):
    """A proxy between our client and our service that spoils one thing."""

    def proxied(self, service, change, *options, transport="ntlm", command="echo through"):
        with bad_servers.meddling(service.port("http"), change) as proxy:
            where = [f"http://127.0.0.1:{proxy.port}", "-u", ADMIN[0], "--transport", transport, *options]
            return mullion("run", *where, "--output", "json", "--", command)

    def test_seal_broken(self):
        def turn_a_bit(request, head, body):
            if b"multipart/encrypted" in head:
                at = body.rindex(b"--Encrypted Boundary--") - 5
                body = body[:at] + bytes([body[at] ^ 1]) + body[at + 1:]
            return head, body

        with Service() as service:
            ran = self.proxied(service, turn_a_bit)
            self.assertEqual((ran.code, ran.host["status"], ran.host["error"]["id"]), (4, "unreachable", "seal.broken"))

    def test_run_output_incomplete(self):
        lost = []

        def lose_first_receive(request, head, body):
            if b"shell/Receive<" in request and not lost:
                lost.append(body)
                return None
            return head, body

        with Service(["Service/Auth/Basic=true", "Service/AllowUnencrypted=true"]) as service:
            ran = self.proxied(service, lose_first_receive, "--allow-unencrypted", transport="basic", command="echo one; exit 3")
            self.assertTrue(lost)
            self.assertEqual((ran.host["status"], ran.host["exit_code"], ran.host["output_complete"]), ("failed", 3, False), ran)
            self.assertIn("[run.output_incomplete]", ran.stderr)

    def test_run_unknown__every_answer_after_the_command_is_lost(self):
        sent = []

        def lose_all_after_command(request, head, body):
            if b"shell/Command<" in request:
                sent.append(body)
            return None if sent else (head, body)

        with Service(["Service/Auth/Basic=true", "Service/AllowUnencrypted=true"]) as service:
            ran = self.proxied(service, lose_all_after_command, "--allow-unencrypted", transport="basic")
            self.assertEqual((ran.code, ran.host["status"], ran.host["exit_code"]), (4, "unknown", None), ran)
            self.assertEqual(len(sent), 1, "a command is never sent twice")
            self.assertEqual(ran.host["error"]["id"], "run.unknown")

    def test_run_shell_left_open(self):
        with Service(["Service/Auth/Basic=true", "Service/AllowUnencrypted=true"]) as service:
            ran = self.proxied(service, lambda request, head, body: None if b"transfer/Delete<" in request else (head, body),
                               "--allow-unencrypted", "--operation-timeout", "2", "--read-timeout", "3", transport="basic")
            self.assertEqual((ran.code, ran.host["status"], ran.host["stdout"]), (0, "ok", "through\n"), ran)
            self.assertIn("[run.shell_left_open]", ran.stderr)


class ThisMachine(ErrorCase):
    def test_net_unreachable(self):
        """In a network namespace of its own there is no route to anywhere."""
        apart = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
        if subprocess.run([*apart, "true"], capture_output=True).returncode != 0:
            self.skipTest("network namespaces cannot be made here")
        done = subprocess.run([*apart, MULLION, "run", "http://192.0.2.1:5985", "-u", "x", "--transport", "ntlm", "--password-file", "-", "--output", "json", "--", "x"],
                              input=b"password", capture_output=True, timeout=60)
        host = json.loads(done.stdout)["hosts"][0]
        self.assertEqual((done.returncode, host["status"], host["error"]["id"]), (4, "unreachable", "net.unreachable"))

    def test_run_input(self):
        with Service() as service:  # Opens, and gives an error when it is read.
            ran = mullion("run", *words(service, "--stdin", "/proc/self/mem", "--output", "json"), "--", "cat")
        self.assertEqual((ran.code, ran.host["status"], ran.host["error"]["id"]), (4, "failed", "run.input"), ran)


if __name__ == "__main__":
    unittest.main()
