#!/usr/bin/env python3
"""What a fleet costs `mullion exporter`: simulated Windows hosts, each scraped once an interval, as Prometheus does it, by one process.

  python3 bench/exporter_fleet.py [--hosts 5000] [--interval 60] [--rounds 3]

Each host answers the default module: 4 processors, 3 volumes, 2 disks, 2 network cards, 100 services, 100 processes. The first round logs on everywhere
and does not count. A scrape is missed when it has no success within 10 seconds. Uses the build of MULLION_BUILD (build/dev).
"""
import argparse
import http.client
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.e2e.test_exporter import Exporter, value  # noqa: E402
from tests.support.simulate import Simulation  # noqa: E402

RAW = "Win32_PerfRawData_"
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


def addresses(count):
    first = (127 << 24) + (1 << 16) + 1
    return [".".join(str(first + at >> shift & 255) for shift in (24, 16, 8, 0)) for at in range(count)]


def scrape(exporter, port, address, when):
    time.sleep(max(0, when - time.monotonic()))
    connection = http.client.HTTPConnection("127.0.0.1", exporter.port, timeout=15)
    try:
        connection.request("GET", "/probe?" + urlencode({"target": f"{address}:{port}"}), headers={"X-Prometheus-Scrape-Timeout-Seconds": "10"})
        text = connection.getresponse().read().decode()
        return value(text, "probe_success") == 1, len(re.findall(r"^[a-z]", text, re.M)), text
    except OSError as problem:
        return False, 0, str(problem)
    finally:
        connection.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=5_000)
    parser.add_argument("--interval", type=float, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    with Simulation(fleet(wanted.hosts), schemes=("http",)) as simulation, Exporter(CONFIG) as exporter:
        port, all_of_them = simulation.ports["http"], addresses(wanted.hosts)
        own = lambda name: value(exporter.metrics(), name)  # noqa: E731
        for turn in range(wanted.rounds + 1):
            before, begin = own("process_cpu_seconds_total"), time.monotonic()
            with ThreadPoolExecutor(64) as pool:
                found = list(pool.map(lambda at: scrape(exporter, port, all_of_them[at], begin + at * wanted.interval / wanted.hosts), range(wanted.hosts)))
            missed = sum(not ok for ok, _, _ in found)
            used = own("process_cpu_seconds_total") - before
            print(f"{'log-on' if turn == 0 else f'round {turn}'}: {wanted.hosts} hosts in {time.monotonic() - begin:.0f} s, {missed} missed, {found[0][1]} series each; "
                  f"processor {used:.1f} s ({1000 * used / wanted.hosts:.2f} ms a scrape), {own('process_resident_memory_bytes') / 2 ** 20:.0f} MiB, "
                  f"{own('process_open_fds'):.0f} descriptors", flush=True)
            if missed:
                print(next(text for ok, _, text in found if not ok)[-1500:])


if __name__ == "__main__":
    main()
