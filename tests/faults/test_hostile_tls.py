"""Hosts that attack the client inside TLS: messages and chains without measure, noise without end, records that drip, and what is no TLS."""
import contextlib
import os
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from tests.e2e import bad_servers
from tests.support.hostile import COMMAND, Crowd, answer, attack, envelope, passwords_in, speaking, usual
from tests.support.service import ADMIN, MULLION, read_line

MOST_KIB = 64 * 1024
HANDSHAKE, ALERT, DATA, CHANGE = 22, 21, 23, 20


def record(kind, data):
    return bytes([kind]) + b"\x03\x03" + len(data).to_bytes(2, "big") + data


def message(kind, data, length=None):
    return bytes([kind]) + (len(data) if length is None else length).to_bytes(3, "big") + data


# TLS 1.2, ECDHE-ECDSA-AES128-GCM-SHA256, secure renegotiation: what OpenSSL goes on after. RFC 5246 7.4.1.3
SERVER_HELLO = record(HANDSHAKE, message(2, b"\x03\x03" + bytes(range(32)) + b"\x00" + b"\xc0\x2b\x00" + b"\x00\x05\xff\x01\x00\x01\x00"))


def greeted(then):
    """Takes the ClientHello, and goes on."""
    def serve(talk):
        talk.connection.recv(65536)
        then(talk)
    return serve


