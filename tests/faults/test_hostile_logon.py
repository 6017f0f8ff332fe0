"""Hosts that attack the client while it logs on: challenges that are none, without end, of other schemes; and never is the password to be had."""
import base64
import re
import struct
import unittest

from tests.e2e import bad_servers
from tests.e2e.client import mullion
from tests.support.hostile import COMMAND, Crowd, answer, attack, envelope, passwords_in, sealed, speaking, usual
from tests.support.service import ADMIN, Service

MOST_KIB = 96 * 1024
FLAGS = 0xE28A8235  # What a Windows host answers with: Unicode, NTLM, always sign, target info, 128 and 56 bits, key exchange, version.


def pair(kind, value):
    return struct.pack("<HH", kind, len(value)) + value


INFO = (pair(2, "HOST".encode("utf-16-le")) + pair(1, "HOST".encode("utf-16-le")) + pair(4, "host.example".encode("utf-16-le"))
        + pair(3, "host.example".encode("utf-16-le")) + pair(7, b"\x00\x80\x3e\xd5\xde\xb1\x9d\x01") + pair(0, b""))
NAME = "HOST".encode("utf-16-le")


def challenge(name=NAME, info=INFO, flags=FLAGS, name_field=None, info_field=None, kind=2, signature=b"NTLMSSP\0"):
    """[MS-NLMP] 2.2.1.2. A field is (length, longest, offset)."""
    name_field = name_field or (len(name), len(name), 56)
    info_field = info_field or (len(info), len(info), 56 + len(name))
    return (signature + struct.pack("<I", kind) + struct.pack("<HHI", *name_field) + struct.pack("<I", flags) + bytes(range(8)) + bytes(8)
            + struct.pack("<HHI", *info_field) + b"\x0a\x00\x63\x45\x00\x00\x00\x0f" + name + info)


def der(tag, content):
    if len(content) < 0x80:
        length = bytes([len(content)])
    else:
        size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
        length = bytes([0x80 | len(size)]) + size
    return bytes([tag]) + length + content


def wrapped(token, state=1):
    """NegTokenResp with NTLM chosen. RFC 4178 4.2.2"""
    mechanism = bytes.fromhex("060a2b06010401823702020a")
    return der(0xA1, der(0x30, der(0xA0, der(0x0A, bytes([state]))) + der(0xA1, mechanism) + der(0xA2, der(0x04, token))))


def unauthorized(*fields):
    return answer(b"", status="401 Unauthorized", headers=[f"WWW-Authenticate: {field}" for field in fields])


def asks(token, then=None):
    """401 with that token for the first message; for each further one 401 without one, or `then`."""
    def serve(talk):
        first = True
        while talk.request():
            talk.say(unauthorized("Negotiate " + base64.b64encode(token).decode()) if first else then or unauthorized("Negotiate"))
            first = False
    return serve


def again_and_again(said):
    def serve(talk):
        while talk.request():
            talk.say(said)
    return serve


def mutations():
    """Every cut, every byte made 0, 255 or one bit else, every field at its edges."""
    good = challenge()
    found = {f"cut at {length}": good[:length] for length in range(1, len(good))}  # Without a token it is no challenge.
    for at in range(len(good)):
        for name, byte in (("0", 0), ("255", 255), ("another bit", good[at] ^ 0x80)):
            if byte != good[at]:
                found[f"byte {at} is {name}"] = good[:at] + bytes([byte]) + good[at + 1:]
    edges = (0, 1, 7, 8, 0x7FFF, 0x8000, 0xFFFF)
    offsets = (0, 1, 47, 48, 55, 56, len(good) - 1, len(good), len(good) + 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF)
    for which in ("name", "info"):
        for length in edges:
            for offset in offsets:
                found[f"{which}: {length} at {offset}"] = challenge(**{f"{which}_field": (length, length, offset)})
    for length in range(0, 0x10000, 0x1555):
        found[f"a pair of {length}"] = challenge(info=struct.pack("<HH", 2, length) + b"A" * 8)
    found["pairs without end"] = challenge(info=pair(2, b"AA") * 2000)
    found["forty thousand bytes"] = challenge(info=pair(2, b"A" * 40_000) + pair(0, b""))
    found["a time of one byte"] = challenge(info=pair(7, b"\x00") + pair(0, b""))
    found["two times"] = challenge(info=pair(7, bytes(8)) * 2 + pair(0, b""))
    found["no pairs at all"] = challenge(info=b"")
    for kind in (0, 1, 3, 4, 0xFFFFFFFF):
        found[f"a message of kind {kind}"] = challenge(kind=kind)
    for flags in (0, 0xFFFFFFFF, 1, FLAGS & ~0x20000000, FLAGS & ~0x00800000, FLAGS & ~0x00080000, FLAGS & ~0x40000000, FLAGS ^ 3):
        found[f"flags {flags:08x}"] = challenge(flags=flags)
    found["another signature"] = challenge(signature=b"NTLMSSQ\0")
    found["nothing"] = b"\0"
    found["what crashed gss-ntlmssp"] = bytes.fromhex("2a2cb52c04")
    return found


