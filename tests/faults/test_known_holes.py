"""The holes that other services of this protocol had (OMI, openwsman), each tried on ours by its name."""
import base64
import grp
import os
import pwd
import ssl
import stat
import struct
import unittest
from pathlib import Path

from tests.support import ntlm, soap
from tests.support.raw_http import Raw, request
from tests.support.service import ADMIN, Service, shell_user
from tests.support.watch import Watch, network_process
from tests.support.winrm import WinRM, basic, negotiate, token_in

KIND = ("Content-Type", soap.SOAP_TYPE)


class Holes(unittest.TestCase):
    settings = []

    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(cls.settings))
        cls.watch = Watch(cls.service)
        cls.port, cls.tls = cls.service.port("http"), cls.service.port("https")

    def setUp(self):
        self.watch.begin()

    def refused(self, answer, status=401):
        self.assertIsNotNone(answer)
        self.assertEqual((answer.status, answer.body), (status, b""))


class Omi(Holes):
    def test_cve_2021_38647_no_authorization_is_not_root(self):
        """OMIGOD: no Authorization header left the identity at zeros, and zero is root."""
        for message, xml in soap.every_message(self.watch.line).items():
            for port, ca in ((self.port, None), (self.tls, self.service.ca)):
                with self.subTest(message, tls=bool(ca)), Raw(port, ca) as raw:
                    self.refused(raw.ask(xml.encode(), [KIND]))
        self.watch.untouched(self)
        self.watch.no_shells(self)

    def test_cve_2021_38647_nor_is_the_next_message_of_a_known_connection(self):
        """What holds for a connection is what it proved, and a failed proof takes it away."""
        with WinRM(self.port) as client:
            self.refused(client.raw.ask(soap.create().encode(), [("Authorization", ""), KIND]))
            self.refused(client.raw.ask(soap.create().encode(), [KIND]))
        self.watch.untouched(self)

    def test_cve_2021_38645_the_other_roles_messages_are_refused(self):
        """One handler took the client's and the server's messages: a forged "it is all right" won."""
        forged = [ntlm.SIGNATURE + struct.pack("<I", 2) + b"\0" * 48, ntlm.spnego_response(b"", state=0),
                  ntlm.spnego_response(ntlm.SIGNATURE + struct.pack("<I", 2) + b"\0" * 48, b"\0" * 16, state=0)]
        for token in forged:
            for first in (True, False):
                with self.subTest(token=token.hex(), first=first), Raw(self.port) as raw:
                    if not first:
                        raw.ask(fields=[("Authorization", negotiate(ntlm.Ntlm(*ADMIN).negotiate()))])
                    self.refused(raw.ask(soap.create().encode(), [("Authorization", negotiate(token)), KIND]))
                    self.refused(raw.ask(soap.create().encode(), [KIND]))
        for answer in (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 200 OK\r\nWWW-Authenticate: Negotiate oQcwBaADCgEA\r\n\r\n"):
            with self.subTest(answer), Raw(self.port) as raw:
                raw.send(answer + request(soap.create().encode(), [KIND]))
                self.assertEqual([one.status for one in raw.answers()], [400])
        self.watch.untouched(self)

    def test_cve_2021_38648_what_is_unknown_is_refused(self):
        """The default of a switch passed messages on, whatever the state."""
        for number in (0, 4, 5, 255, 0x80000001, 0xFFFFFFFF):
            token = ntlm.SIGNATURE + struct.pack("<II", number, ntlm.USUAL) + b"\0" * 100
            for after_challenge in (False, True):
                with self.subTest(number, after_challenge=after_challenge), Raw(self.port) as raw:
                    if after_challenge:
                        raw.ask(fields=[("Authorization", negotiate(ntlm.Ntlm(*ADMIN).negotiate()))])
                    self.refused(raw.ask(soap.create().encode(), [("Authorization", negotiate(token)), KIND]))
        for actions in ((1, 1), (3, 1, 3), (1, 3, 3)):  # Out of order; the last is always a wrong third.
            with self.subTest(actions), Raw(self.port) as raw:
                for number in actions:
                    client = ntlm.Ntlm(*ADMIN)
                    token = client.negotiate() if number == 1 else ntlm.SIGNATURE + struct.pack("<I", 3) + b"\0" * 80
                    answer = raw.ask(soap.create().encode(), [("Authorization", negotiate(token)), KIND])
                    self.assertEqual(answer.status, 401)
        self.watch.untouched(self)

    def test_cve_2021_38648_ids_come_from_the_account_not_from_the_message(self):
        options = [(name, "0") for name in ("uid", "gid", "UID", "__uid", "RunAs")]
        with WinRM(self.port) as client:
            shell = client.create(options=options, environment=[("USER", "root"), ("UID", "0"), ("SUDO_UID", "0")])
            command = client.command(shell, "id -un", options=options)
            self.assertEqual(client.collect(shell, command)[0].decode().strip(), shell_user())
            client.well(soap.delete(shell))

    def test_cve_2021_38649_rights_are_the_smallest(self):
        facts = dict(line.split(":\t", 1) for line in Path(f"/proc/{network_process(self.service)}/status").read_text().splitlines() if ":\t" in line)
        if os.geteuid() == 0:
            self.assertNotIn("0", facts["Uid"].split() + facts["Gid"].split())
        for name in ("CapPrm", "CapEff", "CapAmb"):
            self.assertEqual(int(facts[name], 16), 0, name)
        for path in [self.service.state, *self.service.state.rglob("*")]:
            if path.name != "shell-users" and path.suffix != ".crt":  # Root's list, and what every client is shown.
                self.assertEqual(stat.S_IMODE(path.lstat().st_mode) & 0o077, 0, path)

    def test_2024_03_one_closed_socket_file_and_no_old_tls(self):
        own = self.service.state / "run/admin.sock"
        self.assertEqual([p for p in self.service.state.rglob("*") if p.is_socket()], [own])
        self.assertEqual((own.stat().st_mode & 0o777, own.parent.stat().st_mode & 0o777), (0o600, 0o700))
        weak = {"TLS 1.0 and 1.1": (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0"),
                "no encryption": (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2, "eNULL:@SECLEVEL=0"),
                "no certificate": (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2, "aNULL:@SECLEVEL=0"),
                "RC4, DES, export": (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2, "3DES:RC4:LOW:EXPORT:@SECLEVEL=0")}
        for name, (oldest, newest, ciphers) in weak.items():
            with self.subTest(name):
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
                try:
                    context.set_ciphers(ciphers)
                except ssl.SSLError:
                    continue  # Not even the library here has them any more.
                context.minimum_version, context.maximum_version = oldest, newest
                with self.assertRaises((ssl.SSLError, ConnectionError)):
                    Raw(self.tls, context=context)
        with Raw(self.tls, self.service.ca) as raw:
            self.assertIn(raw.socket.version(), ("TLSv1.2", "TLSv1.3"))


class Openwsman(Holes):
    settings = ["Service/Auth/Basic=true"]

    def test_cve_2019_3816_no_files_are_served(self):
        secret = (self.service.state / "VERSION").read_bytes()
        targets = ["/", "/etc/passwd", "/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/wsman/../../etc/passwd",
                   "/..%5c..%5cetc%5cpasswd", "//etc/passwd", "/wsman/VERSION", "/VERSION", "/accounts.db", "/winrm.yaml",
                   "/wsman/", "/wsman/%00", "/wsman;/../etc", "file:///etc/passwd", "http://127.0.0.1/etc/passwd", "/wsman-anon/identify"]
        for account in (None, ADMIN):
            for method in ("GET", "POST", "HEAD", "PUT"):
                for target in targets:
                    with self.subTest(f"{method} {target}", account=account), Raw(self.tls, self.service.ca) as raw:
                        fields = [("Authorization", basic(account))] if account else []
                        answer = raw.ask(soap.IDENTIFY.encode(), [*fields, KIND], method=method, target=target)
                        self.assertEqual((answer.status, answer.body), (404 if method == "POST" else 405, b""))
                        self.assertNotIn(secret, answer.body + b"-")

    def test_cve_2019_3833_every_connection_ends(self):
        """A loop over input that says nothing more: here the service's end of the connection is what is waited for."""
        whole = request(soap.IDENTIFY.encode(), [KIND])
        said = [b"", b"P", b"POST", b"POST /wsman HTTP/1.1\r\n", whole[:-1], whole[:60], b"\r\n" * 40, b"\0" * 40, b"\r", b"\n",
                b"POST /wsman HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", b"POST /wsman HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"]
        for data in said:
            with self.subTest(data=data[:40]), Raw(self.port) as raw:
                raw.send(data)
                raw.socket.shutdown(1)
                self.assertTrue(raw.closed())
        self.watch.serves(self)

    def test_cve_2008_2233_long_basic_credentials(self):
        for size in (255, 256, 257, 1023, 1024, 1025, 4096, 16384, 40000):
            for token in (b"A" * size, b"A" * size + b":", b":" + b"A" * size, b"A:" + b"\0" * size):
                with self.subTest(size, token=token[:3]), Raw(self.tls, self.service.ca) as raw:
                    self.refused(raw.ask(soap.create().encode(), [("Authorization", "Basic " + base64.b64encode(token).decode()), KIND]))
        with Raw(self.tls, self.service.ca) as raw:
            self.refused(raw.ask(b"", [("Authorization", "Basic " + "A" * 200_000)]), 413)
        self.watch.untouched(self)
        self.watch.serves(self)

    def test_cve_2008_2234_a_tls_session_is_nobodys(self):
        """A session of TLS that is taken up again brings its keys, not its user."""
        for how in ("basic", "ntlm"):
            for newest in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
                with self.subTest(how, newest=newest):
                    context = ssl.create_default_context(cafile=self.service.ca)
                    context.maximum_version = newest
                    client = WinRM(self.tls, self.service.ca, how=how)
                    client.raw.socket.close()
                    client.raw = Raw(self.tls, context=context)
                    with client, Raw(self.tls, context=context, session=self.session_after_use(client)) as again:
                        self.refused(again.ask(soap.create().encode(), [KIND]))
        self.watch.untouched(self)

    @staticmethod
    def session_after_use(client):
        client.well(soap.enumerate_shells())  # TLS 1.3 gives its tickets with the first answer.
        return client.raw.socket.session

    def test_2_4_4_formats_are_only_text(self):
        text = "%n%n%n%s%s%s%x%p%99999999d" * 20
        fields = [("User-Agent", text), ("Referer", text), ("Accept", text), ("WSMANIDENTIFY", text)]
        with Raw(self.port) as raw:
            self.refused(raw.ask(soap.create().encode(), [*fields, KIND]))
        with Raw(self.port) as raw:
            self.refused(raw.ask(b"", target="/" + text), 404)
        with Raw(self.tls, self.service.ca) as raw:
            self.refused(raw.ask(b"", [("Authorization", basic((text, text)))]))
        with Raw(self.port) as raw:
            client = ntlm.Ntlm("%n%s%x" * 10, "%n%s")
            challenge = token_in(raw.ask(fields=[("Authorization", negotiate(client.negotiate()))]))
            self.refused(raw.ask(fields=[("Authorization", negotiate(client.authenticate(challenge)))]))
        with WinRM(self.port) as client:
            self.assertEqual(client.fault(soap.get(text)), soap.UNEXPECTED_SELECTORS)
            status, xml = client.ask(soap.envelope(text.replace("&", ""), text))
            self.assertEqual((status, soap.code_of(xml)), (500, 0x80338000))
            shell = client.create(environment=[("TEXT", text)])
            command = client.command(shell, 'printf %s "$TEXT"')
            self.assertEqual(client.collect(shell, command)[0].decode(), text)
            client.well(soap.delete(shell))

    def test_2_7_2_groups_are_given_up_with_the_user(self):
        """setgroups was missing before setuid: commands kept root's groups."""
        person = pwd.getpwnam(shell_user())
        wanted = set(os.getgrouplist(person.pw_name, person.pw_gid)) if os.geteuid() == 0 else {*os.getgroups(), os.getegid()}
        with WinRM(self.port) as client:
            self.assertEqual(set(map(int, client.run("id -G")[0].split())), wanted)
            out = client.run("grep -E '^(Uid|Gid|CapEff|CapPrm|CapBnd|Groups):' /proc/self/status")[0].decode()
        self.assertRegex(out, r"CapPrm:\s+0+\n")
        self.assertRegex(out, r"CapEff:\s+0+\n")
        if os.geteuid() == 0:
            self.assertNotIn(grp.getgrnam("root").gr_gid, wanted)
            self.assertRegex(out, rf"Uid:(\s+{person.pw_uid}){{4}}\n")
            self.assertRegex(out, rf"Gid:(\s+{person.pw_gid}){{4}}\n")


class Relay(Holes):
    settings = ["Service/Auth/CbtHardeningLevel=Strict"]

    def test_a_logon_bound_to_no_channel_or_another_is_refused(self):
        for name, pairs in {"no binding": (), "a binding of zeros": ((ntlm.AV_BINDINGS, b"\0" * 16),),
                            "another channel's": ((ntlm.AV_BINDINGS, b"\x5a" * 16),)}.items():
            with self.subTest(name), Raw(self.tls, self.service.ca) as raw:
                client = ntlm.Ntlm(*ADMIN)
                challenge = token_in(raw.ask(fields=[("Authorization", negotiate(client.negotiate()))]))
                token = client.authenticate(challenge, more_pairs=pairs)
                self.refused(raw.ask(soap.create().encode(), [("Authorization", negotiate(token)), KIND]))
        self.watch.untouched(self)


class CredSsp(Holes):
    settings = ["Service/Auth/Basic=true", "Service/AllowUnencrypted=true"]

    def test_passwords_are_never_asked_for_by_credssp(self):
        for port, ca in ((self.port, None), (self.tls, self.service.ca)):
            with Raw(port, ca) as raw:
                answer = raw.ask(b"", [("Authorization", "CredSSP")])
                self.refused(answer)
                self.assertEqual(answer.all("www-authenticate"), ["Negotiate", 'Basic realm="WSMAN"'])


if __name__ == "__main__":
    unittest.main()
