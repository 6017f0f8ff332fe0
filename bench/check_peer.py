"""check_peer.py memory|cpu URL CA|- TRANSPORT USER STATE: one check as an interpreter does it: pywinrm's transport and its own envelope, the WQL
that `mullion check` sends, the same figures. cpu keeps the last look in the folder STATE, as Centreon's plugin does. The password is on standard
input. Says one line with the figures, and ends as a check: 0."""
import json
import sys
from pathlib import Path

sys.path.pop(0)  # This folder has modules of its own.

WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/*"
ENUMERATION = "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
QUERIES = {"memory": "SELECT FreePhysicalMemory, TotalVisibleMemorySize FROM Win32_OperatingSystem",
           "cpu": "select Name,PercentProcessorTime,Timestamp_Sys100NS from Win32_PerfRawData_PerfOS_Processor where Name != '_Total'"}


def protocol(url, ca, transport, user, password):
    if transport == "ntlm":  # requests-ntlm needs MD4: see tests/peers/clients.py.
        from cryptography.hazmat.bindings.openssl.binding import Binding  # noqa: F401
    from winrm.protocol import Protocol
    return Protocol(endpoint=url, transport=transport, username=user, password=password, proxy=None, ca_trust_path=None if ca == "-" else ca,
                    message_encryption="auto")


def said(client, action, body):
    import xml.etree.ElementTree as tree

    import xmltodict
    envelope = client.build_wsman_header(f"{ENUMERATION}/{action}", WMI)
    envelope["env:Body"] = body
    answer = tree.fromstring(client.send_message(xmltodict.unparse({"env:Envelope": envelope})))
    rows = [{value.tag.rpartition("}")[2]: value.text for value in row} for row in answer.iter() if row.tag.endswith("}XmlFragment")]
    context = answer.find(f".//{{{ENUMERATION}}}EnumerationContext")
    ended = any(one.tag.endswith("}EndOfSequence") for one in answer.iter())
    return rows, None if ended or context is None else context.text


def query(client, wql):
    rows, context = said(client, "Enumerate", {"n:Enumerate": {
        "w:OptimizeEnumeration": None, "w:MaxElements": "999",
        "w:Filter": {"@Dialect": "http://schemas.microsoft.com/wbem/wsman/1/WQL", "#text": wql}}})
    while context is not None:
        more, context = said(client, "Pull", {"n:Pull": {"n:EnumerationContext": context, "n:MaxElements": "999"}})
        rows += more
    return rows


def memory(rows, _):
    total, free = (int(rows[0][name]) * 1024 for name in ("TotalVisibleMemorySize", "FreePhysicalMemory"))
    print(f"memory used={total - free} total={total}")


def cpu(rows, state):
    file = Path(state) / "cpu.json"
    now = {row["Name"]: (int(row["PercentProcessorTime"]), int(row["Timestamp_Sys100NS"])) for row in rows}
    before = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps(now))
    busy = {name: 100 * (1 - (idle - before[name][0]) / (at - before[name][1])) for name, (idle, at) in now.items() if name in before}
    print(f"cpu cores={len(now)} compared={len(busy)}", *(f"{name}={max(0, value):.2f}" for name, value in busy.items()))


def main():
    mode, url, ca, transport, user, state = sys.argv[1:]
    client = protocol(url, ca, transport, user, sys.stdin.readline().rstrip("\n"))
    {"memory": memory, "cpu": cpu}[mode](query(client, QUERIES[mode]), state)


if __name__ == "__main__":
    main()
