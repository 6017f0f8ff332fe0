"""What a client hands over with its log-on, and what the commands of its shell can do with it."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from tests.e2e import bad_servers
from tests.e2e.test_credssp import HAS_CREDSSP, ManInTheMiddle
from tests.e2e.test_kerberos import ALICE, Case, accounts
from tests.support import no_keyrings
from tests.support.credssp import make_certificate
from tests.support.kdc import REALM, SERVICES, Kdc
from tests.support.service import BUILD, Service, wait_until

ELSEWHERE = "HTTP/elsewhere"
IN_KEYS, IN_FILE = "KEYRING:session:mullion", r"FILE:/(?:run|dev/shm)/\S+/tickets"
WITH_KERBEROS, WITH_NTLM = (("-e", f"ansible_winrm_credssp_auth_mechanism={way}") for way in ("kerberos", "ntlm"))


class WithoutKeyrings(Service):
    def command_line(self):
        return [sys.executable, no_keyrings.__file__, *super().command_line()]


def serve(kdc, keytab=True, made=Service, environment=None, **more):
    keytab = kdc.keytab if keytab is True else keytab
    return made([HAS_CREDSSP], accounts=more.get("accounts", accounts()), options=["--keytab", str(keytab)] if keytab else [],
                environment={**kdc.environment, **(environment or {})})


def keyrings_work():
    """In a process of its own: it changes its session keyring."""
    number = no_keyrings.KEYRING_CALLS[os.uname().machine][2] if no_keyrings.possible() else None
    look = f"import ctypes, sys; sys.exit(ctypes.CDLL(None).syscall({number}, 1, None) < 0)"
    return number is not None and subprocess.run([sys.executable, "-c", look]).returncode == 0


class Delegating(Case):
    """`words_of` are put around what each command does: it knows where the KDC is, and no cache by name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lacking = [name for name in ("klist", "kvno") if not shutil.which(name)]
        if lacking:
            raise unittest.SkipTest(f"{', '.join(lacking)} not found: install krb5-user")
        cls.kdc = cls.enterClassContext(Kdc(services=(*SERVICES, ELSEWHERE)))

    def script(self, *lines):
        return "; ".join((f"export KRB5_CONFIG={self.kdc.config}", *lines))

    def command(self, service, *more, **how):
        done = self.ask(self.kdc, service, "run", *more[:-1], self.script(more[-1]), **how)
        self.assertIsNone(done["error"], done)
        return done


