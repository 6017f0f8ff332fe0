"""One account uses up what it can; another's commands still run. Each refusal is the one that service-protocol.md 3.7 names."""
import contextlib
import unittest

from tests.faults.targets import Target
from tests.support import soap
from tests.support.raw_http import Raw
from tests.support.service import ADMIN, Service, wait_until
from tests.support.watch import Watch, descriptors, monitor, network_process
from tests.support.winrm import WinRM, negotiate, token_in
from tests.support.ntlm import Ntlm

HOG = ("Hog", "Corr3ct-h0g-h0rse")
ACCOUNTS = [(*ADMIN, ["--admin"]), (*HOG, ["--admin"])]
QUOTA_USER = 0x803381A7
ROUNDS = 5  # Commands of the other account, from Create to Delete, that must run meanwhile.


class Quotas(unittest.TestCase):
    def serve(self, *settings, **how):
        self.service = self.enterContext(Service(list(settings), ACCOUNTS, **how))
        self.watch = Watch(self.service)
        self.port = self.service.port("http")
        self.hog = self.enterContext(WinRM(self.port, account=HOG))

    def others_go_on(self):
        for _ in range(ROUNDS):
            self.watch.serves(self)

    def until_refused(self, ask, most):
        """What was let through, and the fault that ended it."""
        done = []
        for _ in range(most):
            status, xml = ask()
            if status != 200:
                return done, xml
            done.append(xml)
        self.fail(f"{most} went through and none was refused")


class Windows(Quotas):
    """The quotas that Windows has, at small values."""

    def test_shells(self):
        self.serve("Winrs/MaxShellsPerUser=3")
        done, fault = self.until_refused(lambda: self.hog.ask(soap.create()), 10)
        self.assertEqual((len(done), soap.code_of(fault)), (3, soap.QUOTA_SHELLS))
        self.assertIn("w:QuotaLimit", fault)
        self.assertIn("3 concurrent shells", fault)
        self.others_go_on()
        self.hog.well(soap.delete(soap.shell_of(done[0])))
        self.hog.create()

    def test_shells_made_over_many_connections_are_counted_together(self):
        self.serve("Winrs/MaxShellsPerUser=3")
        made = 0
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(WinRM(self.port, account=HOG)) for _ in range(10)]
            for client in clients:
                client.write(soap.create())
            for client in clients:
                made += client.read()[0] == 200
        self.assertEqual(made, 3)
        self.others_go_on()

    def test_users(self):
        self.serve("Winrs/MaxConcurrentUsers=1")
        self.watch.serves(self)
        self.hog.create()
        with WinRM(self.port) as other:  # Here the other is shut out: that is what this quota is for.
            self.assertEqual(other.fault(soap.create()), soap.QUOTA_SHELL_USERS)

    def test_processes(self):
        self.serve("Winrs/MaxProcessesPerShell=2")
        shell = self.hog.create()
        done, fault = self.until_refused(lambda: self.hog.ask(soap.command(shell, "sleep 600")), 10)
        self.assertEqual((len(done), soap.code_of(fault)), (2, 0x54F))
        self.assertIn("w:InternalError", fault)
        self.others_go_on()
        self.hog.well(soap.signal(shell, soap.value_of(done[0], "CommandId")))
        self.hog.command(shell, "true")

    def test_operations(self):
        """Receives that wait, over connections of their own. The form of the fault is the recorded one: retried by clients."""
        self.serve("Service/MaxConcurrentOperationsPerUser=4")
        shell = self.hog.create()
        commands = [self.hog.command(shell, "sleep 600") for _ in range(4)]
        waiting = [self.enterContext(WinRM(self.port, account=HOG)) for _ in commands]
        for client, command in zip(waiting, commands):
            client.write(soap.receive(shell, command, timeout="PT60S"))
        # They are counted when the service has read them; then nothing more goes, and whatever frees does.
        wait_until(lambda: self.hog.ask(soap.get(shell))[0] == 500, "four operations to be outstanding")
        status, fault = self.hog.ask(soap.command(shell, "true"))
        self.assertEqual((status, soap.code_of(fault)), (500, soap.QUOTA_OPERATIONS))
        self.assertIn("s:Receiver", fault)
        self.assertIn("maximum number of 4 concurrent operations", fault)
        self.others_go_on()
        self.hog.well(soap.signal(shell, commands[0]))
        self.assertEqual(waiting[0].read()[0], 500)  # Its command is gone.
        self.hog.well(soap.get(shell))
        self.hog.well(soap.delete(shell))

    def test_enumerations_left_open(self):
        self.serve("Service/MaxConcurrentOperationsPerUser=4")
        self.hog.create()
        body = "<n:Enumerate/>"
        done, fault = self.until_refused(lambda: self.hog.ask(soap.envelope(soap.ENUMERATION + "Enumerate", soap.SHELL, body)), 10)
        self.assertEqual((len(done), soap.code_of(fault)), (4, soap.QUOTA_OPERATIONS))
        self.others_go_on()
        context = soap.value_of(done[0], "EnumerationContext")
        self.hog.well(soap.envelope(soap.ENUMERATION + "Release", soap.SHELL, f"<n:Release><n:EnumerationContext>{context}</n:EnumerationContext></n:Release>"))
        self.hog.well(soap.enumerate_shells())


