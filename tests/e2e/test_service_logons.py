"""What the service's log says of each log-on, and how log-ons are put off after others have failed."""
import re
import select
import unittest

from tests.e2e.client import mullion, words
from tests.e2e.test_certificates import ON, cert, create, reload, thumbprint
from tests.support import kdc as kerberos
from tests.support import soap
from tests.support.kdc import PASSWORD, REALM, Kdc
from tests.support.ntlm import Ntlm
from tests.support.raw_http import Raw
from tests.support.service import ADMIN, Service, wait_until
from tests.support.winrm import WinRM, basic, negotiate, token_in

KIND = ("Content-Type", soap.SOAP_TYPE)
FREE_FOR_ACCOUNT, FREE_FOR_ADDRESS, WAITING = 5, 20, 8  # src/service/access/logon_delays.h
OTHER = ("bob", "an-0ther Passw0rd")
WRONG = "not-the-Passw0rd"


class Log:
    """Lines of log-ons, since it was made."""

    def __init__(self, service):
        self.path, self.seen = service.log, service.log.stat().st_size

    def lines(self):
        with open(self.path) as file:
            file.seek(self.seen)
            return [line.split(" ", 1)[1].rstrip("\n") for line in file if re.search(r" (info|warning) (logon|and )", line)]


def first_word(port, source=None):
    """A connection that has said NTLM's first word; the service may be making it wait."""
    raw = Raw(port, source=source)
    raw.send(b"POST /wsman HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nAuthorization: " + negotiate(Ntlm(*ADMIN).negotiate()).encode() + b"\r\n\r\n")
    return raw


def guess(port, user, password=WRONG, source=None, domain=""):
    """The status of a whole log-on by NTLM."""
    client = Ntlm(user, password, domain)
    token = client.negotiate()
    with Raw(port, source=source) as raw:
        first = raw.ask(fields=[("Authorization", negotiate(token))])
        if token_in(first) is None:
            return first.status
        return raw.ask(fields=[("Authorization", negotiate(client.authenticate(token_in(first))))]).status


