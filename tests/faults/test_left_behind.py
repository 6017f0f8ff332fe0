"""kill -9 of each process at each point of a command's life: no process, file, descriptor or listener stays, and the service starts again.

Points that can be held are held, others are hit at random: MULLION_TEST_SEED repeats what a failure names.
"""
import fcntl
import os
import random
import signal
import struct
import subprocess
import termios
import time
import unittest
from pathlib import Path

from tests.e2e.client import Password, mullion, words
from tests.support.leftovers import Mark, PrivateFolders, PrivateService, at_a_moment_of_chance, descriptors, listening, names_below, processes_of, run_in, settled
from tests.support.simulate import Simulation
from tests.support.service import ADMIN, MULLION, alive, read_line, wait_until

SEED = int(os.environ.get("MULLION_TEST_SEED", random.SystemRandom().randrange(1 << 32)))
RANDOM_POINTS = int(os.environ.get("MULLION_TEST_POINTS", 15))
SERVICE = ("mullion-service", "mullion-monitor", "mullion-keeper")
SHORTEST_IDLE = 60  # Seconds; [MS-WSMV] 2.2.4.38 lets no shell have less.
QUIET = ">/dev/null 2>&1 </dev/null &"
# Each command has something in the background; the last also no longer asks to be killed with the monitor.
BACKGROUND = f"sleep 1000 {QUIET} sh -c 'sleep 1000 & wait' {QUIET} echo $$; "
POINTS = {
    "starting": BACKGROUND + "exec sleep 1000",
    "running": BACKGROUND + "exec setpriv --pdeathsig clear sh -c 'sleep 1000; :'",
    "output pending": BACKGROUND + "exec head -c 100000000 /dev/zero",
    "input pending": BACKGROUND + "exec sleep 1000",
    "ending": BACKGROUND + "while sleep 0.05; do echo more; done & exit 0",
}


def waits_in_write(pid):
    return Path(f"/proc/{pid}/syscall").read_text().split()[0] == "1"  # x86-64's number of write.


def unread_input(pid):
    with open(f"/proc/{pid}/fd/0", "rb", buffering=0) as pipe:
        return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))[0]


class Running:
    """A client of the service, held at one point of its command's life."""

    def __init__(self, service, folders, point):
        self.service, self.mark, self.leader, self.point = service, Mark(), None, point
        options = ["--env", self.mark.option, "--operation-timeout", "2", "--read-timeout", "4"]
        if point == "input pending":
            (folders.root / "input").write_bytes(b"x" * 3_000_000)
            options += ["--stdin", folders.root / "input"]
        with Password(ADMIN[1]) as file:
            command = [MULLION, "run", "--password-file", file.path, *words(service, *options), "--", POINTS[point]]
            self.client = run_in(folders, command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, pass_fds=file.descriptors)

    def wait_for_point(self):
        if self.point == "starting":
            return wait_until(self.mark.processes, "a process of the command is there")
        self.leader = int(read_line(self.client.stdout, self.client))
        if self.point == "output pending":
            self.client.send_signal(signal.SIGSTOP)
            wait_until(lambda: waits_in_write(self.leader), "its output waits in the pipe")
        if self.point == "input pending":
            wait_until(lambda: unread_input(self.leader) >= 65536, "its input waits in the pipe")
        if self.point == "ending":
            wait_until(lambda: not alive(self.leader), "its first process has ended")

    def end(self):
        for number in (signal.SIGKILL, signal.SIGCONT):
            if self.client.poll() is None:
                self.client.send_signal(number)
        self.client.wait()
        self.client.stdout.close()


def warm_up(service):
    """What the service's processes have open once each of its threads was spoken to, by name."""
    for _ in range(6):
        mullion("run", *words(service), "--", "true")
    return {name: descriptors(pid) for name, pid in processes_of(service).items()}


class TheSearch(unittest.TestCase):
    def test_finds_what_is_planted(self):
        mark = Mark()
        with PrivateFolders() as folders:
            script = "echo x >/tmp/planted; echo x >$TMPDIR/second; (sleep 1000 & sleep 1000) >/dev/null & echo ready; read end"
            command = ["env", mark.option, "sh", "-c", script]
            with run_in(folders, command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True) as planted:
                planted.stdout.readline()
                wait_until(lambda: len(mark.processes()) >= 3, "the shell and what it has in the background")
                self.assertIn("pipe", descriptors(planted.pid))
                planted.stdin.close()
                planted.wait()
                self.assertGreaterEqual(len(mark.processes()), 2)
                os.killpg(planted.pid, signal.SIGKILL)
            wait_until(mark.gone, "all are gone")
            if os.geteuid() == 0:
                self.assertEqual(folders.files(), ["tmp/planted", "tmp/second"])
            else:
                self.assertIn("tmp/second", folders.files())


