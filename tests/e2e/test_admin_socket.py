"""DIR/run/admin.sock: root is Administrator there, by the kernel's word, or who started the service without being root; nobody else comes in."""
import os
import pwd
import signal
import socket
import stat
import unittest

from tests.support import soap
from tests.support.raw_http import Raw, request
from tests.support.service import ADMIN, DEADLINE, Service, shell_user, wait_until
from tests.support.winrm import basic

KIND = ("Content-Type", soap.SOAP_TYPE)
OTHER_UID = 2  # bin: neither root nor the one that the service runs as.


class Local(Raw):
    """A connection over the socket, as that user (root's tests alone) or as oneself."""

    def __init__(self, service, uid=None):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(DEADLINE)
        self.data, self.tls = b"", None
        with Folder(service.state / "run") as folder:
            if uid is not None:
                os.seteuid(uid)
            try:
                self.socket.connect(f"/proc/self/fd/{folder}/admin.sock")
            finally:
                if uid is not None:
                    os.seteuid(0)


class Folder:
    """A folder's descriptor: paths of tests may be longer than a socket's address."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        self.number = os.open(self.path, os.O_PATH | os.O_DIRECTORY)
        return self.number

    def __exit__(self, *_):
        os.close(self.number)


def path(service):
    return service.state / "run" / "admin.sock"


class AdminSocket(unittest.TestCase):
    def ask(self, raw, body, *fields):
        return raw.ask(body.encode(), [KIND, *fields])

    def test_who_asks_is_an_administrator(self):
        with Service() as service, Local(service) as raw:
            found = self.ask(raw, soap.IDENTIFY)
            self.assertEqual(found.status, 200)
            self.assertIn(b"SecurityProfiles", found.body, "told to those who are known only")
            created = self.ask(raw, soap.create())
            self.assertEqual(created.status, 200, created.body)
            self.assertIn(b"<rsp:ClientIP>local</rsp:ClientIP>", created.body)
            me = "root" if os.geteuid() == 0 else shell_user()
            self.assertRegex(created.body.decode(), rf"<rsp:Owner>[A-Z0-9-]+\\{me}</rsp:Owner>")
            self.assertIn(f'logon from local: "{me}" by socket (pid {os.getpid()})', service.log.read_text())

    def test_no_authorization_is_looked_at(self):
        with Service() as service, Local(service) as raw:
            for field in (basic(("nobody", "wrong")), basic(ADMIN), "Negotiate TlRMTVNTUAABAAAA", "?"):
                found = self.ask(raw, soap.IDENTIFY, ("Authorization", field))
                self.assertEqual(found.status, 200, field)
                self.assertEqual(found.all("www-authenticate"), [])
            self.assertNotIn("refused", service.log.read_text())

    def test_sealed_messages_have_no_key_there(self):
        with Service() as service, Local(service) as raw:
            kind = 'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"'
            self.assertEqual(raw.ask(b"--Encrypted Boundary--", [("Content-Type", kind)]).status, 400)

    def test_remote_access_may_be_off(self):
        with Service(["Service/AllowRemoteAccess=false"]) as service, Local(service) as raw:
            self.assertEqual(self.ask(raw, soap.create()).status, 200)

    def test_modes_and_owner(self):
        with Service() as service:
            folder, found = os.stat(service.state / "run"), os.lstat(path(service))
            self.assertEqual((stat.S_IMODE(folder.st_mode), stat.S_IMODE(found.st_mode)), (0o700, 0o600))
            self.assertTrue(stat.S_ISSOCK(found.st_mode))
            owner = os.stat(service.state).st_uid
            self.assertEqual((folder.st_uid, found.st_uid), (owner, owner))
            service.stop()
            self.assertFalse(path(service).exists(), "an orderly end takes it away")

    def test_somebody_else_is_closed_at_once(self):
        if os.geteuid() != 0:
            self.skipTest("only root can be somebody else")
        with Service() as service:
            # What the modes keep out must be kept out by the kernel's word alone.
            os.chmod(service.state, 0o711)
            os.chmod(service.state / "run", 0o711)
            os.chmod(path(service), 0o666)
            with Local(service, OTHER_UID) as raw:
                raw.send(request(soap.IDENTIFY.encode(), [KIND]))
                self.assertIsNone(raw.answer())
            line = wait_until(lambda: [one for one in service.log.read_text().splitlines() if "logon refused" in one], "a line of it")
            self.assertRegex(line[0], rf'logon refused from local: "uid {OTHER_UID}" by socket \(pid \d+\): neither root nor the service')
            with Local(service) as raw:
                self.assertEqual(self.ask(raw, soap.IDENTIFY).status, 200, "and others go on")

    def test_the_services_own_user_does_not_come_in_where_root_started_it(self):
        """Shells may run as that user: they would be administrators."""
        if os.geteuid() != 0:
            self.skipTest("who runs the test is who started it")
        with Service() as service:
            with Local(service, os.stat(service.state).st_uid) as raw:
                raw.send(request(soap.IDENTIFY.encode(), [KIND]))
                self.assertIsNone(raw.answer())
            self.assertNotIn(f'logon from local: "{pwd.getpwuid(os.stat(service.state).st_uid).pw_name}" by socket', service.log.read_text())

    def test_a_killed_services_socket_is_replaced(self):
        with Service() as service:
            before = os.lstat(path(service)).st_ino
            service.stop(signal.SIGKILL)
            self.assertTrue(path(service).exists(), "a kill leaves it")
            service.start()
            with Local(service) as raw:
                self.assertEqual(self.ask(raw, soap.IDENTIFY).status, 200)
            self.assertTrue(stat.S_ISSOCK(os.lstat(path(service)).st_mode), before)

    def test_a_symbolic_link_there_is_not_followed(self):
        with Service() as service:
            service.stop()
            precious = service.folder / "precious"
            precious.write_text("stays")
            os.symlink(precious, path(service))
            service.start()
            self.assertTrue(stat.S_ISSOCK(os.lstat(path(service)).st_mode))
            self.assertEqual(precious.read_text(), "stays")
            self.assertEqual(os.stat(precious).st_uid, os.geteuid())

    def test_a_link_instead_of_the_folder_stops_the_start(self):
        with Service() as service:
            service.stop()
            elsewhere = service.folder / "elsewhere"
            elsewhere.mkdir(mode=0o700)
            (service.state / "run").rmdir()
            os.symlink(elsewhere, service.state / "run")
            with self.assertRaisesRegex(AssertionError, "state.directory|serve.listen"):
                service.start()
            self.assertEqual(list(elsewhere.iterdir()), [])

    def test_the_operator_gets_in_when_all_places_are_taken(self):
        with Service(["Service/MaxConnections=2"]) as service:
            taken = [Raw(service.port("http")) for _ in range(2)]
            try:
                with Raw(service.port("http")) as late:
                    late.closed()
                with Local(service) as raw:
                    self.assertEqual(self.ask(raw, soap.IDENTIFY).status, 200)
            finally:
                for one in taken:
                    one.socket.close()

    def test_those_places_end_as_well(self):
        with Service() as service:
            held = [Local(service) for _ in range(32)]
            try:
                for one in held:
                    self.assertEqual(self.ask(one, soap.IDENTIFY).status, 200)
                with Local(service) as late:
                    late.send(request(soap.IDENTIFY.encode(), [KIND]))
                    self.assertIsNone(late.answer())
                held.pop().socket.close()

                def again():
                    with Local(service) as raw:
                        return self.ask(raw, soap.IDENTIFY)
                self.assertEqual(wait_until(again, "a place that was given back").status, 200)
            finally:
                for one in held:
                    one.socket.close()

    def test_an_account_of_the_same_name_has_other_shells(self):
        if os.geteuid() != 0:
            self.skipTest("the account would run as the very user that comes in")
        account = ("root", "an-0ther Passw0rd", ["--admin"])
        with Service(["Service/Auth/Basic=true", "Service/AllowUnencrypted=true"], accounts=[account]) as service, Local(service) as raw:
            shell = soap.shell_of(self.ask(raw, soap.create()).body.decode())
            with Raw(service.port("http")) as other:
                who = ("Authorization", basic(account))
                self.assertEqual(other.ask(soap.create().encode(), [KIND, who]).status, 200)
                found = other.ask(soap.get(shell).encode(), [KIND, who])
                self.assertEqual(found.status, 500, found.body)


if __name__ == "__main__":
    unittest.main()