class LoggingOn(unittest.TestCase):
    def attacked(self, ways, *options, ids, words=sealed(), step="log on"):
        """All of them in one run, beside the real service, which is logged on to and runs the command."""
        with Service() as service, Crowd(ways) as crowd:
            urls = [crowd.url(name) for name in ways]
            urls.insert(len(urls) // 2, service.http)
            ran = attack("run", ",".join(urls), *words, *options, "--forks", "30", "--read-timeout", "10", "--operation-timeout", "5", "--timeout", "30",
                         "--output", "jsonl", "--", COMMAND)
            self.assertGreaterEqual(ran.code, 0, f"killed by signal {-ran.code}")
            self.assertLess(ran.peak, MOST_KIB, "KiB at the most")
            results = crowd.results(ran)
            good = [line for line in ran.stdout.decode().splitlines() if f'"127.0.0.1:{service.port("http")}"' in line]
            self.assertEqual(len(good), 1)
            self.assertIn('"status":"ok"', good[0])
            for name in ways:
                with self.subTest(name):
                    result = results[name]
                    self.assertIsNotNone(result, "has no result")
                    self.assertIn(result["error"]["id"], ids.split(), result)
                    self.assertRegex(result["error"]["message"], f"^127.0.0.1:{crowd[name].port}: ({step}): ")
                    self.assertTrue(result["error"]["advice"])
                    self.assertEqual(passwords_in(crowd[name].heard), [], "the password was sent")
                    self.assertNotIn(COMMAND.encode(), crowd[name].heard, "the command was sent")
                    self.assertLess(crowd[name].connections, 8, "each is a guess at a locked account")
            return crowd, results


class Challenges(LoggingOn):
    """A challenge that can be answered is, and then refused: auth.rejected. Every other one is told as what it is."""

    def check(self, wrap, transport):
        ways = {name: asks(wrap(token)) for name, token in mutations().items()}
        crowd, results = self.attacked(ways, ids="auth.protocol auth.rejected auth.not_offered", words=("-u", ADMIN[0], "--transport", transport))
        for name, token in mutations().items():
            if name.startswith("cut at") and len(token) < 48:
                self.assertEqual(results[name]["error"]["id"], "auth.protocol", name)
            if results[name]["error"]["id"] == "auth.protocol":  # Nothing that could be guessed at leaves.
                self.assertEqual(len(crowd[name].requests), 1, name)

    def test_raw(self):
        self.check(lambda token: token, "ntlm")

    def test_inside_spnego(self):
        self.check(wrapped, "negotiate")

    def test_spnego_itself(self):
        good = wrapped(challenge())
        tokens = {f"cut at {length}": good[:length] for length in range(1, len(good))}
        for at in range(60):
            for byte in (0, 0x7F, 0x80, 0x84, 0xFF, good[at] ^ 1):
                tokens[f"byte {at} is {byte}"] = good[:at] + bytes([byte]) + good[at + 1:]
        tokens["a length of 2^32"] = b"\xa1\x84\xff\xff\xff\xff" + good[2:]
        tokens["a length without end"] = b"\xa1\x80" + good[2:]
        tokens["a million deep"] = (b"\xa1\x84\x00\x0f\xff\xf0" * 8000)
        for state in range(5):
            tokens[f"state {state}"] = wrapped(challenge(), state)
        tokens["nothing in it"] = der(0xA1, der(0x30, b""))
        ways = {name: asks(token) for name, token in tokens.items()}
        self.attacked(ways, ids="auth.protocol auth.rejected auth.not_offered", words=("-u", ADMIN[0], "--transport", "negotiate"))


class Offers(LoggingOn):
    def test_without_end(self):
        token = base64.b64encode(challenge()).decode()
        self.attacked({
            "a field without end": lambda talk: (talk.request(), talk.endlessly(b"A" * 65536, b"HTTP/1.1 401 x\r\nWWW-Authenticate: Negotiate ")),
            "fields without end": lambda talk: (talk.request(), talk.endlessly(b"WWW-Authenticate: Negotiate\r\n" * 1000, b"HTTP/1.1 401 x\r\n")),
            "a token of 60 KB": again_and_again(unauthorized("Negotiate " + "QUFB" * 15_000)),
            "a hundred schemes": again_and_again(unauthorized(*(f"Scheme{i}" for i in range(90)))),
            "a hundred in one field": again_and_again(unauthorized(", ".join(f"Scheme{i} realm=\"x\"" for i in range(100)))),
            "a scheme of 50 KB": again_and_again(unauthorized("S" * 50_000)),
            "401 again and again": again_and_again(unauthorized("Negotiate")),
            "a challenge again and again": again_and_again(unauthorized(f"Negotiate {token}")),
            "no base64": again_and_again(unauthorized("Negotiate !!!!")),
            "quotes that do not end": again_and_again(unauthorized('Basic realm="x')),
            "nothing": again_and_again(unauthorized()),
        }, ids="http.too_large http.malformed auth.protocol auth.rejected auth.not_offered")

    def test_of_basic_alone(self):
        """Who was to log on by NTLM tells nobody the password, whatever is offered; nor does who allows Basic only inside TLS."""
        basic = {"Basic": again_and_again(unauthorized('Basic realm="x"')), "Basic and Digest": again_and_again(unauthorized('Basic realm="x"', "Digest realm=x")),
                 "Basic behind Negotiate": again_and_again(unauthorized('Negotiate, Basic realm="x"'))}
        for words in (sealed(), ("-u", ADMIN[0], "--transport", "negotiate"), ("-u", ADMIN[0], "--transport", "ntlm,basic"),
                      ("-u", ADMIN[0], "--transport", "basic,negotiate")):
            with self.subTest(words[2:]):
                self.attacked(basic, ids="auth.not_offered auth.rejected", words=words)

    def test_of_another_scheme_in_the_middle(self):
        self.attacked({"Basic after the challenge": asks(challenge(), unauthorized('Basic realm="x"')),
                       "NTLM after Negotiate": asks(challenge(), unauthorized("NTLM " + base64.b64encode(challenge()).decode())),
                       "another challenge": asks(challenge(), unauthorized("Negotiate " + base64.b64encode(challenge()).decode()))},
                      ids="auth.rejected auth.protocol")


class WithoutAsking(LoggingOn):
    def test_everybody_is_let_in(self):
        """Who does not check the client proves nothing: no command goes there, also not one in clear."""
        page = answer(b"<html>hello</html>", kind="text/html")
        ok = speaking(identify=lambda talk, request: answer(b"", kind="application/soap+xml"))
        self.attacked({"at once": ok, "after the challenge": asks(challenge(), answer(b"")), "with a page": again_and_again(page),
                       "with an answer": again_and_again(answer(b"<s:Envelope/>"))}, ids="auth.protocol http.not_winrm", step="log on|create shell")


class Sealed(unittest.TestCase):
    """A man in the middle of a sealed conversation."""

    def go(self, change, command="echo through"):
        with Service() as service, bad_servers.meddling(service.port("http"), change) as middle:
            where = [f"http://127.0.0.1:{middle.port}", "-u", ADMIN[0], "--transport", "ntlm", "--timeout", "20"]
            return mullion("run", *where, "--output", "json", "--", command)

    def test_an_answer_in_clear_is_not_believed(self):
        def in_clear(request, head, body):
            if b"multipart/encrypted" not in head:
                return head, body
            said = answer(b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>')
            return tuple(said.split(b"\r\n\r\n", 1))
        ran = self.go(in_clear)
        self.assertEqual((ran.host["status"], ran.host["error"]["id"]), ("unreachable", "seal.broken"), ran)

    def test_an_earlier_answer_is_not_believed(self):
        seen = []

        def repeat(request, head, body):
            if b"multipart/encrypted" in head:
                seen.append((head, body))
                return seen[0]
            return head, body
        ran = self.go(repeat)
        self.assertGreater(len(seen), 1)
        self.assertEqual((ran.host["status"], ran.host["error"]["id"]), ("unknown", "run.unknown"), ran)
        self.assertIn("a sealed message could not be opened", ran.host["error"]["message"])

    def test_nothing_readable_crosses_the_wire(self):
        heard = []

        def listen(request, head, body):
            heard.extend((request, head, body))
            return head, body
        ran = self.go(listen, "echo what-nobody-may-read")
        self.assertEqual(ran.host["stdout"], "what-nobody-may-read\n")
        whole = b"".join(heard)
        self.assertEqual(passwords_in(whole), [])
        self.assertIsNone(re.search(rb"what-nobody|what-nobody".replace(b"what", b"w\0h\0a\0t\0") + rb"|Envelope", whole))


if __name__ == "__main__":
    unittest.main()