class Lines(unittest.TestCase):
    """One line for each: who, from where, by what scheme and what was inside, how it ended and why."""

    def check(self, service, expected, do):
        log = Log(service)
        do()
        lines = wait_until(log.lines, "a line of the log-on")
        self.assertEqual(len(lines), 1, lines)
        self.assertRegex(lines[0], f"^{expected}$")
        self.assertNotIn(ADMIN[1], service.log.read_text())
        self.assertNotIn(WRONG, service.log.read_text())

    def ping(self, service, scheme="http", transport="ntlm", password=ADMIN[1], user=ADMIN[0], environment=None, more=()):
        return lambda: mullion("ping", *words(service, *more, scheme=scheme, transport=transport, user=user), password=password, environment=environment)

    def test_basic_ntlm_credssp(self):
        with Service(["Service/Auth/Basic=true", "Service/Auth/CredSSP=true"]) as service:
            good, bad = 'info logon from 127.0.0.1: "Administrator" by ', 'warning logon refused from 127.0.0.1: "Administrator" by '
            for scheme, transport, how, why in (("https", "basic", "Basic", "basic: unknown user or wrong password"),
                                                ("http", "ntlm", r"Negotiate \(ntlm\)", "ntlm: wrong password for Administrator"),
                                                ("http", "negotiate", r"Negotiate \(ntlm\)", "ntlm: wrong password for Administrator"),
                                                ("http", "credssp", r"CredSSP \(ntlm\)", "ntlm: wrong password for Administrator")):
                with self.subTest(transport):
                    self.check(service, good + how, self.ping(service, scheme, transport))
                    self.check(service, f"{bad}{how}: {why}", self.ping(service, scheme, transport, WRONG))

    def test_unknown_users_and_domains_are_named_as_claimed(self):
        with Service() as service:
            self.check(service, r'warning logon refused from 127.0.0.1: "CORP\\ann" by Negotiate \(ntlm\): ntlm: unknown user: ann',
                       self.ping(service, user="CORP\\ann"))

    def test_what_is_no_token(self):
        with Service() as service:
            self.check(service, "warning logon refused from 127.0.0.1: somebody by Negotiate: negotiate: neither SPNEGO nor .*",
                       lambda: self.ask(service, negotiate(b"\0" * 64)))

    def ask(self, service, authorization):
        with Raw(service.port("http")) as raw:
            self.assertEqual(raw.ask(fields=[("Authorization", authorization)]).status, 401)

    def test_a_connection_of_several_requests_is_one_line(self):
        with Service(["Service/Auth/Basic=true", "Service/AllowUnencrypted=true"]) as service:
            for how in ("ntlm", "basic"):
                log = Log(service)
                with WinRM(service.port("http"), how=how) as client:
                    self.assertEqual(client.run("echo in")[1], 0)
                self.assertEqual(len(log.lines()), 1, log.lines())

    def test_another_account_on_somebodys_connection(self):
        with Service(["Service/Auth/Basic=true", "Service/AllowUnencrypted=true"], accounts=[(*ADMIN, ["--admin"]), (*OTHER, [])]) as service:
            log = Log(service)
            with Raw(service.port("http")) as raw:
                for account, status in ((ADMIN, 200), (OTHER, 401)):
                    fields = [("Authorization", basic(account)), KIND]
                    self.assertEqual(raw.ask(soap.enumerate_shells().encode(), fields).status, status)
            self.assertEqual(log.lines()[1:], ['warning logon refused from 127.0.0.1: "bob" by Basic: the connection belongs to Administrator'])

    def test_certificates(self):
        with Service(ON, listen=["https://127.0.0.1:0"]) as service:
            certificate, key, _ = create(service.folder / "own")
            stranger = create(service.folder / "stranger")
            cert("import", certificate, "--trust", "--state", service.state)
            reload(service)
            options = lambda pair: (service.https, "--ca-file", service.ca, "--transport", "certificate", "--client-cert", pair[0], "--client-key", pair[1])
            ping = lambda pair: lambda: mullion("ping", *options(pair))
            by = rf"by Certificate \({thumbprint(certificate)}\)"
            self.check(service, rf'warning logon refused from 127.0.0.1: "Administrator@localhost" {by}: certificate .* no mapping, or more than one.*',
                       ping((certificate, key)))
            cert("map", "--user", ADMIN[0], "--issuer", thumbprint(certificate), "--state", service.state)
            reload(service)
            self.check(service, rf'info logon from 127.0.0.1: "Administrator" {by}', ping((certificate, key)))
            self.check(service, "warning logon refused from 127.0.0.1: somebody by Certificate: .*", ping(stranger))
            log = Log(service)
            ran = mullion("run", *options((certificate, key)), "--", "echo in")
            self.assertEqual((ran.code, len(set(log.lines()))), (0, 1), log.lines())
            self.assertLessEqual(len(log.lines()), 2)  # Of its connections, and not of its requests.

    def test_kerberos(self):
        if reason := kerberos.missing():
            self.skipTest(reason)
        with Kdc() as kdc, Service(accounts=[("alice", PASSWORD, ["--admin"])], options=["--keytab", str(kdc.keytab)],
                                   environment=kdc.environment) as service:
            for transport, scheme in (("kerberos", "Kerberos"), ("negotiate", "Negotiate")):
                for user, expected in ((f"alice@{REALM}", rf'info logon from 127.0.0.1: "alice" by {scheme} \(kerberos\)'),
                                       (f"bob@{REALM}", rf'warning logon refused from 127.0.0.1: "bob@{REALM}" by {scheme} \(kerberos\): '
                                                        rf'kerberos: no account for bob@{REALM}')):
                    with self.subTest(transport=transport, user=user):
                        self.check(service, expected, self.ping(service, transport=transport, user=user, password=kerberos.USERS[user.split("@")[0]],
                                                                environment=kdc.environment, more=("--kerberos-hostname", "localhost")))

    def test_a_flood_is_bounded_and_counted(self):
        with Service() as service:
            log = Log(service)
            for _ in range(60):
                with Raw(service.port("http")) as raw:
                    self.assertEqual(raw.ask(fields=[("Authorization", negotiate(b"\0" * 64))]).status, 401)
            refused = lambda: sum("logon refused" in line for line in log.lines())
            missed = lambda: [int(line.split()[2]) for line in log.lines() if "more log-ons were refused" in line]
            wait_until(lambda: refused() + sum(missed()) == 60, "lines and counts to be 60 in all")
            self.assertTrue(missed())


