"""What a fleet costs `mullion exporter`: simulated Windows hosts, each scraped once an interval, by one process.

Each host answers the default module: 4 processors, 3 volumes, 2 disks, 2 network cards, 100 services, 100 processes. The first round logs on everywhere
and is told apart. A scrape is missed when it has no success within 10 seconds (Prometheus' own timeout) of its moment. Each process' processor time is
its own (/proc/PID/stat); what the machine did beside is told, since it decides how long answers take.

The scraper is a program that costs little (bench/scrape_load.cc). With --prometheus it is a real Prometheus, which finds the hosts by /sd of the exporter and
keeps a few series of each: it takes several times what the exporter does, and memory for each series that it has seen.
"""
import json
import os
import subprocess
import time
from pathlib import Path

from bench.usage import Wrong
from tests.e2e.test_exporter import Exporter
from tests.support.prometheus import Prometheus
from tests.support.simulate import Simulation

TIMEOUT = 10  # Prometheus' scrape_timeout, where nothing else is said.
FIRST = "127.1.0.1"

RAW = "Win32_PerfRawData_"
# The limits are a Windows host's, but for its one simulator that plays all of them.
SETTINGS = "settings: {Service/MaxConnections: 100000, Service/MaxConcurrentOperationsPerUser: 1000000}\n"
DISK = ("CurrentDiskQueueLength DiskReadBytesPersec DiskReadsPersec DiskWriteBytesPersec DiskWritesPersec PercentDiskReadTime PercentDiskWriteTime PercentIdleTime "
        "SplitIOPerSec PercentDiskTime")
# class: (numbers, texts, how many rows)
CLASSES = {
    RAW + "Counters_ProcessorInformation": (
        "PercentIdleTime PercentUserTime PercentPrivilegedTime PercentInterruptTime PercentDPCTime PercentC1Time PercentC2Time PercentC3Time InterruptsPersec "
        "DPCsQueuedPersec ClockInterruptsPersec IdleBreakEventsPersec ParkingStatus ProcessorFrequency PercentProcessorPerformance PercentProcessorPerformance_Base "
        "PercentProcessorUtility PercentPrivilegedUtility PercentProcessorUtility_Base", "Name", 4),
    RAW + "PerfDisk_LogicalDisk": (DISK + " PercentFreeSpace PercentFreeSpace_Base AvgDiskReadQueueLength AvgDiskWriteQueueLength", "Name", 3),
    RAW + "PerfDisk_PhysicalDisk": (DISK, "Name", 2),
    "Win32_Volume": ("Capacity FreeSpace DriveType SerialNumber", "Name FileSystem Label", 3),
    RAW + "PerfOS_Memory": (
        "AvailableBytes CacheBytes CacheBytesPeak CacheFaultsPersec CommitLimit CommittedBytes DemandZeroFaultsPersec FreeAndZeroPageListBytes FreeSystemPageTableEntries "
        "ModifiedPageListBytes PageFaultsPersec PageReadsPersec PagesInputPersec PageWritesPersec PagesOutputPersec PagesPersec PoolNonpagedAllocs PoolNonpagedBytes "
        "PoolPagedAllocs PoolPagedBytes PoolPagedResidentBytes StandbyCacheCoreBytes StandbyCacheNormalPriorityBytes StandbyCacheReserveBytes SystemCacheResidentBytes "
        "SystemCodeResidentBytes SystemCodeTotalBytes SystemDriverResidentBytes SystemDriverTotalBytes TransitionFaultsPersec TransitionPagesRePurposedPersec "
        "WriteCopiesPersec", "Name", 1),
    RAW + "PerfOS_System": ("SystemUpTime ContextSwitchesPersec ExceptionDispatchesPersec Processes ProcessorQueueLength SystemCallsPersec Threads", "Name", 1),
    "Win32_OperatingSystem": ("TotalVisibleMemorySize FreePhysicalMemory MaxProcessMemorySize ProductType MaxNumberOfProcesses", "Caption Version BuildNumber InstallDate", 1),
    "Win32_ComputerSystem": ("", "DNSHostName Domain PartOfDomain", 1),
    RAW + "Tcpip_NetworkInterface": (
        "BytesReceivedPersec BytesSentPersec BytesTotalPersec OutputQueueLength PacketsOutboundDiscarded PacketsOutboundErrors PacketsReceivedDiscarded "
        "PacketsReceivedErrors PacketsReceivedPersec PacketsReceivedUnknown PacketsSentPersec PacketsPersec CurrentBandwidth", "Name", 2),
    "Win32_NetworkAdapter": ("", "Name NetConnectionID MACAddress", 2),
    "Win32_NetworkAdapterConfiguration": ("", "Description IPAddress IPEnabled", 2),
    "Win32_Service": ("ProcessId", "Name DisplayName PathName StartMode StartName State", 100),
    "Win32_Process": ("ProcessId", "Name CreationDate", 100),
}
SAID = {"InstallDate": "20260101120000.000000+000", "CreationDate": "20260101120000.000000+000", "PartOfDomain": "false", "IPEnabled": "true", "State": "Running",
        "StartMode": "Auto", "IPAddress": "10.1.2.3", "DNSHostName": "{host}", "PathName": "C:\\Windows\\System32\\svchost.exe -k netsvcs -p"}
