"""Every verb, every form of not being anybody, every message: nothing is done for nobody, and nothing is told."""
import base64
import unittest
from types import SimpleNamespace

from tests.faults.nobodies import FORMS, GUESSES, IDENTIFIES, KIND, METHODS, expected
from tests.faults.targets import OnSimulator
from tests.faults.test_hostile_terminal import steering
from tests.support import ntlm, soap
from tests.support.raw_http import Raw
from tests.support.service import ADMIN, Service
from tests.support.watch import Watch
from tests.support.winrm import WinRM, forgive, negotiate, token_in


class Surface(unittest.TestCase):
    """Over HTTP with Windows' own settings: Negotiate is offered, Basic is not."""
    scheme, settings, methods, offered = "http", [], METHODS, ["Negotiate"]
    forms = FORMS

    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(cls.settings))
        cls.watch = Watch(cls.service)
        cls.port, cls.ca = cls.service.port(cls.scheme), cls.service.ca if cls.scheme == "https" else None
        cls.messages = soap.every_message(cls.watch.line)

    def setUp(self):
        self.case = self
        self.watch.begin()

    def check(self, answer, wanted, where):
        self.assertIsNotNone(answer, where)
        self.assertEqual(answer.status, wanted, where)
        if wanted == 200:
            # Neither version nor ways to log on: service-protocol.md 3.2.
            self.assertIn(b"OS: 0.0.0", answer.body, where)
            self.assertNotIn(b"SecurityProfile", answer.body, where)
            return
        self.assertEqual(answer.body, b"", where)
        if wanted == 401 and not any(value.startswith("Negotiate ") for value in answer.all("www-authenticate")):
            self.assertEqual(answer.all("www-authenticate"), self.offered, where)

    def test_nothing_is_done_for_nobody(self):
        count = 0
        for form, ask in self.forms.items():
            for method in self.methods:
                for message, xml in self.messages.items():
                    where = f"{method} of {message}, with {form}"
                    if form in GUESSES and (method == "POST" or form.endswith(", then nothing")):  # Those guess before the verb is seen.
                        forgive(self.service.port("http"))
                    self.check(ask(self, method, xml), expected(method, form, message), where)
                    count += 1
        print(f"{count} requests of nobody over {self.scheme}")
        self.assertEqual(count, len(self.forms) * len(self.methods) * len(self.messages))
        self.watch.untouched(self)
        self.watch.memory_within(self, 160, 24)
        self.watch.no_shells(self)

    def test_the_same_messages_do_something_for_somebody(self):
        """The positive control: that nothing was done above is not the tests' own fault."""
        with WinRM(self.service.port("http")) as client:
            shell = client.create()
            out, code = client.collect(shell, client.command(shell, self.watch.line))
            client.well(soap.delete(shell))
        mark = self.watch.canaries / "mark"
        self.assertEqual((mark.read_text(), code), ("done\n", 0))
        mark.unlink()

    def test_only_the_refusal_is_logged(self):
        with Service(self.settings) as service:  # One of its own: a flood's lines are counted, and not all written.
            watch = Watch(service)
            surface = SimpleNamespace(case=self, port=service.port(self.scheme), ca=service.ca if self.scheme == "https" else None)
            with Raw(surface.port, surface.ca) as raw:
                self.assertEqual(raw.ask(soap.create().encode()).status, 401)
            self.assertEqual(watch.log(), "")  # A client asks first without credentials; that is no event.
            FORMS["a wrong password"](surface, "POST", soap.create())
            lines = watch.log().splitlines()
        self.assertEqual(len(lines), 1, lines)
        self.assertRegex(lines[0], r"warning logon refused from 127\.0\.0\.1: ")


