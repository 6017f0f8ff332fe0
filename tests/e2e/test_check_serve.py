"""Modes of `mullion check` against `mullion serve` on this machine, beside what the kernel and systemd say to the test itself: how full things are, rates,
services, processes, connections, sessions. test_check_serve_rest has the others."""
import contextlib
import json
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from tests.e2e.check_scene import State
from tests.e2e.check_serve_machine import ThisMachine
from tests.e2e.check_serve_scene import LOCAL, VOLUME, OwnMachine, OwnService, check, kernel, perfdata, read_or_nothing, statvfs
from tests.e2e.client import mullion
from tests.e2e.test_cim_machine import cim
from tests.support.service import DEADLINE, shell_user, wait_until

TICK = 100_000  # 100 ns in a tick of /proc/stat.
FILETIME = 116_444_736_000_000_000  # 1970 in 100 ns since 1601.


def idle(core):
    """Ticks of that processor without work, by /proc/stat."""
    found = re.search(rf"^cpu{core} (.*)$", Path("/proc/stat").read_text(), re.M)[1].split()
    return int(found[3]) + int(found[4])


def loopback(what):
    return int(Path(f"/sys/class/net/lo/statistics/{what}").read_text())


@contextlib.contextmanager
def spinning(core, seconds=None):
    """A process that keeps that processor busy: until it is told to stop, or has used so much time of it."""
    text = (f"import os, sys, time, select; os.sched_setaffinity(0, [{core}]); print('x', flush=True)\n"
            f"while {f'time.process_time() < {seconds}' if seconds else 'not select.select([sys.stdin], [], [], 0)[0]'}: pass\n")
    with subprocess.Popen([sys.executable, "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        yield process
        process.stdin.close()


class Values(ThisMachine):
    # --- how full things are ---

    def test_memory_is_meminfo(self):
        total = kernel("/proc/meminfo", r"^MemTotal: *(\d+) kB") * 1024

        def said():
            data, _ = self.ask("memory")
            free, used = data["memory.free.bytes"], data["memory.usage.bytes"]
            self.assertEqual((free.most, used.most, used.value + free.value, used.unit), (str(total), str(total), total, "B"))
            self.assertEqual(data["memory.usage.percentage"].text, f"{100 - free.value * 100 / total:.2f}")
            return free.value
        self.steadily(lambda: kernel("/proc/meminfo", r"^MemAvailable: *(\d+) kB") * 1024, said, room=64 << 20)
        self.crosses("memory", "-usage-prct", "memory.usage.percentage", between=(0, 100))
        self.crosses("memory", "-usage", "memory.usage.bytes", between=("1KB", f"{total // 1024}KB"))
        self.crosses("memory", "-usage-free", "memory.free.bytes", between=("1KB", f"{total // 1024 - 1}KB"))

    def test_pages_are_swaps(self):
        data, lines = self.ask("pages")
        swaps = [line.rsplit(None, 4) for line in self.service.inside("/proc/swaps").read_text().splitlines()[1:]]
        self.assertEqual(len(swaps), 2)
        for name, _, size, used, _ in swaps:
            name, total, taken = name.replace("\\040", " "), int(size) * 1024, int(used) * 1024
            self.assertEqual((data[f"{name}#page.space.usage.bytes"].value, data[f"{name}#page.space.usage.bytes"].most), (taken, str(total)))
            self.assertEqual(data[f"{name}#page.space.free.bytes"].value, total - taken)
            self.assertEqual(data[f"{name}#page.space.usage.percentage"].text, f"{taken * 100 / total:.2f}")
            self.assertTrue([line for line in lines[1:] if line.startswith(f"Page file '{name}' ")], lines)
        self.assertTrue(lines[0].startswith("OK: All page files are ok |"))
        self.says(check(self.service, "pages", "--warning-space-usage-prct", "24"), 1, "WARNING: Page file '/dev/swap-a' ")
        self.says(check(self.service, "pages", "--critical-space-usage-prct", "25"), 0, "OK: ")
        self.says(check(self.service, "pages", "--critical-space-usage", "1:"), 2, "CRITICAL: Page file '/swap b' ")

    def test_storages_are_statvfs(self):
        total, free = statvfs(self.service, LOCAL)
        self.assertEqual(total, 64 << 20)
        data, lines = self.ask("storages", "--filter-name", f"^{LOCAL}$")
        self.assertEqual(data["storages.detected.count"].value, 1)
        used = data[f"{LOCAL}#storage.space.usage.bytes"]
        self.assertEqual((used.value, used.most, data[f"{LOCAL}#storage.space.free.bytes"].value), (total - free, str(total), free))
        self.assertEqual(data[f"{LOCAL}#storage.space.usage.percentage"].text, f"{100 - free * 100 / total:.2f}")
        self.assertTrue(lines[0].startswith(f"OK: Storage '{LOCAL}' [type: localDisk] space usage total: 64.00 MB used: 48.00 MB (75.00%) free: 16.00 MB (25.00%) |"))
        only = ("--filter-name", f"^{LOCAL}$")
        self.crosses("storages", "-space-usage-prct", f"{LOCAL}#storage.space.usage.percentage", *only, between=(74, 76))
        self.crosses("storages", "-space-usage-free", f"{LOCAL}#storage.space.free.bytes", *only, between=("15MB", "17MB"))
        self.crosses("storages", "-detected", "storages.detected.count", *only, between=(0, 2))

    def test_storages_are_what_is_mounted(self):
        mounted = {}
        for line in Path(f"/proc/{self.service.process.pid}/mountinfo").read_text().splitlines():
            words, rest = (part.split() for part in line.split(" - "))
            mounted[words[4]] = rest[0]
        data, _ = self.ask("storages", "--filter-type", ".*")
        named = {label.split("#")[0] for label in data if "#" in label}
        self.assertLessEqual(named, set(mounted))
        self.assertLessEqual({"/", VOLUME, LOCAL, "/run"}, named)
        self.assertFalse([place for place in named if mounted[place] in ("proc", "sysfs", "devtmpfs", "cgroup2")], named)
        for place in ("/", VOLUME, LOCAL):
            self.assertEqual(data[f"{place}#storage.space.usage.bytes"].most, str(statvfs(self.service, place)[0]))
        memory, _ = self.ask("storages", "--filter-type", "^ramDisk$")
        self.assertEqual({mounted[label.split("#")[0]] for label in memory if "#" in label}, {"tmpfs"})
        _, lines = self.ask("list-storages")
        self.assertIn(f"[size: {64 << 20}][name: {VOLUME}][label: ][type: ramDisk]", lines)
        self.assertIn(f"[size: {64 << 20}][name: {LOCAL}][label: ][type: localDisk]", lines)
        self.says(check(self.service, "storages", "--filter-name", "^/nowhere$"), 3, "UNKNOWN: ")

    # --- rates ---

    def test_cpu_is_stat_between_two_looks(self):
        core = min(os.sched_getaffinity(0))
        with State() as state:
            folder = ("--statefile-dir", state.path)
            looks = []
            for busy in (False, True):
                if busy:
                    with spinning(core, seconds=1.0) as process:
                        self.assertEqual(process.wait(DEADLINE), 0)
                before, since = idle(core) * TICK, time.time()
                data, lines = self.ask("cpu", *folder)
                after, until = idle(core) * TICK, time.time()
                (kept,) = state.files()
                values = json.loads(kept.read_text())["values"]
                looks.append({key: int(value) for key, value in values.items()})
                self.assertGreaterEqual(looks[-1][f"{core}_PercentProcessorTime"], before - 5 * TICK)
                self.assertLessEqual(looks[-1][f"{core}_PercentProcessorTime"], after + 5 * TICK)
                self.assertTrue(since - 0.01 <= (looks[-1][f"{core}_Timestamp_Sys100NS"] - FILETIME) / 1e7 <= until + 0.01)
            first, second = looks
            names = sorted(key.split("_")[0] for key in second if key.endswith("_PercentProcessorTime"))
            self.assertEqual(names, sorted(re.findall(r"^cpu(\d+) ", Path("/proc/stat").read_text(), re.M)))
            shares = {}
            for name in names:
                idled, passed = (second[f"{name}_{what}"] - first[f"{name}_{what}"] for what in ("PercentProcessorTime", "Timestamp_Sys100NS"))
                shares[name] = max(0, 1 - idled / passed) * 100
                self.assertEqual(data[f"{name}#core.cpu.utilization.percentage"].text, f"{shares[name]:.2f}")
                self.assertIn(f"CPU '{name}' usage: {shares[name]:.2f} %", lines)
                if name == str(core):
                    self.assertGreaterEqual((passed - idled) / 1e7, 0.9, "the second that was spun on it is seen")
            self.assertEqual(data["cpu.utilization.percentage"].text, f"{sum(shares.values()) / len(shares):.2f}")

    def test_a_busy_processor_is_seen_in_one_run(self):
        core = min(os.sched_getaffinity(0))
        with spinning(core):
            for _ in range(20):
                before = idle(core)
                data, _ = self.ask("cpu", "--sample-interval", "0.5")
                idled = (idle(core) - before) / 100  # Of all the run; of the half second in the middle no more.
                if idled < 0.1:
                    break
            self.assertLess(idled, 0.1, "the processor was taken away from the test each time")
            self.assertGreaterEqual(data[f"{core}#core.cpu.utilization.percentage"].value, 100 - idled / 0.5 * 100 - 5)
        self.crosses("cpu", "-average", "cpu.utilization.percentage", "--sample-interval", "0.05", between=(-1, 101))

    def test_interfaces_are_what_went_through_them(self):
        only = ("--filter-interface", "^lo$", "--units-traffic", "bps")
        with State() as state:
            folder = ("--statefile-dir", state.path)
            looks = []
            for sent in (0, 8 << 20):
                self.send(sent)
                before = [loopback(f"{way}_bytes") for way in ("rx", "tx")]
                data, lines = self.ask("interfaces", *only, *folder)
                after = [loopback(f"{way}_bytes") for way in ("rx", "tx")]
                (kept,) = state.files()
                values = {key: int(value) for key, value in json.loads(kept.read_text())["values"].items()}
                looks.append(values)
                for way, (least, most) in zip(("Received", "Sent"), zip(before, after)):
                    self.assertTrue(least <= values[f"lo_Bytes{way}Persec"] <= most)
        first, second = looks
        seconds = (second["lo_Timestamp_Sys100NS"] - first["lo_Timestamp_Sys100NS"]) / 1e7
        for way, label in (("Received", "in"), ("Sent", "out")):
            passed = second[f"lo_Bytes{way}Persec"] - first[f"lo_Bytes{way}Persec"]
            self.assertGreaterEqual(passed, 8 << 20)
            self.assertEqual(data[f"lo#interface.traffic.{label}.bitspersecond"].text, f"{int(passed * 8 / seconds):.2f}")
        self.assertEqual(list(data), ["lo#interface.traffic.in.bitspersecond", "lo#interface.traffic.out.bitspersecond"])
        self.assertRegex(lines[0], r"^OK: Interface 'lo' traffic in: [\d.]+[KMG]?b/s \(-\), traffic out: ")

    def send(self, size):
        """So many bytes over the loopback, all of them read."""
        with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as one:
            other, _ = server.accept()
            with other:
                while size > 0:
                    piece = min(size, 32768)
                    one.sendall(bytes(piece))
                    left = piece
                    while left:
                        left -= len(other.recv(left))
                    size -= piece

    def test_interfaces_in_one_run(self):
        data, _ = self.ask("interfaces", "--sample-interval", "0.05", "--add-traffic", "--add-errors")
        self.assertEqual({label.split("#")[0] for label in data}, set(os.listdir("/sys/class/net")))
        # The check's own question and answer go through it between the looks.
        self.assertGreater(data["lo#interface.traffic.in.bitspersecond"].value, 0)
        self.assertEqual(data["lo#interface.packets.in.error.percentage"].value, 0)
        one_run = ("--sample-interval", "0.05", "--filter-interface", "^lo$")
        self.crosses("interfaces", "-in-traffic", "lo#interface.traffic.in.bitspersecond", *one_run, "--units-traffic", "bps", between=(0, 10**15))
        self.crosses("interfaces", "-out-traffic", "lo#interface.traffic.out.bitspersecond", *one_run, "--speed", "1000000000", between=(0, 100))
        self.crosses("interfaces", "-in-error", "lo#interface.packets.in.error.percentage", *one_run, "--add-errors", between=(-1, 1))
        before = loopback("rx_bytes")
        data, _ = self.ask("interfaces", *one_run, "--units-traffic", "counter")
        self.assertTrue(before * 8 <= data["lo#interface.traffic.in.bits"].value <= loopback("rx_bytes") * 8)
        self.says(check(self.service, "interfaces", "--filter-interface", "^nix$"), 3, "UNKNOWN: No interface found.")

    def test_list_interfaces_is_sysfs(self):
        _, lines = self.ask("list-interfaces")
        self.assertEqual({re.match(r"\[name: ([^\]]*)\]", line)[1] for line in lines[1:]}, set(os.listdir("/sys/class/net")))
        for line in lines[1:]:
            name, status = re.match(r"\[name: ([^\]]*)\]\[status: ([^\]]*)\]", line).groups()
            state = Path(f"/sys/class/net/{name}/operstate").read_text().strip()
            # Loopback and tunnels have none that is known, which Centreon takes for down.
            self.assertEqual(status, {"up": "up", "down": "down", "unknown": "down"}.get(state, status), line)

    def test_disks_are_diskstats(self):
        def sectors():
            """Bytes read and written, by disk."""
            found = (line.split() for line in Path("/proc/diskstats").read_text().splitlines())
            return {words[2]: (int(words[5]) * 512, int(words[9]) * 512) for words in found if Path(f"/sys/block/{words[2]}/device").exists()}
        if not sectors():
            self.skipTest("no disk has a device behind it here")
        with State() as state, tempfile.TemporaryFile(dir=self.machine.folder) as file:
            looks = []
            for _ in range(2):
                file.write(bytes(4 << 20))
                os.fsync(file.fileno())
                before = sectors()
                data, _ = self.ask("disk-io", "--disks", "physical", "--statefile-dir", state.path)
                after = sectors()
                (kept,) = state.files()
                values = {key: int(value) for key, value in json.loads(kept.read_text())["values"].items()}
                looks.append(values)
                for disk, (read, written) in before.items():
                    self.assertTrue(read <= values[f"{disk}_DiskReadBytesPersec"] <= after[disk][0])
                    self.assertTrue(written <= values[f"{disk}_DiskWriteBytesPersec"] <= after[disk][1])
            first, second = looks
            for disk in before:
                seconds = (second[f"{disk}_Timestamp_PerfTime"] - first[f"{disk}_Timestamp_PerfTime"]) / second[f"{disk}_Frequency_PerfTime"]
                for way in ("Read", "Write"):
                    passed = second[f"{disk}_Disk{way}BytesPersec"] - first[f"{disk}_Disk{way}BytesPersec"]
                    self.assertEqual(data[f"{disk}#disk.io.{way.lower()}.bytespersecond"].text, f"{passed / seconds:.2f}")
            self.assertEqual({label.split("#")[0] for label in data}, set(before))
        self.crosses("disk-io", "-busy", f"{disk}#disk.io.time.percentage", "--disks", "physical", "--sample-interval", "0.05", "--filter-name", f"^{disk}$", between=(-1, 101))

    def test_any_class_by_wql(self):
        query = ("--query", f"SELECT Name, Capacity FROM Win32_Volume WHERE Name = '{LOCAL}'", "--instance", "Name", "--metric", "volume.capacity=Capacity")
        data, _ = self.ask("wql", *query)
        (datum,) = data.values()
        self.assertEqual(datum.value, statvfs(self.service, LOCAL)[0])
        self.says(check(self.service, "wql", *query, "--warning", "1"), 1, "WARNING: ")

    # --- services, processes, connections, sessions ---

    def test_services_are_systemds(self):
        self.says(check(self.service, "services", "--auto", "--verbose"), 2,
                  "CRITICAL: Service 'broken' is Stopped \nService 'broken' state: Stopped\nService 'ssh' state: Running\n")
        self.says(check(self.service, "services", "--auto", "--warning"), 1, "WARNING: Service 'broken' is Stopped \n")
        self.says(check(self.service, "services", "--auto", "--exclude", "^broken$"), 0, "OK: All service states are ok \n")
        self.says(check(self.service, "services", "--services", "ssh,cron=running"), 0, "OK: ")
        self.says(check(self.service, "services", "--services", "ssh=running,cron"), 2, "CRITICAL: Service 'cron' is Stopped - Service 'ssh' is Running \n")
        self.says(check(self.service, "services", "--services", "ssh,nix"), 3, "UNKNOWN: Service 'nix' not found \n")
        self.says(check(self.service, "services", "--services", "it's a \\ \"quote\""), 3, "UNKNOWN: Service 'it's a \\ \"quote\"' not found \n")

    def test_a_service_that_is_started_is_well_again(self):
        with OwnMachine() as machine, OwnService(machine) as service:
            self.says(check(service, "services", "--services", "broken"), 2, "CRITICAL: ")
            started = cim(service, "invoke", "Win32_Service?Name=broken", "StartService")
            self.assertEqual(started.code, 0, started)
            self.says(check(service, "services", "--services", "broken"), 0, "OK: ")
            self.says(check(service, "services", "--auto"), 0, "OK: ")

    def test_services_that_ended_well_are_counted_and_excused(self):
        data, lines = self.ask("services", "--auto", "--add-counts", code=2)
        self.assertEqual({label: datum.value for label, datum in data.items() if datum.value},
                         {"services.total.count": 2, "services.running.count": 1, "services.stopped.count": 1})
        self.says(check(self.service, "services", "--auto", "--exclude", "^broken$", "--warning-running", "2:"), 1, "WARNING: ")
        self.says(check(self.service, "services", "--auto", "--exit-code-only"), 2, "CRITICAL: Service 'broken' is Stopped (exit code 3) ")
        stopped = ("services", "--services", "cron")
        self.says(check(self.service, *stopped), 2, "CRITICAL: Service 'cron' is Stopped ")
        self.says(check(self.service, *stopped, "--exit-code-only"), 0, "OK: ")
        ran = check(self.service, "services", "--auto", "--exclude-trigger-start")
        self.says(ran, 3, "UNKNOWN: ")
        self.assertIn("there is no namespace root/default here", ran.stdout)

    def test_list_services_is_systemds(self):
        _, lines = self.ask("list-services")
        self.assertEqual(lines, ["List services: ", "'broken' [DisplayName = about broken] [StartMode = Auto] [State = Stopped]",
                                 "'cron' [DisplayName = about cron] [StartMode = Manual] [State = Stopped]",
                                 "'other' [DisplayName = loaded other.service] [StartMode = Disabled] [State = Stopped]",
                                 "'ssh' [DisplayName = OpenBSD Secure Shell server] [StartMode = Auto] [State = Running]"])
        ran = check(self.service, "list-services", "--disco-show")
        self.assertIn('<label name="ssh" display_name="OpenBSD Secure Shell server" start_mode="Auto" state="Running"/>', ran.stdout)

    def test_processes_are_those_of_proc(self):
        with contextlib.ExitStack() as stack:
            program = self.machine.folder / "checked%_proc"
            shutil.copy("/bin/sleep", program)
            started = [stack.enter_context(subprocess.Popen([program, "600"])) for _ in range(3)]
            stack.callback(lambda: [process.kill() for process in started])
            seen = {str(process.pid) for process in started}
            # exec closes the pipe that Popen waits for before it gives the process its name.
            wait_until(lambda: seen == {path.parent.name for path in Path("/proc").glob("[0-9]*/comm")
                                        if read_or_nothing(path) == "checked%_proc\n"}, "processes of that name")
            data, lines = self.ask("processes", "--process-name", "checked%_proc")
            self.assertEqual(data["processes.detected.count"].value, 3)
            self.assertEqual(set(lines[1:]), {f"Process {pid} [status: running] [name: checked%_proc]" for pid in seen})
            data, _ = self.ask("processes", "--process-name", "checked[%][_]p%", "--regexp-name")
            self.assertEqual(data["processes.detected.count"].value, 3)
            self.crosses("processes", "", "processes.detected.count", "--process-name", "checked%_proc", between=(2, 4))
            _, listed = self.ask("list-processes")
            for pid in seen:
                self.assertIn(f"[name: checked%_proc][pid: {pid}][status: running]", listed)
            self.assertIn(str(self.service.process.pid), {re.search(r"\[pid: (\d+)\]", line)[1] for line in listed[1:]})
            started[0].kill()
            started[0].wait()
            self.says(check(self.service, "processes", "--process-name", "checked%_proc", "--critical", "3:"), 2, "CRITICAL: Number of current processes: 2 ")
        self.says(check(self.service, "processes", "--process-name", "checked%_proc", "--critical", "1:"), 2, "CRITICAL: Number of current processes: 0 ")

    def test_what_processes_use_is_what_proc_says(self):
        core = min(os.sched_getaffinity(0))
        program = self.machine.folder / "checked_use"
        shutil.copy(os.path.realpath(sys.executable), program)
        text = ("import sys; kept = [open('/dev/null') for _ in range(50)]; print('x', flush=True)\n"
                "while sys.stdin.readline():\n import time; end = time.process_time() + 1\n while time.process_time() < end: pass\n print('y', flush=True)\n")
        # As the account that asks: how many files others hold open is not told.
        who = pwd.getpwnam(shell_user())
        as_it = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        with State() as state, subprocess.Popen(["taskset", "--cpu-list", str(core), program, "-S", "-c", text], stdin=subprocess.PIPE,
                                                stdout=subprocess.PIPE, text=True, **as_it) as process:
            process.stdout.readline()
            of_it = ("--process-name", "checked_use", "--statefile-dir", state.path, "--add-cpu", "--add-memory", "--add-handles")

            def resident():
                return kernel(f"/proc/{process.pid}/statm", r"^\d+ (\d+)") * os.sysconf("SC_PAGE_SIZE")
            self.ask("processes", *of_it)
            began = time.monotonic()
            process.stdin.write("go\n")
            process.stdin.flush()
            process.stdout.readline()
            took = time.monotonic() - began
            data, lines = self.ask("processes", *of_it)
            # A second of work, within the time between the two looks: more than that, as they lie outside of it.
            busy = data["checked_use#process.cpu.utilization.percentage"].value
            self.assertTrue(0 < busy <= 100 / took + 5, (busy, took))
            self.assertAlmostEqual(data["checked_use#process.memory.usage.bytes"].value, resident(), delta=4 << 20)
            self.assertEqual(data["checked_use#process.handles.count"].value, len(os.listdir(f"/proc/{process.pid}/fd")))
            self.says(check(self.service, "processes", "--process-name", "checked_use", "--critical-handles", "10"), 2, "CRITICAL: ")
            self.says(check(self.service, "processes", "--process-name", "checked_use", "--critical-memory", "1KB"), 2, "CRITICAL: ")
            process.stdin.close()

    def test_tcp_is_what_is_established(self):
        def in_use():
            names, values = re.findall(r"^Tcp: (.*)$", Path("/proc/net/snmp").read_text(), re.M)
            return int(values.split()[names.split().index("CurrEstab")])

        def said():
            data, _ = self.ask("tcp")
            self.assertEqual(list(data), ["ipv4#tcp.connections.established.count", "ipv6#tcp.connections.established.count"])
            return data["ipv4#tcp.connections.established.count"].value
        with contextlib.ExitStack() as stack:
            server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            for _ in range(40):
                stack.enter_context(socket.create_connection(server.getsockname()))
                stack.enter_context(server.accept()[0])
            # Both ends of the check's own are among them.
            count = self.steadily(in_use, said, room=2)
            self.assertGreaterEqual(count, 80)
            self.crosses("tcp", "-connections-established", "ipv4#tcp.connections.established.count", between=(-1, 10**6))
            self.says(check(self.service, "tcp", "--critical-connections-established", "79"), 2, "CRITICAL: TCP 'ipv4' connections established: ")

    def test_sessions_are_logind_s(self):
        data, lines = self.ask("sessions")
        self.assertEqual({label: datum.value for label, datum in data.items()}, {"sessions_active": 2, "sessions_disconnected_current": 1})
        self.assertTrue(lines[0].startswith("OK: Sessions current active : 2, current disconnected : 1 |"))
        self.crosses("sessions", "-sessions-active", "sessions_active", between=(1, 3))
        self.crosses("sessions", "-sessions-disconnected-current", "sessions_disconnected_current", between=(0, 2))

    def test_no_mode_is_forgotten(self):
        listed = re.findall(r"(?m)^  ([a-z-]+) {2,}\S", mullion("check", "--list-modes").stdout.decode())
        text = Path(__file__).read_text() + Path(__file__).with_name("test_check_serve_rest.py").read_text()
        self.assertEqual([mode for mode in listed if f'"{mode}"' not in text], [])


if __name__ == "__main__":
    unittest.main()
