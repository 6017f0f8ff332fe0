"""What must not be left once the clients of a service are gone: shells, processes, control groups, descriptors, files, and units of quotas.

Each check gives what is wrong as lines of text: none is good. `seconds` is how long it may take until all is as it should be.
"""
import os
from pathlib import Path

from tests.e2e.namesakes import WINRM, with_password
from tests.soak.managed import ACCOUNTS, AGEING, WITH_GRANT, WORKERS
from tests.support import soap
from tests.support.leftovers import names_below, processes_of
from tests.support.service import DEADLINE, children, wait_until

SHELLS, PROCESSES, OPERATIONS, USERS, CONNECTIONS = 3, 2, 6, 2, 8
INTERNAL = 0x54F  # MaxProcessesPerShell has no code of its own.
# As it was before: what was changed meanwhile, and counts here.
RESTORED = {"winrs": {"MaxShellRunTime": "2147483647", "MaxShellsPerUser": "20", "MaxProcessesPerShell": "20", "MaxConcurrentUsers": "50"},
            "service": {"MaxConcurrentOperationsPerUser": "1500", "MaxConnections": "1000", "EnumerationTimeoutms": "1000", "RootSDDL": WITH_GRANT}}
SMALL = {"winrs": {"MaxShellsPerUser": str(SHELLS), "MaxProcessesPerShell": str(PROCESSES), "MaxConcurrentUsers": str(USERS)},
         # However slow the machine is, none of those that are counted ends while it counts.
         "service": {"MaxConcurrentOperationsPerUser": str(OPERATIONS), "EnumerationTimeoutms": "3600000"}}
ENUMERATE = soap.envelope(soap.ENUMERATION + "Enumerate", soap.SHELL, "<n:Enumerate/>")
# What comes and goes with requests. I/O threads that were started meanwhile have some of other kinds, and keep them.
KINDS = ("socket:", "pipe:", "/")
LISTENS = "0A"  # The state of a listening socket in /proc/net/tcp.
AT_REST = 10  # Looks in a row, 20 ms apart, that see the same.


def open_in(pid):
    """By kind, without the numbers that differ from time to time."""
    found = []
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            link = os.readlink(f"/proc/{pid}/fd/{name}")
        except OSError:
            continue  # Closed meanwhile.
        if link.startswith(KINDS):
            found.append(link.split(":[")[0])
    return sorted(found)


def connections_of(port):
    """How many descriptors there are, anywhere on this machine, of connections to a port of 127.0.0.1."""
    wanted, count = f"0100007F:{port:04X}", 0
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        count += words[1] == wanted and words[3] != LISTENS and words[9] != "0"
    return count


def at_rest(service, own):
    """What is open once nobody is connected and what the last command had is closed: {name: kinds}. One that is still closing would be
    taken for what belongs there, and hide a leak."""
    wait_until(lambda: connections_of(service.main) == 0, "the end of all connections to the service")
    seen = []

    def the_same_again():
        seen.append({name: open_in(pid) for name, pid in own.items()})
        return len(seen) >= AT_REST and all(one == seen[-1] for one in seen[-AT_REST:])
    wait_until(the_same_again, "descriptors that stay as they are")
    return seen[-1]


def folder_of_groups(service):
    """Of the shells' control groups; None where there are none."""
    line = next((line for line in service.log.read_text().splitlines() if "MaxMemoryPerShellMB is kept by control groups" in line), None)
    return Path(line.split(" in ", 1)[1]) if line else None


