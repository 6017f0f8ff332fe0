"""Requests about CIM, and the processes that answer them."""
import contextlib
import re
import subprocess
from xml.sax.saxutils import escape

from tests.support import soap
from tests.support.leftovers import name_of
from tests.support.service import children, wait_until

WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi"
CIMV2 = WMI + "/root/cimv2"
ALL = CIMV2 + "/*"
WQL = "http://schemas.microsoft.com/wbem/wsman/1/WQL"
HOST = "mullion-cim-host"[:15]  # As the kernel keeps names.
CONTEXT = r"<n:EnumerationContext>([^<]+)</n:EnumerationContext>"
METADATA = "http://schemas.dmtf.org/wbem/cim-xml/2/cim-schema/2/*"


def enumerate_class(name, most=100, query=None, optimize=True, **more):
    wanted = f'<w:Filter Dialect="{WQL}">{escape(query)}</w:Filter>' if query else ""
    limit = f"<w:MaxElements>{most}</w:MaxElements>" if most else ""
    body = f"<n:Enumerate>{'<w:OptimizeEnumeration/>' if optimize else ''}{limit}{wanted}</n:Enumerate>"
    return soap.envelope(soap.ENUMERATION + "Enumerate", ALL if query else f"{CIMV2}/{name}", body, **more)


def pull(name, context, most=100, **more):
    body = f"<n:Pull><n:EnumerationContext>{context}</n:EnumerationContext><n:MaxElements>{most}</n:MaxElements></n:Pull>"
    return soap.envelope(soap.ENUMERATION + "Pull", f"{CIMV2}/{name}", body, **more)


def release(name, context):
    return soap.envelope(soap.ENUMERATION + "Release", f"{CIMV2}/{name}", f"<n:Release><n:EnumerationContext>{context}</n:EnumerationContext></n:Release>")


def get(name, **keys):
    return soap.envelope(soap.TRANSFER + "Get", f"{CIMV2}/{name}", selectors=list(keys.items()))


def metadata(name, verb="Get"):
    """What Get-CimClass asks, and Get-CimInstance before it. service-protocol.md 4.4"""
    selectors = [("__cimnamespace", "root/cimv2"), ("ClassName", name)]
    if verb == "Get":
        return soap.envelope(soap.TRANSFER + "Get", METADATA, selectors=selectors)
    return soap.envelope(soap.ENUMERATION + "Enumerate", METADATA, "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>1000</w:MaxElements></n:Enumerate>", selectors=selectors)


def call(name, method, **keys):
    uri = f"{CIMV2}/{name}"
    return soap.envelope(f"{uri}/{method}", uri, f'<p:{method}_INPUT xmlns:p="{uri}"/>', selectors=list(keys.items()))


def context_of(xml):
    found = re.search(CONTEXT, xml)
    return found[1] if found else None


def is_end(xml):
    return "EndOfSequence" in xml


def items_of(xml, name):
    return re.findall(rf"<p:{name} .*?</p:{name}>", xml, re.S)


def all_of(client, name, most=100):
    """Every item, batch for batch."""
    xml = client.well(enumerate_class(name, most))
    found, batches = items_of(xml, name), 1
    while not is_end(xml):
        xml = client.well(pull(name, context_of(xml), most))
        found += items_of(xml, name)
        batches += 1
    return found, batches


def hosts(service):
    """Processes that answer, of this service."""
    found = []
    for pid in children(service.process.pid):
        with contextlib.suppress(OSError):
            if name_of(pid) == HOST:
                found.append(pid)
    return found


def no_hosts(service):
    wait_until(lambda: not hosts(service), "no process that answers about CIM is left")


@contextlib.contextmanager
def many_long_processes(count=80, length=30_000):
    """Their command lines alone are more than the service reads ahead."""
    started = []
    try:
        for number in range(count):
            started.append(subprocess.Popen(["sh", "-c", "read line", "long", str(number), "x" * length], stdin=subprocess.PIPE))
        yield {str(process.pid) for process in started}
    finally:
        for process in started:
            process.stdin.close()
            process.wait()
