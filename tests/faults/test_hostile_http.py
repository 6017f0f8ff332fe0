"""Hosts that attack the client below WS-Management: bodies, headers, chunks and redirects without measure, other protocols, cut connections."""
import gzip
import socket
import unittest

from tests.support.hostile import COMMAND, Crowd, answer, attack, clear, passwords_in, sealed, speaking
from tests.support.service import ADMIN

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
BLOCK = b"x" * 65536
REDIRECTS = (300, 301, 302, 303, 304, 305, 307, 308)
MOST_KIB = 128 * 1024  # Of the whole client, all of the hosts below at once: the largest answer it takes is 16 MiB.


def once(said):
    """Says that after the first request of each connection."""
    def serve(talk):
        talk.request()
        talk.say(said)
    return serve


def flood(piece, first=b""):
    """Says that without end."""
    def serve(talk):
        talk.request()
        talk.endlessly(piece, first)
    return serve


def drip(first, piece):
    """Says so and then a little, again and again, in its own time: more often than the read timeout, and for ever."""
    def serve(talk):
        talk.request()
        talk.say(first)
        talk.connection.settimeout(0.5)
        while True:
            try:
                if not talk.connection.recv(65536):
                    return
            except TimeoutError:
                talk.say(piece)
    return serve


def again_and_again(said):
    def serve(talk):
        while talk.request():
            talk.say(said)
    return serve


def slowly(first, piece):
    """A large piece, and the next one half a second later: faster than anything calls a drip."""
    return drip(first + piece, piece)


def half_closed(talk):
    talk.request()
    talk.connection.shutdown(socket.SHUT_WR)
    talk.wait()


def reset(talk):
    talk.request()
    talk.reset()


def reset_after(said):
    def serve(talk):
        talk.request()
        talk.say(said)
        talk.reset()
    return serve


