"""Two hundred clients at once against small quotas: none is exceeded, and afterwards every unit is back. And shells that are ended for their age."""
import os
import random
import re
import threading
import unittest

from tests.support import soap
from tests.support.service import ADMIN, Service, wait_until
from tests.support.watch import Watch, network_process
from tests.support.winrm import WinRM

SHELLS, PROCESSES, OPERATIONS, USERS, CLIENTS = 5, 2, 12, 3, 200
LEFT_OPEN = 15_000  # Milliseconds of an enumeration that nobody pulls from: it is an operation so long.
ACCOUNTS = [ADMIN, *((f"user{n}", f"Corr3ct-user{n}-h0rse") for n in range(3))]
ALIEN = {soap.UNEXPECTED_SELECTORS, soap.TIMED_OUT, 995}  # Gone, silent, ended under the request: other clients of the account do that.
SYSTEM_INTERNAL = 0x54F  # MaxProcessesPerShell has no code of its own.
ENUMERATE = soap.envelope(soap.ENUMERATION + "Enumerate", soap.SHELL, "<n:Enumerate/>")  # Gives a context, and leaves it open.
TOLD = ALIEN | {soap.QUOTA_SHELLS, soap.QUOTA_OPERATIONS, soap.QUOTA_SHELL_USERS, SYSTEM_INTERNAL, 109, 170}


def values(xml, name):
    return re.findall(rf"<(?:\w+:)?{name}>([^<]*)<", xml)


def held(service, kinds=("socket:", "pipe:")):
    """What the network process has open of these kinds. An I/O thread that it started meanwhile has some of other kinds, and keeps them."""
    folder, links = f"/proc/{network_process(service)}/fd", []
    for name in os.listdir(folder):
        try:
            links.append(os.readlink(f"{folder}/{name}"))
        except FileNotFoundError:
            pass  # Closed meanwhile.
    return [link for link in links if link.startswith(kinds)]


class Client(threading.Thread):
    """Does what comes to its mind; sometimes it goes away in the middle of a request, as a client that was killed."""

    def __init__(self, port, number, shells):
        """`shells` of all clients, each with the commands that were begun in it: shell -> (account, command ids)."""
        super().__init__(name=f"client {number}")
        self.port, self.dice, self.shells = port, random.Random(number), shells
        self.account = ACCOUNTS[number % len(ACCOUNTS)]
        self.problem, self.answers = None, {}

    def run(self):
        try:
            for _ in range(3):
                with WinRM(self.port, account=self.account) as client:
                    self.work(client)
        except Exception as problem:  # noqa: BLE001: what a thread raises nobody hears.
            self.problem = problem

    def work(self, client):
        for _ in range(12):
            shell, request = self.think()
            if self.dice.random() < 0.1:
                client.write(request)
                return  # Its answer is not read, nor is it known whether anything was done.
            found = client.ask(request)
            if found is None:
                raise ConnectionError("the service closed")
            status, xml = found
            code = 200 if status == 200 else soap.code_of(xml)
            self.answers[code] = self.answers.get(code, 0) + 1
            if code != 200 and code not in TOLD:
                raise AssertionError(f"{status}: {xml}")
            if code == 200 and soap.shell_of(xml):
                self.shells[soap.shell_of(xml)] = (self.account, [])
            if code == 200 and soap.value_of(xml, "CommandId"):
                self.shells[shell][1].append(soap.value_of(xml, "CommandId"))

    def think(self):
        mine = [shell for shell, (account, _) in list(self.shells.items()) if account == self.account]
        shell = self.dice.choice(mine) if mine else None
        if shell is None or self.dice.random() < 0.2:
            return None, soap.create()
        commands = self.shells[shell][1] or ["12345678-0000-4000-8000-000000000000"]
        kinds = (lambda: soap.command(shell, self.dice.choice(("true", "echo out", "sleep 600", "no-such-program"))),
                 lambda: soap.receive(shell, self.dice.choice(commands), timeout="PT1S"),
                 lambda: soap.signal(shell, self.dice.choice(commands)),
                 lambda: soap.get(shell),
                 lambda: soap.delete(shell),
                 lambda: ENUMERATE)
        return shell, self.dice.choices(kinds, (6, 6, 2, 2, 3, 1))[0]()


