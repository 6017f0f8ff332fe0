"""A host must not drive the operator's terminal: by output, error texts, names, headers or certificates. What is no terminal gets the bytes as they
are."""
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.e2e import bad_servers
from tests.support.hostile import COMMAND, Crowd, answer, attack, clear, fault, received, speaking, state, stream
from tests.support.inventory import write
from tests.support.service import ADMIN, MULLION
from tests.support.terminal import Terminal

# Title, clipboard (OSC 52), clearing, colours, C1 as UTF-8 and as one byte, what deletes and rings, marks that turn the direction of writing.
ATTACKS = {
    b"\x1b]0;owned\x07": b"\\x1b]0;owned\\x07",
    b"\x1b]52;c;cm0gLXJm\x1b\\": b"\\x1b]52;c;cm0gLXJm\\x1b\\",
    b"\x1b[2J\x1b[1;1H": b"\\x1b[2J\\x1b[1;1H",
    b"\x1b[31mred\x1b[0m": b"\\x1b[31mred\\x1b[0m",
    b"\xc2\x9b31m": b"\\x9b31m",
    b"\x9b31m": b"\\x9b31m",
    b"\x1bP+q\x1b\\": b"\\x1bP+q\\x1b\\",
    b"a\x08\x7fb": b"a\\x08\\x7fb",
    "\u202egpj.exe\u2066".encode(): b"\\u202egpj.exe\\u2066",
    "one\u2028two\u2029".encode(): b"one\\u2028two\\u2029",
    b"\x00\x05\x0e": b"\\x00\\x05\\x0e",
}
SENT = b"".join(attack_bytes + b"\n" for attack_bytes in ATTACKS)
SHOWN = list(ATTACKS.values())
KEPT = "plain\ttext, Grüße 世界 🪟\r\n".encode()
STEERING = "\x1b]0;owned\x07 \u009b2J \u202eexe \x7f"  # Where XML takes it.
FAULTY = "\u009b2J \u202eexe \u0085 \u007f"


def writing(data, name="stdout"):
    return speaking(receive=lambda _, request: received(stream(data, name=name, command_id=request.command_id), state(command_id=request.command_id)))


def steering(text):
    """What of a terminal's bytes would steer it; the terminal itself makes \\r\\n of \\n."""
    text = text.decode(errors="surrogateescape") if isinstance(text, bytes) else text
    return [hex(ord(c)) for c in text if (c < " " and c not in "\r\n\t") or "\x7f" <= c <= "\x9f" or "\u2028" <= c <= "\u202e" or c in "\u061c\u200e\u200f" or "\u2066" <= c <= "\u2069"
            or "\udc80" <= c <= "\udcff"]


