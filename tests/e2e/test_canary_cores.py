"""A core of each program is forced while a password has to be in it: there is none."""
import os
import resource
import signal
import subprocess
import sys
import unittest
from pathlib import Path

from tests.e2e import canary_ways
from tests.e2e.canary_ways import OF_THE_SERVICE, USER, WAYS
from tests.grid.scene import Scene
from tests.support.canary import search
from tests.support.leftovers import PrivateFolders, processes_of
from tests.support.service import alive, wait_until


def dumps_core():
    """In the child: whatever forbids a core must be the program's own doing."""
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def lift_limit(pid):
    """The same for a process that runs. By its own user: root itself may not, without CAP_SYS_RESOURCE."""
    owner = next(int(line.split()[1]) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("Uid:"))
    program = f"import resource as r; _, hard = r.prlimit({pid}, r.RLIMIT_CORE); r.prlimit({pid}, r.RLIMIT_CORE, (hard, hard)); print(hard)"
    hard = int(subprocess.run(["/usr/bin/python3", "-c", program], user=owner, group=owner, extra_groups=[], check=True, capture_output=True, cwd="/").stdout)
    if hard == 0:
        raise unittest.SkipTest("the hard limit forbids cores")


@unittest.skipUnless(os.geteuid() == 0, "needs root, to lift the limit that forbids cores")
class Cores(canary_ways.EveryWay):
    """A core is forced where the password still has to be there: while a command runs."""

    def forced(self, process, folder):
        """Whether it left a core, and the files of it."""
        process.send_signal(signal.SIGABRT)
        _, status = os.waitpid(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, -signal.SIGABRT)
        return os.WCOREDUMP(status), [file for file in Path(folder).rglob("*") if file.name.startswith("core")]

    def cores_are_made(self, folder):
        """The control: a program that forbids nothing leaves one, and the secret is found in it where it is a file."""
        program = "import sys; kept = sys.stdin.readline(); print(flush=True); sys.stdin.readline()"
        child = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder, preexec_fn=dumps_core)
        child.stdin.write(self.secret.encode() + b"\n")
        child.stdin.flush()
        child.stdout.readline()
        dumped, cores = self.forced(child, folder)
        child.stdin.close()
        child.stdout.close()
        for core in cores:
            self.assertTrue(search(self.wanted, [("core", core.read_bytes())]))
            core.unlink()
        return dumped

    def test_no_client_leaves_one(self):
        with PrivateFolders() as folders:
            if not self.cores_are_made(folders.home):
                self.skipTest("this machine makes no cores")
            for name, way in WAYS.items():
                with self.subTest(name):
                    client = self.start(way, "--stdin", "-", cwd=folders.home, preexec_fn=dumps_core)
                    self.ready(client)
                    self.assertEqual(self.forced(client, folders.home), (False, []))
                    for stream in (client.stdin, client.stdout, client.stderr):
                        stream.close()

    def test_the_service_leaves_none(self):
        """Its three processes, with a password that was handed over in one of them."""
        with PrivateFolders() as folders, Scene(alice=(USER, self.secret)) as scene:
            if not self.cores_are_made(folders.home):
                self.skipTest("this machine makes no cores")
            self.service = scene.service  # In the place of the class's, which must live on.
            client = self.start(WAYS["credssp"], "--stdin", "-")
            self.addCleanup(client.communicate)
            self.addCleanup(client.kill)
            self.ready(client)
            own = processes_of(scene.service)
            self.assertEqual(set(own), set(OF_THE_SERVICE))
            before = {pid: (os.readlink(f"/proc/{pid}/cwd"), self.cores_beside(pid)) for pid in own.values()}
            for pid in own.values():
                lift_limit(pid)
            self.assertFalse(self.aborted(scene.service, own.values()))
            for pid, (folder, cores) in before.items():
                wait_until(lambda: not alive(pid), "a process that was told to abort is gone")
                self.assertEqual({file.name for file in Path(folder).glob("core*")}, cores)

    @staticmethod
    def cores_beside(pid):
        return {file.name for file in Path(os.readlink(f"/proc/{pid}/cwd")).glob("core*")}

    @staticmethod
    def aborted(service, pids):
        """Whether the network process, which is ours to wait for, left a core. The others end with it, or by the same signal."""
        process, service.process = service.process, None
        for pid in pids:
            try:
                os.kill(pid, signal.SIGABRT)
            except ProcessLookupError:
                pass
        _, status = os.waitpid(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
        return os.WCOREDUMP(status)


if __name__ == "__main__":
    unittest.main()
