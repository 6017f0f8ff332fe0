"""Sealed messages of our own client that somebody on the way sends again: each ends its connection, and nothing is done twice.

For NTLM test_clients_sealed.py does more, with keys of its own. Messages out of order need the keys, too: tests/kerberos_logon/sealing_test.cc
and tests/credssp_logon/exchange_test.cc.
"""
import os
import socket
import unittest

from tests.e2e.bad_servers import BadServer, read_request
from tests.e2e.client import mullion
from tests.support import kdc as kerberos
from tests.support.kdc import PASSWORD, REALM, Kdc
from tests.support.service import Service
from tests.support.winrm import WinRM

ALICE = ("alice", PASSWORD)


class Replaying(BadServer):
    """Passes on what client and service say. Once, behind the sealed request number `behind`, it says the first one again."""

    def __init__(self, port, behind):
        super().__init__(self.pass_on)
        self.service_port, self.behind = port, behind
        self.found = []  # The status of the answer to that, and what came after it.

    def pass_on(self, client):
        with socket.create_connection(("127.0.0.1", self.service_port), timeout=30) as host:
            sealed = []
            while (request := read_request(client)) is not None:
                data = b"\r\n\r\n".join(request)
                host.sendall(data)
                if (answer := read_request(host)) is None:
                    return
                # With a token of the log-on it would be another attempt at that.
                if b"-encrypted" in request[0] and b"\nauthorization:" not in request[0].lower():
                    sealed.append(data)
                if len(sealed) == self.behind and not self.found:
                    host.sendall(sealed[0])
                    again = read_request(host)
                    self.found.append((again and again[0].split()[1], host.recv(1)))
                client.sendall(b"\r\n\r\n".join(answer))


class Replayed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if reason := kerberos.missing():
            raise unittest.SkipTest(reason)
        cls.kdc = cls.enterClassContext(Kdc())
        cls.service = cls.enterClassContext(Service(["Service/Auth/CredSSP=true"], accounts=[(*ALICE, ["--admin"])], environment=cls.kdc.environment,
                                                    options=["--keytab", str(cls.kdc.keytab)]))

    def replay(self, transport, user, behind):
        marks = self.service.folder / f"marks-{transport}-{behind}"
        marks.mkdir()
        os.chmod(marks, 0o777)
        with Replaying(self.service.port("http"), behind) as between:
            mullion("run", f"http://127.0.0.1:{between.port}/wsman", "-u", user, "--transport", transport, "--kerberos-hostname", "localhost",
                    "--", f"echo once >> {marks}/mark", password=PASSWORD, environment=self.kdc.environment)
        self.assertEqual(between.found, [(b"400", b"")])
        ran = (marks / "mark").read_text().count("once") if (marks / "mark").exists() else 0
        self.assertLessEqual(ran, 1)
        with WinRM(self.service.port("http"), account=ALICE) as client:
            self.assertEqual(client.run("echo served"), (b"served\n", 0))

    def test_every_mechanism_that_seals(self):
        for transport, user in (("ntlm", "alice"), ("kerberos", f"alice@{REALM}"), ("negotiate", f"alice@{REALM}"), ("credssp", "alice")):
            for behind in (1, 2):  # At once, and behind a further one.
                with self.subTest(transport=transport, behind=behind):
                    self.replay(transport, user, behind)


if __name__ == "__main__":
    unittest.main()