class OnATerminal(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.password = self.folder / "password"
        self.password.write_text(ADMIN[1])

    def shown(self, *words, output_too=True):
        """What the terminal shows, and what went into the pipe where standard output is one."""
        terminal = self.enterContext(Terminal(MULLION, words[0], "--password-file", self.password, *words[1:], output_too=output_too))
        shown = terminal.read()
        piped = b"" if output_too else terminal.process.stdout.read()
        self.assertGreaterEqual(terminal.wait(), 0)
        return shown, piped

    def run_on(self, crowd, *options, output_too=True):
        urls = ",".join(crowd.url(name) for name in crowd.hosts)
        return self.shown("run", urls, *clear("--progress", "never"), *options, "--", COMMAND, output_too=output_too)


class Output(OnATerminal):
    def test_is_shown_and_not_obeyed(self):
        for name in ("stdout", "stderr"):
            for count in (1, 2):
                with self.subTest(stream=name, hosts=count), Crowd({str(i): writing(SENT + KEPT, name) for i in range(count)}) as crowd:
                    shown, _ = self.run_on(crowd)
                    self.assertEqual(steering(shown), [])
                    for text in SHOWN:
                        self.assertEqual(shown.count(text + b"\r\n"), SHOWN.count(text) * count, text)
                    self.assertEqual(shown.count("plain\ttext, Grüße 世界 🪟".encode()), count)

    def test_is_obeyed_with_raw(self):
        for count in (1, 2):
            with self.subTest(count), Crowd({str(i): writing(SENT) for i in range(count)}) as crowd:
                shown, _ = self.run_on(crowd, "--raw")
                for sent in ATTACKS:
                    self.assertIn(sent + b"\r\n", shown)

    def test_is_byte_for_byte_where_there_is_no_terminal(self):
        every = bytes(range(256)) * 3 + SENT
        with Crowd({"bad": writing(every)}) as crowd:
            for options in ((), ("--raw",)):
                ran = attack("run", crowd.url("bad"), *clear(*options), "--", COMMAND)
                self.assertEqual(ran.stdout, every)
            # Each stream for itself: this one is a pipe, the other one the terminal.
            _, piped = self.run_on(crowd, output_too=False)
            self.assertEqual(piped, every)
        with Crowd({"bad": writing(SENT, "stderr")}) as crowd:
            shown, piped = self.run_on(crowd, output_too=False)
            self.assertEqual((steering(shown), piped), ([], b""))

    def test_a_line_of_one_host_is_not_made_anothers(self):
        with Crowd({"bad": writing(b"x\rother | all is well\r\nend\r\n"), "good": speaking()}) as crowd:
            shown, _ = self.run_on(crowd)
            self.assertIn(b"| x\\x0dother | all is well\r\n", shown.replace(b"\r\r\n", b"\r\n"))

    def test_a_sequence_in_pieces(self):
        pieces = [bytes([byte]) for byte in b"\x1b]0;x\x07\xc2\x9b2J\xe2\x80\xae\n"]

        def one_at_a_time(talk, request):
            done = len(talk.host.requests) - 3 >= len(pieces) - 1
            piece = pieces[min(len(talk.host.requests) - 3, len(pieces) - 1)]
            return received(stream(piece, command_id=request.command_id), state("Done" if done else "Running", "0" if done else None, request.command_id))
        for count in (1, 2):
            with self.subTest(count), Crowd({str(i): speaking(receive=one_at_a_time) for i in range(count)}) as crowd:
                shown, _ = self.run_on(crowd)
                self.assertEqual(steering(shown), [])
                self.assertEqual(shown.count(b"\\x1b]0;x\\x07\\x9b2J\\u202e"), count)


class Json(OnATerminal):
    def test_is_always_escaped(self):
        text = b"".join(sent + b"\n" for sent in ATTACKS if sent != b"\x9b31m")  # That one is no UTF-8.
        with Crowd({"bad": writing(text), "bytes": writing(SENT), "fault": speaking(create=lambda *_: fault(FAULTY, code=2150858906))}) as crowd:
            for form in ("json", "jsonl"):
                for options in ((), ("--raw",)):
                    with self.subTest(form, options=options):
                        urls = ",".join(crowd.url(name) for name in crowd.hosts)
                        ran = attack("run", urls, *clear("--output", form, *options), "--", COMMAND)
                        self.assertEqual(steering(ran.stdout), [])
                        document = json.loads(ran.stdout) if form == "json" else None
                        objects = document["hosts"] if document else [json.loads(line) for line in ran.stdout.splitlines()]
                        found = {one["host"]: one for one in objects}
                        self.assertEqual(found[f"127.0.0.1:{crowd['bad'].port}"]["stdout"].encode(), text)
                        self.assertIsNone(found[f"127.0.0.1:{crowd['bytes'].port}"]["stdout"])
                        self.assertIn(FAULTY, found[f"127.0.0.1:{crowd['fault'].port}"]["error"]["message"])


class Errors(OnATerminal):
    """A pipe gets the same as a terminal here: error texts are for people."""

    def check(self, ways, *words, expected=(), command="run"):
        for count in (1, 2):
            with self.subTest(hosts=count), Crowd({f"{name} {i}": way for name, way in ways.items() for i in range(count)}) as crowd:
                urls = ",".join(crowd.url(name) for name in crowd.hosts)
                tail = ["--", COMMAND] if command == "run" else []
                ran = attack(command, urls, *(words or clear()), *tail)
                self.assertEqual(steering(ran.stderr) + steering(ran.stdout), [])
                for text in expected:
                    self.assertIn(text, ran.stderr + ran.stdout.decode())

    def test_of_faults(self):
        reason = fault("", code=0).replace(">reason<", f">{FAULTY}<")
        provider = f'<f:ProviderFault provider="{FAULTY}" path="x"><f:WSManFault Code="5" Machine="{FAULTY}"><f:Message>{FAULTY}</f:Message></f:WSManFault></f:ProviderFault>'
        self.check({"text": speaking(create=lambda *_: fault(FAULTY, code=2150858906)), "reason": speaking(create=reason),
                    "provider": speaking(create=fault("", code=2150858906, raw=provider)), "in a line": speaking(create=lambda *_: fault("a\nhost: ok\r\nb", code=2150858906))},
                   expected=["\\x9b2J \\u202eexe \\x85 \\x7f"])

    def test_of_http(self):
        def said(status, *headers, kind="text/html", body=b""):
            return speaking(create=answer(body, status=status, headers=headers, kind=kind))
        self.check({"reason": said("418 \u009b2J\u202e"), "location": said("302 Found", "Location: http://\u009b2J\u202e/"), "type": said("200 OK", kind="a/\u009b2J"),
                    "page": said("500 x", body=STEERING.encode()), "retry": said("503 x", "Retry-After: \u009b2J"),
                    "schemes": said("401 x", "WWW-Authenticate: Neg\u009botiate \u202e, Basic realm=\"\u009b2J\u202e\"")})

    def test_of_what_identifies_itself(self):
        vendor = speaking(identify=lambda _, request: "<wsmid:IdentifyResponse><wsmid:ProtocolVersion>x</wsmid:ProtocolVersion>"
                          f"<wsmid:ProductVendor>{FAULTY}</wsmid:ProductVendor><wsmid:ProductVersion>{FAULTY}</wsmid:ProductVersion></wsmid:IdentifyResponse>")
        self.check({"vendor": vendor}, command="ping", expected=["\\x9b2J \\u202eexe \\x85 \\x7f"])

    def test_of_certificates(self):
        authority = bad_servers.Authority(self.folder / "ca")
        pair = authority.issue("steering", "DNS:a\u009b2J.example,DNS:b\x7f.example")
        with bad_servers.over_tls(*pair) as server:
            ran = attack("run", f"https://127.0.0.1:{server.port}", "-u", ADMIN[0], "--transport", "basic", "--ca-file", authority.ca, "--", COMMAND)
            self.assertEqual(steering(ran.stderr), [])
            self.assertIn("[tls.name]", ran.stderr)

    def test_of_files_and_words(self):
        name = f"no-file{STEERING}"
        for words in (("--stdin", name), ("-i", name), ("--ca-file", name), ("--cwd", STEERING)):
            with self.subTest(words[0]):
                ran = attack("run", "https://127.0.0.1:1", "-u", "x", "--transport", "basic", *words, "--", COMMAND)
                self.assertNotEqual(ran.code, 0)
                self.assertEqual(steering(ran.stderr), [])


class Names(OnATerminal):
    def test_of_an_inventory(self):
        names = ["a\\e]0;x\\a", "b\\x9b2J", "c\\u202ed"]
        hosts = ", ".join(f'"{name}": {{ansible_host: 127.0.0.1, ansible_port: 1, odd: "{name}"}}' for name in names)
        write(self.folder, {"hosts.yml": f'all: {{hosts: {{{hosts}}}, children: {{"g\\e[2J": {{}}}}, vars: {{ansible_user: x, ansible_connection: winrm, ansible_winrm_scheme: http, '
                                          'ansible_winrm_transport: ntlm}}\n'})
        inventory = ("-i", self.folder / "hosts.yml")
        for words in (("inventory", "list", *inventory), ("inventory", "list", *inventory, "--output", "json"), ("inventory", "graph", *inventory),
                      ("inventory", "show", "b\x9b2J", *inventory)):
            with self.subTest(words[:2]):
                done = subprocess.run([MULLION, *map(str, words)], capture_output=True, timeout=30, stdin=subprocess.DEVNULL)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(steering(done.stdout + done.stderr), [])
        for output in ("text", "json", "jsonl"):
            shown, _ = self.shown("run", "all", *inventory, "--output", output, "--progress", "never", "--", COMMAND)
            self.assertEqual(steering(shown), [], output)
            self.assertIn(b"u202ed", shown)


if __name__ == "__main__":
    unittest.main()