class Log(unittest.TestCase):
    """Whoever reads the log reads it on a terminal, and by the line."""
    # C1 as characters and as one byte, escapes, marks that turn the direction of writing, ends of lines.
    names = {b"\xc2\x9b2J": "\\x9b2J", b"\x9b2J\x85": "\\x9b2J\\x85", b"\x1b]0;x\x07\x7f": "\\x1b]0;x\\x07\\x7f", "\u202egpj\u2066".encode(): "\\u202egpj\\u2066",
             "\u061c\u200e\u200f".encode(): "\\u061c\\u200e\\u200f", "a\u2028warning forged\u2029".encode(): "a\\u2028warning forged\\u2029",
             b"a\nwarning forged\r": "a\\x0awarning forged\\x0d", "Gr\u00fc\u00dfe".encode(): "Gr\u00fc\u00dfe"}

    def check(self, service, watch, names):
        log = watch.log()  # It is UTF-8, or this fails.
        self.assertEqual(steering(log), [])
        self.assertEqual(len(log.splitlines()), len(names), log)
        self.assertEqual(log.count("\nwarning"), 0)
        return log

    def test_names_in_ntlm_do_not_steer_it(self):
        with Service() as service:
            watch = Watch(service)
            watch.begin()
            names = [name for name in self.names if is_text(name)]
            for name in names:
                client = ntlm.Ntlm(name.decode(), ADMIN[1])
                with Raw(service.port("http")) as raw:
                    challenge = token_in(raw.ask(soap.create().encode(), [("Authorization", negotiate(client.negotiate())), KIND]))
                    answer = raw.ask(soap.create().encode(), [("Authorization", negotiate(client.authenticate(challenge))), KIND])
                    self.assertEqual(answer.status, 401)
            log = self.check(service, watch, names)
            for name in names:
                if name.isascii():  # Of control characters it says that no account has them.
                    self.assertNotIn(self.names[name], log)
                else:
                    self.assertIn(self.names[name], log)

    def test_names_in_basic_do_not_steer_it(self):
        with Service(["Service/Auth/Basic=true", "Service/AllowUnencrypted=true"]) as service:
            watch = Watch(service)
            watch.begin()
            for name in self.names:
                with Raw(service.port("http")) as raw:
                    field = "Basic " + base64.b64encode(name + b":wrong").decode()
                    self.assertEqual(raw.ask(soap.create().encode(), [("Authorization", field), KIND]).status, 401)
            self.check(service, watch, self.names)


def is_text(name):
    try:
        return bool(name.decode())
    except UnicodeDecodeError:
        return False


class SurfaceInsideTls(Surface):
    """Basic is offered as well. Verbs other than POST are seen before any identity, so one of them is enough here."""
    scheme, settings, methods, offered = "https", ["Service/Auth/Basic=true"], ("POST", "GET"), ["Negotiate", 'Basic realm="WSMAN"']

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A check of a password takes long on purpose.
        cls.messages = {name: cls.messages[name] for name in ("Identify", "Create")}
        cls.forms = {name: form for name, form in FORMS.items() if name != "Basic with the right password, not offered here"}


class UnencryptedAllowed(Surface):
    """AllowUnencrypted changes how messages may travel, not who may speak."""
    settings, methods, offered = ["Service/AllowUnencrypted=true"], ("POST",), ["Negotiate"]


class OfTheSimulator(OnSimulator):
    """A simulated host has the same gate, and counts what it executed."""

    def test_nothing_is_done_for_nobody(self):
        self.port, self.ca, self.case = self.target.port, None, self
        for form, ask in FORMS.items():
            for message, xml in soap.every_message("echo served; exit 7").items():
                answer = ask(self, "POST", xml)
                self.assertEqual(answer.status, expected("POST", form, message), f"{message}, with {form}")
        self.target.untouched(self)
        self.target.serves(self)


class StrangersIdentify(unittest.TestCase):
    def test_the_exception_is_for_identify_alone(self):
        with Service() as service:
            for message, xml in soap.every_message().items():
                with Raw(service.port("http")) as raw:
                    answer = raw.ask(xml.encode(), [("WSMANIDENTIFY", "unauthenticated"), ("Content-Type", soap.SOAP_TYPE)])
                self.assertEqual(answer.status, expected("POST", IDENTIFIES, message), message)


if __name__ == "__main__":
    unittest.main()
