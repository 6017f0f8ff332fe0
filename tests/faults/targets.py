"""What hostile clients are let loose on: `mullion serve`, and `mullion simulate`, which has the same protocol code."""
import unittest

from tests.support.service import ADMIN, Service
from tests.support.simulate import Simulation
from tests.support.watch import SANITIZED, Watch, peak_memory
from tests.support.winrm import WinRM

HOST = """\
hosts: [{name: host, address: 127.0.0.1}]
answers: [{command: 'echo served; exit 7', stdout: "served\\n", exit_code: 7}]
"""


class Target:
    """The service, or one simulated host: its ports, whether it did anything, whether it still serves, what memory it took."""

    def __init__(self, case, simulated, settings=(), accounts=None):
        self.simulated = simulated
        if simulated:
            lines = "".join(f"  {name}: {value}\n" for name, value in (setting.split("=") for setting in settings))
            self.fleet = case.enterClassContext(Simulation(HOST, settings=f"settings:\n{lines}" if lines else ""))
            self.pid, self.port, self.tls, self.ca = self.fleet.process.pid, self.fleet.ports["http"], self.fleet.ports["https"], self.fleet.ca
        else:
            self.service = case.enterClassContext(Service(settings, accounts))
            self.watch = Watch(self.service)
            self.port, self.tls, self.ca = self.service.port("http"), self.service.port("https"), self.service.ca
        self.begin()

    def begin(self):
        if self.simulated:
            self.executions = self.fleet.counts()["totals"]["executions"]
        else:
            self.watch.begin()

    def untouched(self, test):
        """Nothing was done since begin()."""
        if not self.simulated:
            return self.watch.untouched(test)
        test.assertIsNone(self.fleet.process.poll(), "the simulator ended")
        totals = self.fleet.counts()["totals"]
        test.assertEqual((totals["executions"], totals["shells_open"]), (self.executions, 0))

    def serves(self, test, account=ADMIN):
        """A good client is served as ever."""
        with WinRM(self.port, account=account) as client:
            test.assertEqual(client.run("echo served; exit 7"), (b"served\r\n" if self.simulated else b"served\n", 7))
        self.begin()

    def memory_within(self, test, network, its_monitor):
        if not self.simulated:
            self.watch.memory_within(test, network, its_monitor)
        elif not SANITIZED:
            test.assertLess(peak_memory(self.pid), network, "MiB of the simulator")


class OnService(unittest.TestCase):
    simulated, settings = False, []

    @classmethod
    def setUpClass(cls):
        cls.target = Target(cls, cls.simulated, cls.settings)

    def setUp(self):
        self.target.begin()


class OnSimulator(OnService):
    simulated = True
