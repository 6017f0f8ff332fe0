"""A Windows server that is played, and checks of it."""
import os
import subprocess
import tempfile
from pathlib import Path

from tests.e2e.client import Ran
from tests.support.service import ADMIN, MULLION
from tests.support.simulate import Simulation

CENTREON = MULLION.with_name("mullion-centreon")
PLUGIN = "--plugin=os::windows::wsman::plugin"

WINDOWS = """
hosts:
  - {name: web01, address: 127.0.0.1}
cim:
  - class: Win32_Process
    properties: {Handle: string key, Name: string, ProcessId: uint32, ExecutionState: uint16, CommandLine: string, ExecutablePath: string}
    rows:
      - {Handle: "4", Name: System, ProcessId: 4, ExecutionState: null}
      - {Handle: "864", Name: svchost.exe, ProcessId: 864, ExecutionState: null}
      - {Handle: "964", Name: svchost.exe, ProcessId: 964, ExecutionState: null}
  - class: Win32_Service
    properties: {Name: string key, State: string, StartMode: string, DisplayName: string}
    rows:
      - {Name: W32Time, State: Running, StartMode: Auto, DisplayName: Windows Time}
      - {Name: Spooler, State: Stopped, StartMode: Auto, DisplayName: Print Spooler}
      - {Name: Winmgmt, State: Running, StartMode: Auto, DisplayName: Windows Management Instrumentation}
      - {Name: AppIDSvc, State: Stopped, StartMode: Manual, DisplayName: Application Identity}
  - class: Win32_NetworkAdapter
    properties: {Name: string key, NetConnectionID: string, NetConnectionStatus: uint16, NetEnabled: boolean}
    rows:
      - {Name: Loopback, NetConnectionStatus: null}
      - {Name: 'Intel(R) Adapter', NetConnectionID: Ethernet, NetConnectionStatus: 2, NetEnabled: true}
      - {Name: 'Intel(R) Adapter #2', NetConnectionID: Backup, NetConnectionStatus: 7, NetEnabled: false}
  - class: Win32_PerfRawData_PerfOS_Processor
    properties: {Name: string key, PercentProcessorTime: uint64, Timestamp_Sys100NS: uint64}
    rows:
      - {Name: "0", PercentProcessorTime: BUSY, Timestamp_Sys100NS: AT}
      - {Name: _Total, PercentProcessorTime: BUSY, Timestamp_Sys100NS: AT}
  - class: Win32_PerfRawData_Counters_ProcessorInformation
    properties: {Name: string key, PercentProcessorTime: uint64, Timestamp_Sys100NS: uint64}
    rows:
      - {Name: "0,0", PercentProcessorTime: 1000000000, Timestamp_Sys100NS: 134176104000000000}
      - {Name: "1,0", PercentProcessorTime: 1000000000, Timestamp_Sys100NS: 134176104000000000}
      - {Name: "1,_Total", PercentProcessorTime: 1000000000, Timestamp_Sys100NS: 134176104000000000}
  - class: Win32_PerfRawData_PerfOS_System
    properties: {Name: string key, SystemUpTime: uint64, Timestamp_Object: uint64, Frequency_Object: uint64, Frequency_Sys100NS: uint64}
    rows:
      - {Name: "", SystemUpTime: 134168121025000000, Timestamp_Object: 134176104031234567, Frequency_Object: 10000000, Frequency_Sys100NS: 10000000}
  - class: Win32_OperatingSystem
    properties: {Name: string key, FreePhysicalMemory: uint64, TotalVisibleMemorySize: uint64, Version: string, LastBootUpTime: datetime}
    rows:
      - {Name: Windows, Version: 10.0.20348, FreePhysicalMemory: 5519780, TotalVisibleMemorySize: 8388148, LastBootUpTime: 20260301061502.500000+000}
"""
# One core, at two moments a second apart: 0.24 % busy in between.
FIRST = (1_000_000_000, 134_176_104_000_000_000)
LATER = (FIRST[0] + 9_976_000, FIRST[1] + 10_000_000)


def windows(at=FIRST, more="", settings="Service/Auth/Basic: true, Service/AllowUnencrypted: true", without=None, **options):
    """`without`: rows with that word are left out."""
    scene = "".join(line for line in WINDOWS.splitlines(True) if not (without and without in line))
    fleet = scene.replace("BUSY", str(at[0])).replace("AT}", f"{at[1]}}}")
    return Simulation(fleet + more, settings=f"settings: {{{settings}}}\n", **options)


class State:
    """A folder for what checks keep, and the environment that leads to it."""

    def __enter__(self):
        self.held = tempfile.TemporaryDirectory(prefix="mullion-check-")
        self.path = Path(self.held.name)
        self.environment = {"XDG_STATE_HOME": str(self.path / "home")}
        return self

    def __exit__(self, *_):
        self.held.cleanup()

    def files(self):
        return sorted(file for file in self.path.rglob("*") if file.is_file())


def run(words, environment=None, password=None):
    """To its end, without a terminal. `password` goes by a pipe, for --password-file=FD."""
    read_end, write_end = os.pipe()
    try:
        os.write(write_end, (password or ADMIN[1]).encode() + b"\n")
    finally:
        os.close(write_end)
    try:
        done = subprocess.run([str(word).replace("{password}", f"/dev/fd/{read_end}") for word in words], stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=90, pass_fds=(read_end,), env={**os.environ, **(environment or {})})
    finally:
        os.close(read_end)
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace"))


def url(played, scheme="http"):
    return f"{scheme}://127.0.0.1:{played.ports[scheme]}/wsman"


def check(played, mode, *options, environment=None, scheme="http"):
    """`mullion check`, by NTLM."""
    trust = ["--ca-file", played.ca] if scheme == "https" else []
    return run([MULLION, "check", mode, url(played, scheme), "-u", ADMIN[0], "--password-file", "{password}", "--transport", "ntlm", *trust, *options],
               environment)


def centreon_words(played, mode, *options, scheme="http", method="ntlm", password=ADMIN[1]):
    secret = [f"--wsman-password={password}"] if password is not None else []
    return [CENTREON, PLUGIN, f"--mode={mode}", "--hostname=127.0.0.1", f"--wsman-port={played.ports[scheme]}", f"--wsman-scheme={scheme}",
            f"--wsman-username={ADMIN[0]}", *secret, f"--wsman-auth-method={method}", *options]


def centreon(played, mode, *options, environment=None, **how):
    return run(centreon_words(played, mode, *options, **how), environment)
