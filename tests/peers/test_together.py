"""Several clients at once, several accounts, on one service."""
import threading
import unittest
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor

from pypsrp.exceptions import WSManFaultError
from pypsrp.shell import Process, WinRS
from pypsrp.wsman import NAMESPACES

from tests.peers.clients import masterzen_run, pypsrp, pypsrp_run, pywinrm, pywinrm_run
from tests.support.service import ADMIN, Service

OTHER = ("second", "another-Passw0rd")
PLAIN = ("plain", "yet-another-Passw0rd")
SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"


class Accounts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        accounts = [(*ADMIN, ["--admin"]), (*OTHER, ["--admin"]), (*PLAIN, [])]
        cls.service = cls.enterClassContext(Service(accounts=accounts))

    def client(self, account):
        return pypsrp(self.service.http, None, account, "ntlm", encryption="always")

    def shells_seen_by(self, account):
        body = ElementTree.Element("{%s}Enumerate" % NAMESPACES["wsen"])
        ElementTree.SubElement(body, "{%s}OptimizeEnumeration" % NAMESPACES["wsman"])
        ElementTree.SubElement(body, "{%s}MaxElements" % NAMESPACES["wsman"]).text = "100"
        with self.client(account) as client:
            answer = client.enumerate(SHELL, body)
        return [e.text.upper() for e in answer.iter("{%s}ShellId" % NAMESPACES["rsp"])]

    def test_a_shell_is_seen_and_used_only_by_its_owner(self):
        with self.client(ADMIN) as mine, WinRS(mine) as shell:
            self.assertEqual(self.shells_seen_by(ADMIN), [shell.id.upper()])
            self.assertEqual(self.shells_seen_by(OTHER), [])
            with self.client(OTHER) as theirs:
                borrowed = WinRS(theirs)
                borrowed.id, borrowed._selector_set = shell.id, shell._selector_set
                with self.assertRaises(WSManFaultError) as refused:
                    Process(borrowed, "echo never").invoke()
            self.assertIn(refused.exception.code, (2150858843, 5), "shell not found, or access denied")
            self.assertEqual(pypsrp_run(self.client(ADMIN), "echo still").stdout, b"still\n")

    def test_who_is_no_administrator_gets_no_shell(self):
        with self.assertRaises(WSManFaultError) as refused:
            pypsrp_run(self.client(PLAIN), "echo never")
        self.assertEqual(refused.exception.code, 5)


class Parallel(unittest.TestCase):
    def test_eight_clients_at_once_keep_their_output_apart(self):
        together = threading.Barrier(8)
        with Service(["Service/Auth/Basic=true"]) as service:
            def work(number):
                together.wait(60)
                command = f"i=0; while [ $i -lt 200 ]; do echo {number} $i; i=$((i+1)); done; exit {number}"
                if number % 3 == 0:
                    return pywinrm_run(pywinrm(service.https, service.ca, ADMIN, "basic"), command)
                if number % 3 == 1:
                    return pypsrp_run(pypsrp(service.http, None, ADMIN, "ntlm", encryption="always"), command)
                return masterzen_run(service.https, service.ca, ADMIN, "ntlm", command)

            with ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(work, range(8)))
        for number, answer in enumerate(answers):
            with self.subTest(number):
                expected = "".join(f"{number} {i}\n" for i in range(200)).encode()
                self.assertEqual((answer.stdout, answer.code), (expected, number))