class Left:
    def __init__(self, service, seconds=DEADLINE):
        """The service has served somebody, and has nothing more to do."""
        self.service, self.seconds = service, seconds
        self.own = processes_of(service)
        self.groups_folder = folder_of_groups(service)
        self.open = at_rest(service, self.own)
        self.children = sorted(children(service.process.pid))
        self.names = self.files()

    def files(self):
        return [name for name in names_below(self.service.state) if not name.endswith(("-wal", "-shm", "-journal"))]

    def becomes(self, what, read, wanted):
        last = []

        def look():
            last[:] = [read()]
            return last[0] == wanted
        try:
            wait_until(look, what, self.seconds)
        except AssertionError:
            return [f"left over: {what}: {last[0]!r}, not {wanted!r}"]
        return []

    def put(self, sections):
        for path, values in sections.items():
            self.service.put(path, values)

    def shells_end_by_themselves(self):
        """All of them, whoever opened them: by MaxShellRunTime. Nobody deletes one."""
        self.put({"service": RESTORED["service"], "winrs": {"MaxShellRunTime": "1"}})
        found = self.shells()
        self.put(RESTORED)
        return found

    def shells(self):
        """As `winrm enumerate shell` shows them to each account."""
        def listed(account):
            ran = with_password(WINRM, "enumerate", "shell", f"-r:http://127.0.0.1:{self.service.main}/wsman", f"-u:{account[0]}", password=account[1])
            return ran.code, ran.stdout.decode(), ran.stderr
        return [line for account in ACCOUNTS for line in self.becomes(f"shells of {account[0]}", lambda: listed(account), (0, "", ""))]

    def processes(self):
        """Below the service, and what carries the mark of a shell wherever it went."""
        return (self.becomes("processes of shells, by their mark", self.service.mark.processes, [])
                + self.becomes("processes below the service", lambda: sorted(children(self.service.process.pid)), self.children))

    def groups(self):
        if self.groups_folder is None:
            return []
        return self.becomes("control groups", lambda: sorted(one.name for one in self.groups_folder.iterdir() if one.is_dir()), [])

    def descriptors(self):
        return [line for name, pid in self.own.items() for line in self.becomes(f"descriptors of {name}", lambda: open_in(pid), self.open[name])]

    def state(self):
        return self.becomes("files in the state directory", self.files, self.names)

    def units(self):
        """Each quota, made small, has all its places, and not one more."""
        try:
            self.put(SMALL)
            for account in (*WORKERS, AGEING):
                with self.service.connect(account) as winrm:
                    self.units_of(winrm, account[0])
            self.units_of_users()
            self.units_of_connections()
        except AssertionError as problem:
            return [f"left over: units of quotas: {problem}"]
        finally:
            self.put(RESTORED)
        return []

    def units_of(self, winrm, name):
        made = []
        while len(made) <= SHELLS:
            status, xml = winrm.ask(self.service.create())
            if status != 200:
                self.same(soap.code_of(xml), soap.QUOTA_SHELLS, f"the fault of one shell more of {name}")
                break
            made.append(soap.shell_of(xml))
        self.same(len(made), SHELLS, f"MaxShellsPerUser, as {name} can use it")
        for shell in made:
            for _ in range(PROCESSES):
                winrm.command(shell, "sleep 600")
            self.same(winrm.fault(soap.command(shell, "true")), INTERNAL, f"the fault of one process more of {name}")
        # Enumerations that were left end in their own time.
        wait_until(lambda: self.operations(winrm) == OPERATIONS, f"MaxConcurrentOperationsPerUser, as {name} can use it, is {OPERATIONS}", self.seconds)
        for shell in made:
            winrm.well(soap.delete(shell))

    @staticmethod
    def same(found, wanted, what):
        if found != wanted:
            raise AssertionError(f"{what}: {found}, not {wanted}")

    def operations(self, winrm):
        """How many there are for whoever takes them all. They are given back."""
        contexts = []
        try:
            while len(contexts) <= OPERATIONS:
                status, xml = winrm.ask(ENUMERATE)
                if status != 200:
                    self.same(soap.code_of(xml), soap.QUOTA_OPERATIONS, "the fault of one operation more")
                    break
                contexts.append(soap.value_of(xml, "EnumerationContext"))
        finally:
            for context in contexts:
                winrm.ask(soap.envelope(soap.ENUMERATION + "Release", soap.SHELL, f"<n:Release><n:EnumerationContext>{context}</n:EnumerationContext></n:Release>"))
        return len(contexts)

    def units_of_users(self):
        shells = []
        for account in WORKERS[:USERS]:
            with self.service.connect(account) as winrm:
                status, xml = winrm.ask(self.service.create())
                self.same(status, 200, f"MaxConcurrentUsers does not let {account[0]} in: the status")
                shells.append((account, soap.shell_of(xml)))
        with self.service.connect(WORKERS[USERS]) as winrm:
            self.same(winrm.fault(self.service.create()), soap.QUOTA_SHELL_USERS, "the fault of one user more")
        for account, shell in shells:
            with self.service.connect(account) as winrm:
                winrm.well(soap.delete(shell))

    def units_of_connections(self):
        """Those of the last check are gone a moment later, and are counted until then."""
        self.put({"service": {"MaxConnections": str(CONNECTIONS)}})
        wait_until(lambda: self.connections() == CONNECTIONS, f"MaxConnections is {CONNECTIONS} connections", self.seconds)

    def connections(self):
        """Of two accounts: one alone has seven eighths at most."""
        lines = []
        try:
            while len(lines) <= CONNECTIONS:
                lines.append(self.service.connect(WORKERS[len(lines) % 2]).__enter__())
        except (OSError, AssertionError):
            pass  # Who has logged on keeps the place; the next is closed at once.
        finally:
            for line in lines:
                line.raw.socket.close()
        return len(lines)

    def all(self):
        found = self.shells_end_by_themselves() + self.units() + self.shells()
        return found + self.processes() + self.groups() + self.descriptors() + self.state()