class Delays(unittest.TestCase):
    """Lower bounds are the service's own word; nothing here depends on how fast the machine is."""

    def setUp(self):
        self.service = self.enterContext(Service(accounts=[(*ADMIN, ["--admin"]), (*OTHER, ["--admin"])]))
        self.port, self.log = self.service.port("http"), Log(self.service)

    def last(self):
        return self.log.lines()[-1]

    def test_an_accounts_grow_and_end_with_its_own_success(self):
        for _ in range(FREE_FOR_ACCOUNT):
            self.assertEqual(guess(self.port, ADMIN[0]), 401)
            self.assertNotIn("answered after", self.last())
        for user, after in ((ADMIN[0], "0.25"), (ADMIN[0].lower(), "0.50"), (ADMIN[0].upper(), "1.00")):
            self.assertEqual(guess(self.port, user), 401)
            self.assertRegex(self.last(), rf"; answered after {after} s$")
        self.assertEqual(guess(self.port, *OTHER), 200)
        self.assertNotIn("answered after", self.last())
        # The holder comes from elsewhere: he waits as long as the guesser would, once.
        self.assertEqual(guess(self.port, *ADMIN, source="127.0.0.9"), 200)
        self.assertRegex(self.last(), r'^info logon from 127.0.0.9: "Administrator" .*; answered after 2.00 s$')
        self.assertEqual(guess(self.port, *ADMIN), 200)
        self.assertEqual(guess(self.port, ADMIN[0]), 401)
        self.assertNotIn("answered after", self.last())

    def test_an_accounts_grow_whatever_stands_around_its_name(self):
        for number in range(FREE_FOR_ACCOUNT):
            self.assertEqual(guess(self.port, f"{ADMIN[0]}@{number}", domain=("D", "D" * 250, "a:b")[number % 3]), 401)
            self.assertIn("wrong password for Administrator", self.last())  # It is looked up.
        self.assertEqual(guess(self.port, f"{ADMIN[0]}@x", domain="E"), 401)
        self.assertRegex(self.last(), "; answered after 0.25 s$")

    def test_names_without_an_account_are_held_back_alike(self):
        for _ in range(FREE_FOR_ACCOUNT + 1):
            self.assertEqual(guess(self.port, "nobody-knows"), 401)
        self.assertRegex(self.last(), "; answered after 0.25 s$")

    def test_an_addresss_grow_for_all_names_and_end_with_no_success(self):
        for number in range(FREE_FOR_ADDRESS):
            self.assertEqual(guess(self.port, f"user{number}", source="127.0.0.7"), 401)
            self.assertNotIn("answered after", self.last())
        self.assertEqual(guess(self.port, *OTHER, source="127.0.0.7"), 200)
        self.assertRegex(self.last(), '"bob" .*; answered after 0.25 s$')
        self.assertEqual(guess(self.port, "user", source="127.0.0.7"), 401)
        self.assertRegex(self.last(), "; answered after 0.25 s$")
        self.assertEqual(guess(self.port, "user", source="127.0.0.8"), 401)
        self.assertNotIn("answered after", self.last())
        # A client of ours on the same machine, too.
        self.assertEqual(mullion("ping", *words(self.service)).code, 0)
        self.assertNotIn("answered after", self.last())

    def test_who_waits_holds_nobody_else_up(self):
        """Many guesses at once count as much as one after the other; then the address has few places to wait in."""
        clients = [(Ntlm(f"user{number}", WRONG), self.enterContext(Raw(self.port, source="127.0.0.7"))) for number in range(26)]
        challenges = [token_in(raw.ask(fields=[("Authorization", negotiate(client.negotiate()))])) for client, raw in clients]
        for (client, raw), challenge in zip(clients, challenges):
            self.assertEqual(raw.ask(fields=[("Authorization", negotiate(client.authenticate(challenge)))]).status, 401)
        waiting = [self.enterContext(first_word(self.port, "127.0.0.7")) for _ in range(WAITING + 1)]
        ready, _, _ = select.select([raw.socket for raw in waiting], [], [], 30)
        turned_away = next(raw for raw in waiting if raw.socket in ready)
        self.assertEqual(turned_away.answer().status, 503)
        with WinRM(self.port) as client:
            self.assertEqual(client.run("echo in"), (b"in\n", 0))
        ready, _, _ = select.select([raw.socket for raw in waiting if raw is not turned_away], [], [], 0)
        self.assertEqual(ready, [], "who waits was answered before somebody else")
        self.assertIn("too many of that address wait", "\n".join(self.log.lines()))
        self.assertEqual(self.service.stop(), 0)  # They are ended with everybody else.


if __name__ == "__main__":
    unittest.main()