class Forwarded(Delegating):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls.enterClassContext(serve(cls.kdc))

    def expect_usable(self, service, where, transport="kerberos", scheme="http"):
        host = self.command(service, "--kerberos-delegation", f"echo $KRB5CCNAME; klist -f; kvno {ELSEWHERE}; klist -f",
                            transport=transport, scheme=scheme)
        said = host["stdout"]
        self.assertEqual(host["exit_code"], 0, host)
        self.assertRegex(said.splitlines()[0], f"^{where}$")
        self.assertIn(f"Default principal: {ALICE}", said)
        flags = re.search(rf"krbtgt/{REALM}@{REALM}\n.*Flags: (\w+)", said)
        self.assertTrue(flags and "f" in flags[1], said)  # Forwarded.
        self.assertIn(f"{ELSEWHERE}@{REALM}: kvno = ", said)
        self.assertEqual(said.count(ELSEWHERE), 2, "the ticket for elsewhere was not kept")

    def test_a_forwarded_ticket_serves_for_another_service(self):
        where = IN_KEYS if keyrings_work() else IN_FILE
        for transport in ("kerberos", "negotiate", "credssp"):
            for scheme in ("http", "https"):
                with self.subTest(transport=transport, scheme=scheme):
                    self.expect_usable(self.service, where, transport, scheme)

    def test_nothing_is_forwarded_unless_that_is_asked_for(self):
        for transport in ("kerberos", "negotiate", "credssp"):
            with self.subTest(transport):
                host = self.command(self.service, f"echo [$KRB5CCNAME]; klist -f; kvno {ELSEWHERE}", transport=transport)
                self.assertEqual((host["stdout"].splitlines()[0], host["exit_code"]), ("[]", 1), host)
                self.assertNotIn("krbtgt", host["stdout"])

    def test_a_cache_that_the_client_names_counts(self):
        host = self.command(self.service, "--kerberos-delegation", "--env", "KRB5CCNAME=FILE:/nonexistent/mine", "echo $KRB5CCNAME; klist")
        self.assertEqual((host["stdout"], host["exit_code"]), ("FILE:/nonexistent/mine\n", 1), host)

    @unittest.skipUnless(no_keyrings.possible(), "the numbers of this machine's system calls are not known here")
    def test_in_the_keyring_it_goes_with_the_command(self):
        if not keyrings_work():
            self.skipTest("the kernel has no keyrings, or forbids them here")
        keyctl = no_keyrings.KEYRING_CALLS[os.uname().machine][2]
        find = f'import ctypes; print("%08x" % ctypes.CDLL(None).syscall({keyctl}, 10, -3, b"keyring", b"_krb_mullion", 0))'
        serial = self.command(self.service, "--kerberos-delegation", f"/usr/bin/python3 -c '{find}'")["stdout"].strip()
        self.assertRegex(serial, "^[0-9a-f]{8}$")
        self.assertNotEqual(serial, "ffffffff")
        wait_until(lambda: f"{serial} " not in Path("/proc/keys").read_text(), "the keyring is gone")


class InFiles(Forwarded):
    """Where keyrings are forbidden."""
    test_nothing_is_forwarded_unless_that_is_asked_for = test_a_cache_that_the_client_names_counts = None
    test_in_the_keyring_it_goes_with_the_command = None

    @classmethod
    def setUpClass(cls):
        if not no_keyrings.possible():
            raise unittest.SkipTest("the numbers of this machine's system calls are not known here")
        super(Forwarded, cls).setUpClass()

    def test_a_forwarded_ticket_serves_for_another_service(self):
        with serve(self.kdc, made=WithoutKeyrings) as service:
            self.expect_usable(service, IN_FILE)

    def test_each_is_gone_with_its_command_and_all_with_the_service(self):
        with serve(self.kdc, made=WithoutKeyrings) as service:
            said = self.command(service, "--kerberos-delegation", "echo $KRB5CCNAME; f=${KRB5CCNAME#FILE:}; ls -ld ${f%/tickets}; ls -l $f")["stdout"]
            name, folder, file = said.splitlines()
            self.assertTrue(folder.startswith("drwx------ ") and file.startswith("-rw------- "), said)
            cache = Path(name.removeprefix("FILE:"))
            # The shell's end is answered before its commands' processes are.
            wait_until(lambda: not cache.parent.exists(), "the ticket's folder is gone")
            everything = cache.parent.parent
            self.assertTrue(everything.exists())
        self.assertFalse(everything.exists())


