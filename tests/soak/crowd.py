"""Two hundred clients at once: most of them work, some go away in the middle, some are slow, some may not do anything."""
import random
import select
import socket
import struct
import threading
import time

from tests.soak.managed import DENIED, GRANTED, WORKERS
from tests.support import soap
from tests.support.leftovers import at_a_moment_of_chance

CLIENTS = 200
PAUSE = 2.5  # Seconds between two requests of a client, at most: two hundred of them are the load, not one that is fast.
# Gone, silent, ended under the request: other clients of the account do that, and so do the ends of shells.
ALIEN = {soap.UNEXPECTED_SELECTORS, soap.TIMED_OUT, 995, 109, 170}
QUOTAS = {soap.QUOTA_SHELLS, soap.QUOTA_OPERATIONS, soap.QUOTA_SHELL_USERS, 0x54F}  # The last is MaxProcessesPerShell's.
NOBODYS = "12345678-0000-4000-8000-000000000000"
ENUMERATE = soap.envelope(soap.ENUMERATION + "Enumerate", soap.SHELL, "<n:Enumerate/>")  # Its context is left open.


def reset(raw):
    """As the kernel closes for a process that was killed with bytes unread."""
    raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raw.socket.close()


class Client(threading.Thread):
    account = None
    allowed = ALIEN | QUOTAS

    def __init__(self, service, number, until, note, meeting):
        super().__init__(name=f"{type(self).__name__} {number}", daemon=True)
        self.service, self.until, self.note, self.meeting = service, until, note, meeting
        self.dice = random.Random(number)
        self.account = self.account or WORKERS[number % len(WORKERS)]
        self.shells = {}  # With the commands that were begun in each.

    def run(self):
        met = False
        while not met or time.monotonic() < self.until:
            try:
                with self.service.connect(self.account) as winrm:
                    met = met or self.meet()
                    self.visit(winrm)
                problem = None
            except Exception as found:  # What a thread raises nobody hears.
                problem = f"{self.name}: {type(found).__name__}: {found}"
                self.meeting.abort()  # Nobody waits for who will not come.
            self.note(f"visit of a {type(self).__name__.lower()}", problem)
            if problem:
                return

    def meet(self):
        """All of them are connected before the first asks for anything."""
        try:
            self.meeting.wait()
        except threading.BrokenBarrierError:
            pass  # Who broke it says why.
        return True

    def visit(self, winrm):
        for _ in range(self.dice.randrange(1, 16)):
            at_a_moment_of_chance(self.dice.uniform(0, PAUSE))
            if time.monotonic() >= self.until:
                return
            self.request(winrm)

    def request(self, winrm):
        shell, xml = self.think()
        self.learn(shell, self.judge(winrm.ask(xml)))

    def judge(self, found):
        """The XML of a success, or None."""
        if found is None:
            raise AssertionError("the service closed")
        status, xml = found
        code = None if status == 200 else soap.code_of(xml)
        if status != 200 and code not in self.allowed:
            raise AssertionError(f"{status}: {xml}")
        if code == soap.UNEXPECTED_SELECTORS:
            self.shells.clear()
        return xml if status == 200 else None

    def learn(self, shell, xml):
        if xml and soap.shell_of(xml):
            self.shells[soap.shell_of(xml)] = []
        elif xml and soap.value_of(xml, "CommandId") and shell in self.shells:
            self.shells[shell].append(soap.value_of(xml, "CommandId"))

    def think(self):
        shell = self.dice.choice(list(self.shells)) if self.shells else None
        if shell is None or self.dice.random() < 0.1:
            return None, self.service.create()
        commands = self.shells[shell] or [NOBODYS]
        kinds = (lambda: soap.command(shell, self.dice.choice(("true", "echo out", "sleep 600", "sleep 600 & sleep 600", "no-such-program"))),
                 lambda: soap.receive(shell, self.dice.choice(commands), timeout="PT1S"),
                 lambda: soap.signal(shell, self.dice.choice(commands)),
                 lambda: soap.get(shell),
                 lambda: soap.delete(shell),
                 lambda: ENUMERATE)
        return shell, self.dice.choices(kinds, (6, 6, 2, 2, 3, 1))[0]()


class Worker(Client):
    pass


class Killed(Client):
    """Is gone in the middle of a request: before it is whole, or before its answer is read."""

    def request(self, winrm):
        _, xml = self.think()
        data = winrm.bytes_of(xml)
        winrm.raw.send(data if self.dice.random() < 0.7 else data[:self.dice.randrange(len(data))])

    def visit(self, winrm):
        # One shell and one command that are known: what they hold is to be found again by others than this client.
        made = self.judge(winrm.ask(self.service.create()))
        if made:
            self.learn(None, made)
            shell = soap.shell_of(made)
            self.learn(shell, self.judge(winrm.ask(soap.command(shell, "sleep 600 & sleep 600"))))
        at_a_moment_of_chance(self.dice.uniform(0, PAUSE))
        self.request(winrm)
        reset(winrm.raw)
        self.shells.clear()


class Slow(Client):
    """Says its requests and reads the answers in small parts."""

    def request(self, winrm):
        shell, xml = self.think()
        data = winrm.bytes_of(xml)
        for at in range(0, len(data), 400):
            winrm.raw.send(data[at:at + 400])
            at_a_moment_of_chance(self.dice.uniform(0, 0.2))
        select.select([winrm.raw.socket], [], [], 30)
        at_a_moment_of_chance(self.dice.uniform(0, 0.5))
        self.learn(shell, self.judge(winrm.read()))


class Granted(Client):
    """Not always: its right comes and goes, also in the middle of a shell."""
    account = GRANTED
    allowed = ALIEN | QUOTAS | {soap.ACCESS_DENIED}


class Denied(Client):
    """Whatever it asks for."""
    account = DENIED
    allowed = {soap.ACCESS_DENIED}

    def request(self, winrm):
        xml = self.dice.choice((self.service.create(), soap.get(NOBODYS), ENUMERATE, soap.config_get(), soap.config_put("winrs", {"MaxShellsPerUser": "1"}),
                                soap.config_delete("listener", [("Address", "IP:127.0.0.1"), ("Transport", "HTTP")])))
        if self.judge(winrm.ask(xml)):
            raise AssertionError(f"was let in: {xml}")


KINDS = (Worker,) * 12 + (Killed,) * 3 + (Slow,) * 2 + (Granted,) * 2 + (Denied,)


def crowd(service, until, note):
    meeting = threading.Barrier(CLIENTS)
    return [KINDS[number % len(KINDS)](service, number, until, note, meeting) for number in range(CLIENTS)]