class Shares(Quotas):
    """What Windows leaves without end, and we do not: docs/service.md."""

    def test_connections(self):
        """Seven eighths of MaxConnections; the next one is answered 503."""
        self.serve("Service/MaxConnections=16")
        held, refused = 1, 0
        while refused < 5:
            status = wait_until(self.log_on_as_hog, "a place to be free")  # One that was refused leaves in its own time.
            held, refused = held + (status == 200), refused + (status == 503)
            self.assertIn(status, (200, 503))
            self.assertLessEqual(held, 14)
        self.assertEqual(held, 14)
        self.others_go_on()
        self.hog.run("echo still")

    def log_on_as_hog(self):
        """200 and it is held, 503 and it is closed, or nothing when all places were taken."""
        raw, client = Raw(self.port), Ntlm(*HOG)
        self.addCleanup(raw.socket.close)
        first = raw.ask(fields=[("Authorization", negotiate(client.negotiate()))])
        last = raw.ask(fields=[("Authorization", negotiate(client.authenticate(token_in(first))))]) if first else None
        if last and last.status == 503:
            raw.socket.close()
        return last.status if last else None

    def test_commands_never_take_the_last_descriptor(self):
        """With few descriptors the share is smaller; beyond it is a fault, and neither the service nor the monitor minds."""
        self.serve("Service/MaxConnections=50", files=600)
        shells = [self.hog.create() for _ in range(4)]
        turn = iter(range(10**6))
        done, fault = self.until_refused(lambda: self.hog.ask(soap.command(shells[next(turn) % 4], "sleep 600")), 200)
        self.assertEqual(soap.code_of(fault), QUOTA_USER)
        self.assertEqual(len(done), 86)  # (600 - 50 - 256) / 3, and seven eighths of it.
        self.assertLess(descriptors(network_process(self.service)), 600 - 50)
        self.others_go_on()
        self.hog.well(soap.delete(shells[0]))
        self.hog.command(shells[1], "true")
        for shell in shells[1:]:
            self.hog.well(soap.delete(shell))
        self.watch.settled()
        self.others_go_on()

    def test_commands_that_nobody_terminates(self):
        """They are kept for their last answer; the oldest are forgotten where there are too many, and new ones always run."""
        self.serve("Service/MaxConnections=50", files=600)
        shells = [self.hog.create() for _ in range(3)]
        for number in range(150):
            shell = shells[number % 3]
            command = self.hog.command(shell, "exit 3")
            self.assertEqual(self.hog.collect(shell, command), (b"", 3))
        self.others_go_on()
        self.assertLess(descriptors(monitor(self.service)), 200)

    def test_output_that_nobody_receives(self):
        """It stays in the pipes, and the network process holds no more than its share of one account."""
        self.serve("Winrs/MaxProcessesPerShell=0")
        shell = self.hog.create()
        commands = [self.hog.command(shell, "cat /dev/zero") for _ in range(60)]
        self.others_go_on()
        # All have filled what they may: two streams of 256 KiB at most for each.
        self.watch.memory_within(self, 128, 32)
        self.others_go_on()
        for command in commands[:3]:
            status, xml = self.hog.ask(soap.receive(shell, command))
            self.assertEqual((status, set(soap.output_of(xml))), (200, {0}))
        self.hog.well(soap.delete(shell))
        self.watch.settled()
        self.watch.memory_within(self, 128, 32)

    def test_what_shells_were_told_is_bounded(self):
        """Environments of 400 KB, shell after shell: Windows' quotas alone would let them fill the memory."""
        self.serve()
        value = "v" * 100_000
        hog = self.enterContext(WinRM(self.service.port("https"), self.service.ca, HOG))
        done, fault = self.until_refused(lambda: hog.ask(soap.create(environment=[(f"V{n}", value) for n in range(4)])), 1000)
        self.assertEqual(soap.code_of(fault), QUOTA_USER)
        self.assertGreater(len(done), 300)
        self.others_go_on()
        self.watch.memory_within(self, 320, 24)
        self.hog.well(soap.delete(soap.shell_of(done[0])))
        self.hog.create()


class OnTheSimulator(unittest.TestCase):
    def test_shells_and_operations(self):
        target = Target(type(self), True, ["Winrs/MaxShellsPerUser=3", "Service/MaxConcurrentOperationsPerUser=4"])
        self.addCleanup(type(self).doClassCleanups)
        with WinRM(target.port) as client:
            shells = [client.create() for _ in range(3)]
            self.assertEqual(client.fault(soap.create()), soap.QUOTA_SHELLS)
            body = "<n:Enumerate/>"
            for _ in range(4):
                client.well(soap.envelope(soap.ENUMERATION + "Enumerate", soap.SHELL, body))
            self.assertEqual(client.fault(soap.get(shells[0])), soap.QUOTA_OPERATIONS)
            for shell in shells:
                client.well(soap.delete(shell))


if __name__ == "__main__":
    unittest.main()