OTHER_TYPES = {"InstallDate": "datetime", "CreationDate": "datetime", "PartOfDomain": "boolean", "IPEnabled": "boolean"}
COUNTING = {"ProcessId"}


def fleet(hosts):
    lines = [f"hosts:\n  - {{name: 'web[00001:{hosts:05}]', address: 127.1.0.1}}\ncim:\n"]
    for name, (numbers, texts, rows) in CLASSES.items():
        numbers, texts = numbers.split(), texts.split()
        key = next((one for one in texts if one in ("Name", "Caption", "DNSHostName", "Description")), texts[0])
        types = [f"{one}: uint64" for one in numbers] + [f"{one}: {OTHER_TYPES.get(one, 'string')}{' key' if one == key else ''}" for one in texts]
        values = [f"{one}: \"{'{n}' if one in COUNTING else '134117388000000000'}\"" for one in numbers]
        values += [f"{one}: '{SAID.get(one, one + ('{n}' if one == key else ''))}'" for one in texts]
        lines.append(f"  - class: {name}\n    properties: {{{', '.join(types)}}}\n    generate: {{count: {rows}, row: {{{', '.join(values)}}}}}\n")
    return "".join(lines)


CONFIG = """\
version: 1
listen: ['127.0.0.1:0']
targets: {{allow: ['127.0.0.0/8:*']}}
auths: {{default: {{user: {user}, password_file: password, transport: ntlm, scheme: http}}}}
"""


class Watched:
    """A process and the processor time that it takes from one look to the next."""

    def __init__(self, name, pid):
        self.name, self.pid, self.before = name, pid, 0
        self.look()

    def look(self):
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        now = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # proc(5): utime and stime.
        self.before, used = now, now - self.before
        return used

    def status(self, name):
        line = next(line for line in Path(f"/proc/{self.pid}/status").read_text().splitlines() if line.startswith(name + ":"))
        return int(line.split()[1])

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))