class KilledOnTheServicesSide(unittest.TestCase):
    def setUp(self):
        self.folders = self.enterContext(PrivateFolders())
        self.service = self.enterContext(PrivateService(self.folders))
        self.base = warm_up(self.service)
        self.state = names_below(self.service.state)

    def expect_nothing_left(self, running, family, urls):
        wait_until(running.mark.gone, f"no process of the command ({running.mark.processes})")
        wait_until(lambda: not [pid for pid in family.values() if alive(pid)], f"no process of the service {family}")
        self.service.forget()
        running.end()
        self.assertEqual([url for url in urls if listening(url)], [])
        self.assertEqual(self.folders.files(), [])

    def expect_works_again(self):
        self.service.start()
        ran = mullion("run", *words(self.service), "--", "echo alive")
        self.assertEqual((ran.code, ran.stdout), (0, b"alive\n"), ran.stderr)
        self.assertEqual(names_below(self.service.state), self.state)

    def test_a_process_of_the_service_at_each_point(self):
        for point in POINTS:
            for victim in SERVICE:
                with self.subTest(point=point, victim=victim):
                    family, urls = processes_of(self.service), self.service.urls
                    running = Running(self.service, self.folders, point)
                    self.addCleanup(running.end)
                    running.wait_for_point()
                    os.kill(family[victim], signal.SIGKILL)
                    self.expect_nothing_left(running, family, urls)
                    self.expect_works_again()

    def test_a_process_of_the_service_at_random(self):
        chance = random.Random(SEED)
        began = time.monotonic()
        mullion("run", *words(self.service), "--", "true")
        whole = time.monotonic() - began
        for count in range(RANDOM_POINTS):
            victim, after = chance.choice(SERVICE), chance.uniform(0, whole)
            with self.subTest(seed=SEED, count=count, victim=victim, after=after):
                family, urls = processes_of(self.service), self.service.urls
                running = Running(self.service, self.folders, "running")
                self.addCleanup(running.end)
                at_a_moment_of_chance(after)
                os.kill(family[victim], signal.SIGKILL)
                self.expect_nothing_left(running, family, urls)
                self.expect_works_again()

    def test_the_commands_own_process(self):
        for point in ("running", "output pending", "input pending"):
            with self.subTest(point):
                running = Running(self.service, self.folders, point)
                self.addCleanup(running.end)
                running.wait_for_point()
                os.kill(running.leader, signal.SIGKILL)
                running.client.send_signal(signal.SIGCONT)
                while os.read(running.client.stdout.fileno(), 1 << 16):
                    pass
                self.assertEqual(running.client.wait(30), 2)  # The command failed, with 128 + 9.
                wait_until(running.mark.gone, "what it had in the background went with its shell")
                self.expect_as_before()
                self.assertEqual(self.folders.files(), [])

    def expect_as_before(self):
        for name, pid in processes_of(self.service).items():
            settled(lambda: descriptors(pid), self.base[name], f"{name} has the descriptors that it had")


class KilledClient(unittest.TestCase):
    """The host notices at once that the connection is gone; its shell is gone when its idle time is over."""

    def test_at_each_point_and_step_and_at_random(self):
        with PrivateFolders() as folders, Stalling() as fleet, PrivateService(folders, [f"Winrs/IdleTimeout={SHORTEST_IDLE}000"]) as service:
            base = warm_up(service)
            fleet.kill_at_each_step(self, folders)
            marks = [self.kill(service, folders, point) for point in POINTS]
            chance = random.Random(SEED)
            marks += [self.kill(service, folders, "running", chance.uniform(0, 0.2)) for _ in range(RANDOM_POINTS)]
            self.assertEqual(folders.files(), [], f"seed {SEED}")
            wait_until(lambda: not [mark for mark in marks if mark.processes()], f"all shells went with their idle time (seed {SEED})", SHORTEST_IDLE + 30)
            for name, pid in processes_of(service).items():
                settled(lambda: descriptors(pid), base[name], f"{name} has the descriptors that it had")
            ran = mullion("run", *words(service), "--", "echo alive")
            self.assertEqual((ran.code, ran.stdout), (0, b"alive\n"), ran.stderr)
            settled(lambda: fleet.counts()["totals"]["shells_open"], 0, "the simulated hosts' shells went too")

    def kill(self, service, folders, point, after=None):
        running = Running(service, folders, point)
        if after is None:
            running.wait_for_point()
        else:
            at_a_moment_of_chance(after)
        running.end()
        return running.mark


class Stalling(Simulation):
    """A host for each step of a run, which never answers there."""

    STEPS = {step: f"127.0.7.{at}" for at, step in enumerate(("handshake", "create", "command", "send", "receive", "signal", "delete"), 1)}

    def __init__(self):
        hosts = "".join(f"  - {{name: {step}, address: {address}}}\n" for step, address in self.STEPS.items())
        faults = "".join(f"  - {{host: {step}, step: {step}, do: stall}}\n" for step in self.STEPS)
        settings = f"settings: {{Service/Auth/Basic: true, Winrs/IdleTimeout: {SHORTEST_IDLE}000}}\n"
        super().__init__(f"answers:\n  - {{glob: '*', stdin: echo}}\nhosts:\n{hosts}faults:\n{faults}", settings=settings)

    def kill_at_each_step(self, test, folders):
        open_before = len(descriptors(self.process.pid))
        for step, address in self.STEPS.items():
            with test.subTest(step), Password(ADMIN[1]) as file:
                how = [f"http://{address}:{self.ports['http']}/wsman", "-u", ADMIN[0], "--password-file", file.path, "--transport", "ntlm"]
                (folders.root / "input").write_bytes(b"some input")
                command = [MULLION, "run", *how, "--stdin", folders.root / "input", "--", "anything"]
                client = run_in(folders, command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=file.descriptors)
                test.addCleanup(client.kill)
                wait_until(lambda: self.of_host(step)["faults"] == 1, f"the client waits for the answer to {step}")
                client.kill()
                client.wait()
                settled(lambda: self.of_host(step)["connections_open"], 0, f"{step}: the host has let go")
        test.assertLessEqual(len(descriptors(self.process.pid)), open_before + 6)  # Threads that were spoken to for the first time: three each.

    def of_host(self, name):
        return self.counts()["hosts"].get(name, {"faults": 0, "connections_open": 0})


if __name__ == "__main__":
    unittest.main()