def endless(piece, first=b""):
    return greeted(lambda talk: talk.endlessly(piece * max(1, 65536 // len(piece)), first))


def says(data):
    return greeted(lambda talk: (talk.say(data), talk.wait()))


def drips(data):
    """A byte every half second."""
    def serve(talk):
        talk.connection.recv(65536)
        talk.connection.settimeout(0.5)
        at = 0
        while True:
            try:
                if not talk.connection.recv(65536):
                    return
            except TimeoutError:
                talk.say(data[at % len(data):][:1])
                at += 1
    return serve


def certificates(der, count):
    listed = (len(der).to_bytes(3, "big") + der) * count
    whole = message(11, len(listed).to_bytes(3, "big") + listed)
    return b"".join(record(HANDSHAKE, whole[at:at + 16384]) for at in range(0, len(whole), 16384))


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.authority = bad_servers.Authority(cls.folder / "ca")
        cls.pair = cls.authority.issue("good")
        cls.der = ssl.PEM_cert_to_DER_cert(cls.pair[0].read_text())

    def context(self, **settings):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.pair)
        for name, value in settings.items():
            setattr(context, name, value)
        return context

    def basic(self, *options):
        return ("-u", ADMIN[0], "--transport", "basic", "--ca-file", self.authority.ca, "--connect-timeout", "5", "--read-timeout", "5",
                "--operation-timeout", "4", *options)

    def go(self, crowd, command="run"):
        """The crowd beside a host that is as it should be."""
        with Crowd({"good": speaking()}, self.context()) as others:
            urls = [crowd.url(name, "https") for name in crowd.hosts] + [others.url("good", "https")]
            tail = ["--timeout", "20", "--", COMMAND] if command == "run" else []
            ran = attack(command, ",".join(urls), *self.basic("--forks", "50", "--output", "jsonl"), *tail)
            self.assertGreaterEqual(ran.code, 0, "killed by a signal")
            self.assertLess(ran.peak, MOST_KIB, "KiB at the most")
            self.assertEqual(others.results(ran)["good"]["status"], "ok")
            return crowd.results(ran), ran


class Handshake(Tls):
    def test_attacks(self):
        ids = {
            "a certificate message of 16 MB": (endless(record(HANDSHAKE, bytes(16384)), SERVER_HELLO + record(HANDSHAKE, message(11, b"", 0xFFFFFF))), "tls.handshake"),
            "thousands of certificates": (says(SERVER_HELLO + certificates(self.der, 5000)), "tls.handshake"),
            "a hundred certificates of nobody": (says(SERVER_HELLO + certificates(self.der, 100)), "net.timeout"),  # And then nothing more.
            "HelloRequest without end": (endless(record(HANDSHAKE, message(0, b""))), "net.timeout tls.handshake"),
            "HelloRequest without end after the hello": (endless(record(HANDSHAKE, message(0, b"")), SERVER_HELLO), "net.timeout tls.handshake"),
            "empty records without end": (endless(record(HANDSHAKE, b"")), "tls.handshake"),
            "warnings without end": (endless(record(ALERT, b"\x01\x5a")), "tls.handshake"),
            "change of cipher without end": (endless(record(CHANGE, b"\x01")), "tls.handshake"),
            "data before the handshake": (endless(record(DATA, bytes(1000))), "tls.handshake"),
            "a record over its limit": (says(b"\x16\x03\x03\xff\xff" + bytes(65535)), "tls.handshake"),
            "a fatal alert": (says(record(ALERT, b"\x02\x28")), "tls.handshake"),
            "an alert after the hello": (says(SERVER_HELLO + record(ALERT, b"\x02\x28")), "tls.handshake"),
            "the end after the hello": (greeted(lambda talk: talk.say(SERVER_HELLO)), "tls.handshake"),
            "a reset after the hello": (greeted(lambda talk: (talk.say(SERVER_HELLO), talk.reset())), "tls.handshake"),
            "a hello that drips": (drips(SERVER_HELLO), "net.timeout"),
            "records of one byte that drip": (drips(b"".join(record(HANDSHAKE, bytes([byte])) for byte in SERVER_HELLO[5:])), "net.timeout"),
            "nothing": (lambda talk: talk.wait(), "net.timeout"),
            "HTTP": (says(answer(b"<x/>")), "tls.not_tls"),
            "HTTP without end": (endless(b"HTTP/1.1 400 Bad Request\r\n"), "tls.not_tls"),
            "SSH": (lambda talk: (talk.say(b"SSH-2.0-OpenSSH_9.2\r\n"), talk.wait()), "tls.not_tls"),
            "SMTP": (lambda talk: (talk.say(b"220 mail.example ESMTP\r\n"), talk.wait()), "tls.not_tls"),
        }
        for command, step in (("run", "connect"), ("ping", "connect")):
            with Crowd({name: way for name, (way, _) in ids.items()}) as crowd:
                results, _ = self.go(crowd, command)
                for name, (_, expected) in ids.items():
                    with self.subTest(name, command=command):
                        result = results[name]
                        self.assertEqual(result["status"], "unreachable", result)
                        self.assertIn(result["error"]["id"], expected.split(), result)
                        self.assertRegex(result["error"]["message"], f"^127.0.0.1:{crowd[name].port}: {step}: ")
                        self.assertTrue(result["error"]["advice"])
                        self.assertEqual(passwords_in(crowd[name].heard), [])

    def test_a_chain_of_two_hundred_of_the_authority(self):
        """What the host sends beside its own certificate costs little and changes nothing."""
        chain = self.folder / "chain.pem"
        chain.write_text(self.pair[0].read_text() + self.authority.ca.read_text() * 200)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, self.pair[1])
        with Crowd({"long": speaking()}, context) as crowd:
            results, _ = self.go(crowd)
            self.assertIn(results["long"]["status"], ("ok", "unreachable"), results)  # 100 KB is OpenSSL's own limit.


class Connected(Tls):
    """After the handshake. By ping: run would ask again for what may have been lost, as it should."""

    def check(self, ways, error_id, status="unreachable", context=None):
        with Crowd(ways, context or self.context()) as crowd:
            results, _ = self.go(crowd, "ping")
            for name in ways:
                with self.subTest(name):
                    self.assertEqual((results[name]["status"], results[name]["error"]["id"]), (status, error_id), results[name])
                    self.assertRegex(results[name]["error"]["message"], f"^127.0.0.1:{crowd[name].port}: identify: ")

    def test_bytes_that_are_no_record(self):
        def raw(data):
            def serve(talk):
                talk.request()
                os.write(talk.connection.fileno(), data)
                talk.connection.recv(65536)
            return serve
        self.check({"an alert in clear": raw(record(ALERT, b"\x02\x28")), "HTTP in clear": raw(answer(b"<x/>")), "data in clear": raw(record(DATA, bytes(100)))}, "net.closed")
        self.check({"half a record": raw(b"\x17\x03\x03\x10\x00abc")}, "net.read_timeout")

    def test_the_end_without_saying_so(self):
        """A cut is no end: what came before it is no whole answer."""
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n\r\n<x/>"

        def cut(talk):
            talk.request()
            talk.say(head)
            with socket.socket(fileno=os.dup(talk.connection.fileno())) as raw:
                raw.shutdown(socket.SHUT_RDWR)
        self.check({"cut": cut}, "net.closed")

    def test_ten_thousand_tickets(self):
        context = self.context(minimum_version=ssl.TLSVersion.TLSv1_3, num_tickets=10_000)
        with Crowd({"tickets": speaking()}, context) as crowd:
            results, _ = self.go(crowd)
            self.assertEqual(results["tickets"]["status"], "ok", results)

    def test_key_updates_without_end(self):
        """They are no answer: the read timeout goes on."""
        command = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-tls1_3", "-cert", self.pair[0], "-key", self.pair[1]]
        server = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(server.stdout.close)
        over = threading.Event()

        def update():
            with contextlib.suppress(OSError, ValueError):
                while not over.is_set():
                    os.write(server.stdin.fileno(), b"k\n")

        def drain():
            with contextlib.suppress(OSError, ValueError):
                while os.read(server.stdout.fileno(), 65536):
                    pass
        try:
            port = None
            while port is None:
                line = read_line(server.stdout, server)
                self.assertIsNotNone(line, "openssl s_server said nothing")
                if line.startswith("ACCEPT "):
                    port = int(line.rsplit(":", 1)[1])
            threads = [threading.Thread(target=update, daemon=True), threading.Thread(target=drain, daemon=True)]
            for thread in threads:
                thread.start()
            ran = attack("ping", f"https://127.0.0.1:{port}", *self.basic("--output", "jsonl"), program=MULLION)
        finally:
            over.set()
            server.kill()
            server.wait()
            server.stdin.close()
        self.assertIn('"net.read_timeout"', ran.stdout.decode())
        self.assertLess(ran.peak, MOST_KIB)

    def test_answers_are_the_same_as_in_clear(self):
        big = answer(b"x" * 17_000_000)
        self.check({"too large": lambda talk: (talk.request(), talk.say(big)), "chunks": lambda talk: (talk.request(), talk.endlessly(
            (b"1;" + b"e" * 1000 + b"\r\nx\r\n") * 16, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))}, "http.too_large")

    def test_a_good_one_byte_by_byte(self):
        """Records of one byte are only slow."""
        def bytewise(talk, request):
            for byte in answer(envelope(request, usual(request))):
                talk.say(bytes([byte]))
        with Crowd({"slow": speaking(create=bytewise)}, self.context()) as crowd:
            results, _ = self.go(crowd)
            self.assertEqual(results["slow"]["status"], "ok", results)


if __name__ == "__main__":
    unittest.main()