class InsideCredSsp(Delegating):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls.enterClassContext(serve(cls.kdc))

    def log_on(self, service, *more, scheme="http", **how):
        host = self.ping(self.kdc, service, *more, transport="credssp", scheme=scheme, **how)
        self.assertEqual((host["status"], host["transport"]), ("ok", "credssp"), host)
        return host["how"]

    def test_kerberos_first(self):
        for scheme in ("http", "https"):
            for options in ((), WITH_KERBEROS, ("--message-encryption", "always")):
                with self.subTest(scheme=scheme, options=options):
                    before = self.kdc.requests("TGS_REQ")
                    self.assertRegex(self.log_on(self.service, *options, scheme=scheme),
                                     f"^credssp 6 with kerberos for HTTP/localhost@{REALM}, TLS")
                    self.assertGreater(self.kdc.requests("TGS_REQ"), before)
        self.assertIn("CredSSP", self.service.log.read_text())

    def test_a_command_and_a_megabyte(self):
        host = self.command(self.service, "head -c 1048576 /dev/zero | tr '\\0' x", transport="credssp")
        self.assertEqual((host["exit_code"], len(host["stdout"])), (0, 1048576))

    def test_ntlm_alone_where_that_is_asked_for(self):
        before = self.kdc.asked()
        self.assertRegex(self.log_on(self.service, *WITH_NTLM), "^credssp 6 with negotiate, TLS")  # NTLM, and nothing else was offered.
        self.assertRegex(self.log_on(self.service, user="alice"), "^credssp 6 with negotiate, TLS")  # NTLM, and nothing else was offered.
        self.assertEqual(self.kdc.asked(), before)

    def test_auth_local_account__kerberos_for_nobody_that_a_kdc_knows(self):
        host = self.ping(self.kdc, self.service, *WITH_KERBEROS, transport="credssp", user="alice")
        self.assertIn("credssp with kerberos as alice", self.refused(host, "auth.local_account"))

    def test_the_realm_may_be_said_apart(self):
        self.assertRegex(self.log_on(self.service, "--realm", REALM, user="alice"), "^credssp 6 with kerberos for ")

    def test_the_host_has_no_keytab(self):
        with serve(self.kdc, keytab=None) as service:
            self.assertRegex(self.log_on(service), "^credssp 6 with ntlm; kerberos: the host chose otherwise, TLS")
            self.refused(self.ping(self.kdc, service, *WITH_KERBEROS, transport="credssp"), "credssp.error")

    def test_the_next_name_where_the_key_is_another(self):
        """The host says so inside of CredSSP: beside the status is Kerberos' own message."""
        with serve(self.kdc, keytab=self.kdc.keytab_of("host/localhost")) as service:
            self.assertRegex(self.log_on(service), f"^credssp 6 with kerberos for host/localhost@{REALM}, ")
            said = self.refused(self.ping(self.kdc, service, "--spn-service", "HTTP", *WITH_KERBEROS, transport="credssp"), "kerberos.refused")
            self.assertIn(f"HTTP/localhost@{REALM}", said)

    def test_ntlm_where_the_clocks_differ(self):
        shift = {"LD_PRELOAD": str(BUILD / "tests/kdc/libshifted_clock.so"), "MULLION_TEST_CLOCK": "900"}
        with serve(self.kdc, environment=shift) as service:
            self.assertRegex(self.log_on(service), "^credssp 6 with ntlm; kerberos: ")
            self.refused(self.ping(self.kdc, service, *WITH_KERBEROS, transport="credssp"), "kerberos.clock")

    def test_ntlm_where_no_kdc_answers(self):
        with Kdc() as kdc, serve(kdc) as service:
            kdc.stop()
            host = self.ping(kdc, service, transport="credssp")
            self.assertRegex(host["how"] or "", f"^credssp 6 with ntlm; kerberos: .*{REALM}", host)
            for options in (WITH_KERBEROS, ("--kerberos-delegation",)):
                self.refused(self.ping(kdc, service, *options, transport="credssp"), "kerberos.silent", "unreachable")

    def test_kerberos_rejected__a_wrong_password(self):
        self.refused(self.ping(self.kdc, self.service, transport="credssp", password="wrong"), "kerberos.rejected")

    def test_credssp_public_key__a_man_in_the_middle(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        middle = ManInTheMiddle(make_certificate(folder), self.service)
        with bad_servers.BadServer(middle) as server:
            class There:
                url = staticmethod(lambda scheme: f"{scheme}://127.0.0.1:{server.port}/wsman")
            host = self.ping(self.kdc, There, *WITH_KERBEROS, transport="credssp")
        middle.upstream.close()
        self.refused(host, "credssp.public_key")
        self.assertEqual([sorted(fields) for fields in middle.heard], [[0, 1], [0, 3, 5]])