class AtOnce(unittest.TestCase):
    def setUp(self):
        self.service = self.enterContext(Service(
            [f"Winrs/MaxShellsPerUser={SHELLS}", f"Winrs/MaxProcessesPerShell={PROCESSES}", f"Winrs/MaxConcurrentUsers={USERS}",
             f"Service/MaxConcurrentOperationsPerUser={OPERATIONS}", "Service/MaxConnections=1000", f"Service/EnumerationTimeoutms={LEFT_OPEN}"],
            [(*account, ["--admin"]) for account in ACCOUNTS]))
        self.watch = Watch(self.service)
        self.port = self.service.port("http")

    def test_two_hundred(self):
        before = held(self.service)
        shells = {}
        clients = [Client(self.port, number, shells) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        for client in clients:
            client.join(240)
        self.assertEqual([(client.name, client.problem) for client in clients if client.problem or client.is_alive()], [])
        answers = {}
        for client in clients:
            for code, count in client.answers.items():
                answers[code] = answers.get(code, 0) + count
        # Each quota was met, or the test shows nothing.
        for code in (200, soap.QUOTA_SHELLS, soap.QUOTA_SHELL_USERS, soap.QUOTA_OPERATIONS):
            self.assertIn(code, answers)
        # What those said who went away has been heard, too.
        wait_until(lambda: len(held(self.service, "socket:")) <= sum(one.startswith("socket:") for one in before), "the connections to be gone")
        for account in ACCOUNTS:
            self.give_up(account)
        self.watch.settled()
        for account in ACCOUNTS:
            self.every_unit_is_back(account)
        self.who_may_have_shells()
        for account in ACCOUNTS:
            self.give_up(account)
        self.watch.settled()
        wait_until(lambda: sorted(held(self.service)) == sorted(before), "every descriptor to be back")

    def give_up(self, account):
        with WinRM(self.port, account=account) as client:
            listed = wait_until(lambda: self.listed(client), "operations to be over")
            for shell in listed[1]:
                client.well(soap.delete(shell))

    def listed(self, client):
        """Nothing while the account's operations are used up; enumerations that were left end by themselves."""
        status, xml = client.ask(soap.enumerate_shells())
        return (status, values(xml, "ShellId")) if status == 200 else None

    def every_unit_is_back(self, account):
        """Each quota has all its places, and not one more."""
        with WinRM(self.port, account=account) as client:
            made = [client.create() for _ in range(SHELLS)]
            self.assertEqual(client.fault(soap.create()), soap.QUOTA_SHELLS)
            for shell in made:
                for _ in range(PROCESSES):
                    client.command(shell, "sleep 600")
                self.assertEqual(client.fault(soap.command(shell, "true")), SYSTEM_INTERNAL)
            # Enumerations that were left end in their own time.
            wait_until(lambda: self.operations(client, made[0]) == OPERATIONS, "every operation to be given back")
            for shell in made:
                client.well(soap.delete(shell))

    def operations(self, client, shell):
        """How many there are for whoever takes them all; never more than the quota. They are given back."""
        contexts = []
        while True:
            status, xml = client.ask(ENUMERATE)
            if status != 200:
                self.assertEqual(soap.code_of(xml), soap.QUOTA_OPERATIONS)
                break
            contexts.append(soap.value_of(xml, "EnumerationContext"))
            self.assertLessEqual(len(contexts), OPERATIONS)
        self.assertEqual(client.fault(soap.get(shell)), soap.QUOTA_OPERATIONS)
        for context in contexts:
            body = f"<n:Release><n:EnumerationContext>{context}</n:EnumerationContext></n:Release>"
            client.well(soap.envelope(soap.ENUMERATION + "Release", soap.SHELL, body))
        client.well(soap.get(shell))
        return len(contexts)

    def who_may_have_shells(self):
        for account in ACCOUNTS[:USERS]:
            with WinRM(self.port, account=account) as client:
                client.create()
        with WinRM(self.port, account=ACCOUNTS[USERS]) as client:
            self.assertEqual(client.fault(soap.create()), soap.QUOTA_SHELL_USERS)


class Gone(unittest.TestCase):
    """Clients that are gone: what waited for them is over long before its OperationTimeout."""

    def test_their_operations_are_given_back(self):
        service = self.enterContext(Service(["Service/MaxConcurrentOperationsPerUser=2", "MaxTimeoutms=600000"]))
        for scheme in ("http", "https"):
            with self.subTest(scheme):
                port, ca = service.port(scheme), service.ca if scheme == "https" else None
                with WinRM(port, ca) as owner, WinRM(port, ca) as one, WinRM(port, ca) as two:
                    shell = owner.create()
                    commands = [owner.command(shell, "sleep 600") for _ in range(2)]
                    for client, command in zip((one, two), commands):
                        client.write(soap.receive(shell, command, timeout="PT600S"))
                    wait_until(lambda: soap.code_of(owner.ask(soap.get(shell))[1]) == soap.QUOTA_OPERATIONS, "both to wait")
                    one.raw.socket.close()
                    two.raw.socket.close()
                    wait_until(lambda: owner.ask(soap.get(shell))[0] == 200, "an operation to be given back")
                    owner.well(soap.delete(shell))

    def test_who_only_says_no_more_is_answered(self):
        """Half a connection: the peer has ended its own side, and reads."""
        with Service(["MaxTimeoutms=600000"]) as service, WinRM(service.port("http")) as client:
            shell = client.create()
            client.write(soap.receive(shell, client.command(shell, "sleep 600"), timeout="PT600S"))
            client.raw.socket.shutdown(1)
            status, xml = client.read()
            self.assertEqual((status, soap.code_of(xml)), (500, soap.TIMED_OUT))


class TooOld(unittest.TestCase):
    """MaxShellRunTime, as winrm set winrm/config/winrs @{MaxShellRunTime="…"} sets it."""

    def setUp(self):
        self.service = self.enterContext(Service(["Winrs/MaxShellRunTime=1500"]))
        self.watch = Watch(self.service)

    def test_a_command_is_ended_and_its_client_told_why(self):
        with WinRM(self.service.port("http")) as client:
            shell = client.create()
            command = client.command(shell, "sleep 600 & sleep 600")
            status, xml = client.ask(soap.receive(shell, command, timeout="PT50S"))
            self.assertEqual((status, soap.code_of(xml)), (500, 995))
            self.assertIn("1500 milliseconds old, as old as MaxShellRunTime allows", xml)
            self.watch.settled()  # Its whole process group.
            status, xml = client.ask(soap.receive(shell, command))
            self.assertEqual((status, soap.code_of(xml)), (500, soap.UNEXPECTED_SELECTORS))
            self.assertIn("MaxShellRunTime", xml)
        self.assertRegex(self.watch.log(), rf"shell {shell} of Administrator is ended: it is 1500 milliseconds old, as old as MaxShellRunTime allows")
        self.watch.serves(self)


if __name__ == "__main__":
    unittest.main()
