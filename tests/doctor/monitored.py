"""A Windows server that is played for checks, with all rights; a test takes some of them away."""
import functools
import json
import struct
import subprocess
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from tests.centreon.played import class_key, document
from tests.support.service import ADMIN
from tests.support.simulate import Simulation

MONITOR = ("monitor", "M0nitor-1")
DENIED = "0x80041003"
COUNTERS = "Win32_PerfRawData_"
SHELLS = [{"command": "echo mullion", "stdout": "mullion\n"},
          {"contains": "Out-String", "as": "powershell", "stdout": "C:\\Modules\nmullion\n"}]


def recent():
    return (datetime.now(timezone.utc) - timedelta(minutes=30)).strftime("%Y%m%d%H%M%S.000000+000")


def counter(name, **columns):
    return {"class": COUNTERS + name, "properties": {"Name": "string key", **{column: "uint64" for column in columns}}, "rows": [{"Name": "", **columns}]}


def value_of(output, kind, value):
    return {"static": True, "returns": 0, "outputs": {output: value}, "parameters": {
        "hDefKey": "uint32", "sSubKeyName": "string", "sValueName": "string", output: f"{kind} out"}}


@functools.cache
def stored_certificate():
    """As the registry keeps one: its properties, each with id, a 1 and its length. 32 is the certificate itself (wincrypt.h)."""
    with tempfile.TemporaryDirectory() as folder:
        der = Path(folder) / "c.der"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj", "/CN=WIN22",
                        "-keyout", f"{folder}/k.pem", "-outform", "DER", "-out", der], check=True, capture_output=True, timeout=60)
        return list(struct.pack("<III", 32, 1, der.stat().st_size) + der.read_bytes())


def registry(returns=0):
    """Says the same of each key."""
    methods = {"EnumKey": value_of("sNames", "string[]", ["Packages"]), "GetStringValue": value_of("sValue", "string", "WIN22"),
               "GetMultiStringValue": value_of("sValue", "string[]", []), "GetBinaryValue": value_of("uValue", "uint8[]", stored_certificate())}
    del methods["EnumKey"]["parameters"]["sValueName"]
    for method in methods.values():
        method["returns"] = returns
    return {"class": "StdRegProv", "namespace": "root/default", "properties": {"Name": "string key"}, "methods": methods}


def service(name, process=0, **more):
    return {"Name": name, "DisplayName": name, "State": "Running", "StartMode": "Auto", "ProcessId": process, **more}


class Monitored:
    """The document of FLEET.yml, as a dictionary of classes."""

    def __init__(self):
        self.fleet = document(["server2022"])
        self.classes = {class_key(table).partition(":")[2]: table for table in self.fleet.pop("cim")}
        for table in (counter("LocalSessionManager_TerminalServices", ActiveSessions=1, InactiveSessions=0, TotalSessions=2),
                      counter("Tcpip_TCPv4", ConnectionsEstablished=5), counter("Tcpip_TCPv6", ConnectionsEstablished=1), registry(),
                      counter("PerfDisk_LogicalDisk", CurrentDiskQueueLength=0, DiskReadBytesPersec=1, DiskReadsPersec=1, DiskWriteBytesPersec=1,
                              DiskWritesPersec=1, Frequency_PerfTime=10_000_000, PercentDiskReadTime=1, PercentDiskWriteTime=1, PercentIdleTime=1,
                              PercentIdleTime_Base=1, Timestamp_PerfTime=1)):
            self.classes[table["class"].lower()] = table
        self.rows("Win32_Service").append(service("RpcSs", 964))
        for log in ("System", "Security"):
            self.rows("Win32_NTLogEvent").append({"Logfile": log, "RecordNumber": 9100, "EventCode": 6013, "EventType": 3, "Type": "Information",
                                                  "SourceName": "EventLog", "TimeGenerated": recent(), "Message": "The system uptime is 760000 seconds."})
        self.rows("CIM_DataFile").append({"Name": "c:\\windows\\win.ini", "Drive": "c:", "Path": "\\windows\\", "FileSize": 92,
                                          "LastModified": "20260301061502.500000+000"})
        self.faults = []

    def __getitem__(self, name):
        return self.classes[name.lower()]

    def rows(self, name):
        return self[name]["rows"]

    def refuse(self, *names, code=DENIED):
        for name in names:
            self[name]["refuses"] = code

    def refuse_all(self, namespace="root/cimv2"):
        for table in self.classes.values():
            if table.get("namespace", "root/cimv2") == namespace:
                table["refuses"] = DENIED

    def counters(self):
        return [table for table in self.classes.values() if table["class"].startswith(COUNTERS)]

    def drop(self, *names):
        for name in names:
            del self.classes[name.lower()]

    def simulation(self):
        """Accounts: the administrator, and one who may log on and use nothing."""
        parts = {"hosts": [{"name": "WIN22"}], "answers": SHELLS + self.fleet["answers"], "cim": list(self.classes.values()), "faults": self.faults}
        played = Simulation("")
        accounts = [{"user": ADMIN[0], "password": ADMIN[1]}, {"user": MONITOR[0], "password": MONITOR[1], "administrator": False}]
        listeners = [{"address": "127.0.0.1", "port": 0, "scheme": "http"}]
        if identify := self.fleet.get("identify"):
            parts["identify"] = identify
        played.file.write_text(json.dumps({"version": 1, "listeners": listeners, "accounts": accounts, **parts}))
        return played