def machine():
    """Processor seconds of the whole machine so far, all but idle ones."""
    user, nice, system, idle, wait, irq, soft, steal = (int(word) for word in Path("/proc/stat").read_text().split("\n")[0].split()[1:9])
    return (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")


def one_round(line, watched, before):
    """What was found out in the round that `line` tells of."""
    told = json.loads(line)
    used = {one.name: one.look() for one in watched}
    told["missed_in_all"] = sum(told["missed"].values())
    told["processor"] = used
    told["beside"] = max(0.0, machine() - before - sum(used.values())) / told["seconds"]
    exporter = next(one for one in watched if one.name == "exporter")
    told["memory"], told["descriptors"] = exporter.status("VmHWM") / 1024, exporter.descriptors()
    return told


def show(number, told):
    per_scrape = 1000 * told["processor"]["exporter"] / told["scrapes"]
    cores = {name: f"{seconds / told['seconds']:.2f}" for name, seconds in told["processor"].items()}
    missed = f"{told['missed_in_all']} missed" + (f" {told['missed']}" if told["missed"] else "")
    print(f"{'log-on' if number == 0 else f'round {number}'}: {told['scrapes']} scrapes in {told['seconds']:.0f} s, {missed}, {told['series']} series each; "
          f"answers {told['p50_ms']:.1f} ms (median), {told['p99_ms']:.0f} ms (99 %), {told['max_ms']:.0f} ms (longest); exporter {per_scrape:.2f} ms of processor "
          f"a scrape, {told['memory']:.0f} MiB at its peak, {told['descriptors']} descriptors; of a core: exporter {cores['exporter']}, simulator "
          f"{cores['simulator']}, scraper {cores['scraper']}, others {told['beside']:.2f}", flush=True)


def fleet_of(build, hosts, interval, rounds):
    """A line for each round: the first logs on."""
    with Simulation(fleet(hosts), schemes=("http",), settings=SETTINGS) as simulation, Exporter(CONFIG) as exporter:
        words = (exporter.port, simulation.ports["http"], FIRST, hosts, interval, rounds + 1, TIMEOUT)
        scraper = subprocess.Popen([str(word) for word in (build / "bench/bench_scrape_load", *words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        found = []
        try:
            watched = [Watched(*one) for one in (("exporter", exporter.process.pid), ("simulator", simulation.process.pid), ("scraper", scraper.pid))]
            before = machine()
            for _ in range(rounds + 1):
                line = scraper.stdout.readline()
                if not line:
                    raise Wrong(f"scrape_load ended with {scraper.wait()}")
                found.append(one_round(line, watched, before))
                show(len(found) - 1, found[-1])
                before = machine()
        finally:
            scraper.kill()
            scraper.wait()
            scraper.stdout.close()
        return found


def addresses(count):
    first = (127 << 24) + (1 << 16) + 1
    return [".".join(str(first + at >> shift & 255) for shift in (24, 16, 8, 0)) for at in range(count)]


# Kept: what says whether a scrape went well, and when. All others are read and dropped.
JOB = """
  - job_name: windows
    metrics_path: /probe
    scrape_timeout: {timeout}s
    http_sd_configs: [{{url: 'http://127.0.0.1:{port}/sd'}}]
    relabel_configs:
      - {{source_labels: [__address__], target_label: __param_target}}
      - {{source_labels: [__meta_mullion_host], target_label: instance}}
      - {{target_label: __address__, replacement: '127.0.0.1:{port}'}}
    metric_relabel_configs: [{{source_labels: [__name__], regex: probe_success, action: keep}}]
"""


def number(prometheus, query):
    found = prometheus.query(query)
    return float(found[0]["value"][1]) if found else 0.0


def by_prometheus(goals, hosts, interval, rounds):
    """Each host is scraped at a moment of its own; the first interval logs on and is not counted."""
    discovery = "discovery: {{inventory: hosts.ini}}\n"
    timeout = min(TIMEOUT, interval)
    with Simulation(fleet(hosts), schemes=("http",), settings=SETTINGS) as simulation, Exporter(CONFIG + discovery) as exporter:
        port = simulation.ports["http"]
        rows = "".join(f"web{at:05} ansible_host={one}\n" for at, one in enumerate(addresses(hosts), 1))
        (exporter.folder / "hosts.ini").write_text(f"{rows}[all:vars]\nansible_port={port}\nansible_winrm_transport=ntlm\n")
        with Prometheus(JOB.format(port=exporter.port, timeout=timeout), f"{interval}s") as prometheus:
            watched = [Watched(*one) for one in (("exporter", exporter.process.pid), ("simulator", simulation.process.pid), ("Prometheus", prometheus.process.pid))]
            time.sleep(interval + timeout + 5)  # The list of hosts is fetched at the start.
            began, before = time.time(), machine()
            for one in watched:
                one.look()
            time.sleep(rounds * interval)
            seconds = time.time() - began
            used = {one.name: one.look() / seconds for one in watched}
            window = f"[{int(seconds)}s]"
            scrapes = number(prometheus, f"sum(count_over_time(up{window}))")
            good = number(prometheus, f"sum(sum_over_time(probe_success{window}))")
            slow = number(prometheus, f"quantile(0.99, max_over_time(scrape_duration_seconds{window}))")
            print(f"by Prometheus: {scrapes:.0f} scrapes of {hosts * rounds} in {seconds:.0f} s, {scrapes - good:.0f} missed, the slowest of 99 % of hosts "
                  f"{1000 * slow:.0f} ms; exporter {watched[0].status('VmHWM') / 1024:.0f} MiB at its peak; of a core: "
                  + ", ".join(f"{name} {share:.2f}" for name, share in used.items()) + f", others {(machine() - before) / seconds - sum(used.values()):.2f}")
    goals.at_most(f"{hosts} hosts every {interval} s by Prometheus: missed scrapes", max(scrapes - good, hosts * rounds * 0.98 - scrapes), 0)


def exporter(build, goals, hosts=5_000, interval=60, rounds=2, prometheus=False):
    if prometheus:
        return by_prometheus(goals, hosts, interval, rounds)
    print(f"\n{hosts} hosts, each scraped every {interval} s by one mullion exporter")
    found = fleet_of(build, hosts, interval, rounds)[1:]
    what = f"{hosts} hosts every {interval} s"
    goals.at_most(f"{what}: missed scrapes", sum(one["missed_in_all"] for one in found), 0)
    goals.at_most(f"{what}: processor, of one core", max(one["processor"]["exporter"] / one["seconds"] for one in found), 0.5)
    goals.at_most(f"{what}: peak memory", found[-1]["memory"], 256, "MiB")