# name: (what the host does, the error's id, what its text says)
BODIES = {
    "ten gigabytes": (flood(BLOCK, HEAD + b"Content-Length: 10737418240\r\n\r\n"), "http.too_large", "a body over 16777216 bytes"),
    "the largest number": (flood(BLOCK, HEAD + b"Content-Length: 9223372036854775807\r\n\r\n"), "http.too_large", "a body over 16777216"),
    "beyond the largest number": (flood(BLOCK, HEAD + b"Content-Length: 18446744073709551616\r\n\r\n"), "http.malformed", "Content-Length is no number"),
    "a length below zero": (once(HEAD + b"Content-Length: -1\r\n\r\n"), "http.malformed", "Content-Length is no number"),
    "a length in hex": (once(HEAD + b"Content-Length: 0x10\r\n\r\n"), "http.malformed", "Content-Length is no number"),
    "a length with a sign": (once(HEAD + b"Content-Length: +5\r\n\r\nhello"), "http.malformed", "Content-Length is no number"),
    "a list of lengths": (once(HEAD + b"Content-Length: 5, 5\r\n\r\nhello"), "http.malformed", "Content-Length is no number"),
    "two lengths": (once(HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"), "http.malformed", "Content-Length twice"),
    "the same length twice": (once(HEAD + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"), "http.malformed", "Content-Length twice"),
    "no length, no end": (flood(BLOCK, HEAD + b"\r\n"), "http.too_large", "a body over 16777216 bytes"),
    "length and chunks": (once(HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), "http.malformed",
                          "both Content-Length and Transfer-Encoding"),
    "a bomb of gzip": (once(answer(gzip.compress(bytes(10_000_000)), headers=["Content-Encoding: gzip"])), "http.malformed", "a Content-Encoding, which was not asked for"),
    "brotli": (once(answer(b"abc", headers=["Content-Encoding: br"])), "http.malformed", "a Content-Encoding"),
    "deflate behind identity": (once(answer(b"abc", headers=["Content-Encoding: identity, deflate"])), "http.malformed", "a Content-Encoding"),
    "chunked, gzip": (once(HEAD + b"Transfer-Encoding: chunked, gzip\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), "http.malformed", "a Transfer-Encoding other than chunked"),
    "gzip, chunked": (once(HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), "http.malformed", "a Transfer-Encoding other than chunked"),
    "an unknown coding": (once(HEAD + b"Transfer-Encoding: xchunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), "http.malformed", "a Transfer-Encoding other than chunked"),
}
CHUNKS = {
    "a chunk of 2^63": (flood(BLOCK, CHUNKED + b"8000000000000000\r\n"), "http.too_large", "a body over 16777216 bytes"),
    "a chunk of 2^64 - 1": (flood(BLOCK, CHUNKED + b"ffffffffffffffff\r\n"), "http.too_large", "a body over"),
    "a chunk of 2^64": (flood(BLOCK, CHUNKED + b"10000000000000000\r\n"), "http.malformed", "chunk"),
    "a size without end": (flood(b"0" * 65536, CHUNKED), "http.too_large", "chunk"),
    "a size with 0x": (once(CHUNKED + b"0x5\r\nhello\r\n0\r\n\r\n"), "http.malformed", "chunk"),
    "a size below zero": (once(CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n"), "http.malformed", "chunk"),
    "an extension without end": (flood(BLOCK, CHUNKED + b"5;a="), "http.too_large", "chunk"),
    "extensions without end": (flood(b";a=b" * 16384, CHUNKED + b"5"), "http.too_large", "chunk"),
    "chunks without end": (flood(b"1\r\nx\r\n" * 10000, CHUNKED), "http.too_large", "more framing than content"),
    "long extensions of short chunks": (flood((b"1;" + b"e" * 1000 + b"\r\nx\r\n") * 64, CHUNKED), "http.too_large", "more framing than content"),
    "a chunk that does not end": (once(CHUNKED + b"5\r\nhelloXX0\r\n\r\n"), "http.malformed", "chunk"),
    "trailers without end": (flood(b"X: y\r\n" * 1000, CHUNKED + b"0\r\n"), "http.too_large", ""),
    "a trailer without end": (flood(BLOCK, CHUNKED + b"0\r\nX: "), "http.too_large", ""),
    "a length in the trailer": (once(CHUNKED + b"0\r\nContent-Length: 5\r\n\r\nhello"), "http.malformed", "Content-Length"),
}
HEADERS = {
    "a header without end": (flood(BLOCK, b"HTTP/1.1 200 OK\r\nX: "), "http.too_large", "a header over 65536 bytes"),
    "header lines without end": (flood(b"X: y\r\n" * 1000, b"HTTP/1.1 200 OK\r\n"), "http.too_large", "a header over 65536 bytes"),
    "folded lines without end": (flood(b" y\r\n" * 1000, b"HTTP/1.1 200 OK\r\nX: y\r\n"), "http.too_large", "a header over 65536 bytes"),
    "line feeds alone": (flood(b"X: y\n" * 1000, b"HTTP/1.1 200 OK\n"), "http.too_large", "a header over 65536 bytes"),
    "a status line without end": (flood(BLOCK, b"HTTP/1.1 200 "), "http.too_large", "a header over 65536 bytes"),
    "a status without end": (flood(b"0" * 65536, b"HTTP/1.1 2"), "http.too_large", "a header over 65536 bytes"),
    "a version without end": (flood(b"1" * 65536, b"HTTP/1."), "http.too_large", "a header over 65536 bytes"),
    "a thousand fields": (once(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n"), "http.malformed", "header fields"),
    "a NUL in a field": (once(HEAD + b"X: a\0b\r\nContent-Length: 0\r\n\r\n"), "http.malformed", "control character"),
    "100 without end": (flood(b"HTTP/1.1 100 Continue\r\n\r\n" * 100), "http.malformed", "one informational answer after the other"),
    "103 without end": (flood(b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" * 100), "http.malformed", "one informational answer after the other"),
    "101": (once(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"), "http.malformed", "101 without asking"),
    "status 2000": (once(b"HTTP/1.1 2000 What\r\nContent-Length: 0\r\n\r\n"), "http.malformed", "status"),
    "status 204": (once(b"HTTP/1.1 204 None\r\n\r\n"), "http.not_winrm", "HTTP 204"),
    "status 206": (once(answer(b"x", status="206 Partial")), "http.not_winrm", "HTTP 206"),
    "nothing in it": (once(answer(b"")), "http.not_winrm", "HTTP 200 OK with nothing in it"),
    "a redirect with an escape sequence": (once(answer(b"", status="301 Moved", headers=["Location: http://\x1b]0;x\x07/"])), "http.malformed", "control character"),
    "a page": (once(answer(b"<html>", kind="text/html")), "http.not_winrm", "text/html instead of application/soap+xml"),
}
OTHERS = {
    "HTTP/2": (once(b"HTTP/2.0 200 OK\r\n\r\n"), "http.malformed", "not HTTP"),
    "HTTP/0.9": (once(b"<html>hello</html>"), "http.malformed", "not HTTP"),
    "TLS": (once(b"\x15\x03\x01\x00\x02\x02\x46"), "http.tls_port", "a TLS record"),
    "SSH": (once(b"SSH-2.0-OpenSSH_9.2\r\n"), "http.malformed", "not HTTP"),
    "SSH, before it is asked": (lambda talk: (talk.say(b"SSH-2.0-OpenSSH_9.2\r\n"), talk.wait()), "http.malformed", "not HTTP"),
    "SMTP": (once(b"220 mail.example ESMTP\r\n"), "http.malformed", "not HTTP"),
    "zeros without end": (flood(bytes(65536)), "http.malformed", "not HTTP"),
}
# These look like a service that restarts: the client asks again, as it should, until its patience ends.
CUTS = {
    "status 999": (once(b"HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n"), "http.status", "HTTP 999 What"),
    "half closed": (half_closed, "net.closed", "not a byte of it came"),
    "reset at once": (lambda talk: talk.reset(), "net.closed net.refused", ""),  # As the moment has it.
    "reset after the request": (reset, "net.closed", ""),
    "reset in the header": (reset_after(b"HTTP/1.1 200 OK\r\nCont"), "net.closed", ""),
    "reset in the body": (reset_after(HEAD + b"Content-Length: 100\r\n\r\nhello"), "net.closed", ""),
    "closed in the header": (once(b"HTTP/1.1 200 OK\r\nCont"), "net.closed", "in the middle of a header"),
    "closed in the body": (once(HEAD + b"Content-Length: 100\r\n\r\nhello"), "net.closed", "in the middle of a body"),
    "closed in a chunk": (once(CHUNKED + b"10\r\nhello"), "net.closed", "in the middle of a"),
}
# A byte every half second: more than the read timeout wants between two bytes, and never done.
DRIPS = {
    "a header that drips": (drip(b"HTTP/1.1 200 OK\r\nX: ", b"x"), "net.read_timeout", "bytes of it came"),
    "a body that drips": (drip(HEAD + b"Content-Length: 1000\r\n\r\n", b"x"), "net.read_timeout", "bytes of it came"),
    "chunks that drip": (drip(CHUNKED, b"1\r\nx\r\n"), "net.read_timeout", "bytes of it came"),
    "nothing at all": (lambda talk: talk.wait(), "net.read_timeout", ""),
}
QUICK = ("--read-timeout", "3", "--operation-timeout", "2")
PATIENT = ("--read-timeout", "30")  # Where nothing is waited for: a slow machine is no drip.


class Hostile(unittest.TestCase):
    """Each crowd in one run, beside a host that is as it should be."""

    def go(self, ways, command="run", options=clear(), timeout="90", **how):
        crowd = self.enterContext(Crowd({"good": speaking(), **{name: way for name, (way, _, _) in ways.items()}}, **how))
        tail = ["--timeout", timeout, "--", COMMAND] if command == "run" else []
        urls = ",".join(crowd.url(name) for name in crowd.hosts)
        return crowd, attack(command, urls, *options, *(QUICK if set(ways) & set(DRIPS) else PATIENT), "--forks", "100", "--output", "jsonl", *tail)

    def check(self, ways, **how):
        crowd, ran = self.go(ways, **how)
        self.assertEqual(ran.code, 4, ran.stderr)
        self.assertLess(ran.peak, MOST_KIB, "KiB at the most")
        results = crowd.results(ran)
        self.assertEqual((results["good"]["status"], results["good"].get("stdout", "good\n")), ("ok", "good\n"))
        for name, (_, error_id, said) in ways.items():
            with self.subTest(name):
                result = results[name]
                self.assertEqual(result["status"], "unreachable", result)
                self.assertIn(result["error"]["id"], error_id.split())
                self.assertIn(said, result["error"]["message"])
                self.assertIn(f"127.0.0.1:{crowd[name].port}: ", result["error"]["message"], "names the host")
                self.assertRegex(result["error"]["message"], ": (connect|create shell|identify|log on): ", "names the step")
                self.assertTrue(result["error"]["advice"])
                self.assertEqual(crowd[name].commands, 0, "nothing was run")
        return crowd, ran


class Run(Hostile):
    def test_bodies(self):
        self.check(BODIES)

    def test_chunks(self):
        self.check(CHUNKS)

    def test_headers(self):
        self.check(HEADERS)

    def test_other_protocols(self):
        self.check(OTHERS)

    def test_cut_connections(self):
        self.check(CUTS)

    def test_answers_that_drip(self):
        self.check(DRIPS)


class Ping(Hostile):
    """Nothing of this may keep it longer than the limits of one answer, or than its --timeout."""

    def test_the_timeout_is_wall_clock(self):
        """Whatever is going on: silence, a flood that is kept within every limit, a handshake that never comes to its end."""
        chunk = b"10000\r\n" + BLOCK + b"\r\n"
        ways = {"silent": lambda talk: talk.wait(), "slow": slowly(CHUNKED, chunk), "busy": again_and_again(answer(b"", status="503 Busy"))}
        crowd = self.enterContext(Crowd({"good": speaking(), **ways}))
        urls = ",".join(crowd.url(name) for name in crowd.hosts)
        ran = attack("ping", urls, *clear("--timeout", "1", "--output", "jsonl"))
        results = crowd.results(ran)
        self.assertEqual([results[name]["status"] for name in crowd.hosts], ["ok", "timed_out", "timed_out", "unreachable"], ran)
        for name in ("silent", "slow"):
            self.assertEqual(results[name]["error"]["id"], "run.timeout")
            self.assertRegex(results[name]["error"]["message"], f"^127.0.0.1:{crowd[name].port}: identify: the time given with --timeout is over: 1 s")

    def test_bodies_chunks_and_headers(self):
        self.check({**BODIES, **CHUNKS, **HEADERS}, command="ping")

    def test_other_protocols_and_cut_connections(self):
        self.check({**OTHERS, **CUTS}, command="ping")

    def test_answers_that_drip(self):
        self.check(DRIPS, command="ping")

    def test_its_deadline(self):
        crowd, ran = self.go(DRIPS, options=(*clear(), "--timeout", "1"), command="ping")
        self.assertEqual(ran.code, 4, ran.stderr)
        results = crowd.results(ran)
        self.assertEqual(results.pop("good")["status"], "ok")
        for name, result in results.items():
            with self.subTest(name):
                self.assertEqual((result["status"], result["error"]["id"]), ("timed_out", "run.timeout"), result)
                self.assertIn(": 1 s", result["error"]["message"])


class LoggingOn(Hostile):
    """The same before the client has logged on: it then has nothing to tell, and sends no password to anybody."""

    def check(self, ways, **how):
        crowd, ran = self.go(ways, options=sealed(), **how)
        self.assertEqual(ran.code, 4, ran.stderr)
        self.assertLess(ran.peak, MOST_KIB, "KiB at the most")
        for name, result in crowd.results(ran).items():
            with self.subTest(name):
                self.assertIn(result["status"], ("unreachable", "refused"), result)
                self.assertRegex(result["error"]["message"], f"^127.0.0.1:{crowd[name].port}: (connect|log on): ")
                self.assertTrue(result["error"]["advice"])
                self.assertEqual(passwords_in(crowd[name].heard), [])
                self.assertNotIn(COMMAND.encode(), crowd[name].heard)

    def test_every_answer(self):
        self.check({**BODIES, **CHUNKS, **HEADERS, **OTHERS})

    def test_cut_connections_and_drips(self):
        self.check({**CUTS, **DRIPS})


class Redirects(Hostile):
    """Nobody is followed, and nobody else gets the credentials."""

    def test_each_status(self):
        with Crowd({"other": speaking()}) as others:
            places = {"another host": others.url("other") + "/wsman", "http": others.url("other"), "itself": "/wsman", "nowhere": "", "a file": "file:///etc/passwd",
                      "with a user": f"http://{ADMIN[0]}@127.0.0.1:{others['other'].port}/"}
            ways = {f"{status} to {name}": (once(answer(b"", status=f"{status} Moved", headers=[f"Location: {place}"])), "http.redirected", str(status))
                    for status in REDIRECTS for name, place in places.items()}
            crowd, _ = self.check(ways)
            self.assertEqual(others["other"].connections, 0)
            for name in ways:
                self.assertEqual(crowd[name].connections, 1, f"{name}: it asked again")

    def test_in_the_middle_of_a_run(self):
        with Crowd({"other": speaking()}) as others:
            moved = answer(b"", status="307 Moved", headers=[f"Location: {others.url('other')}/wsman"])
            crowd = self.enterContext(Crowd({"bad": speaking(command=moved)}))
            ran = attack("run", crowd.url("bad"), *clear("--output", "jsonl"), "--", COMMAND)
            result = crowd.results(ran)["bad"]
            self.assertEqual((result["error"]["id"], crowd["bad"].commands, others["other"].connections), ("http.redirected", 1, 0), result)


if __name__ == "__main__":
    unittest.main()
