"""A WS-Management service played in Python: it notes what it was asked, and answers what the test gives it."""
import re
import uuid
import xml.etree.ElementTree as tree
from dataclasses import dataclass, field

from tests.e2e.bad_servers import BadServer, read_request

SOAP = "{http://www.w3.org/2003/05/soap-envelope}"
ADDRESSING = "{http://schemas.xmlsoap.org/ws/2004/08/addressing}"
WSMAN = "{http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd}"
FAULT_ACTION = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault"
IDENTITY = """<wsmid:IdentifyResponse xmlns:wsmid="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd">
<wsmid:ProtocolVersion>http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</wsmid:ProtocolVersion>
<wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor>
<wsmid:ProductVersion>OS: 6.3.9600 SP: 0.0 Stack: 3.0</wsmid:ProductVersion></wsmid:IdentifyResponse>"""


@dataclass
class Asked:
    head: str
    text: str  # The whole message, whatever it was encoded in.
    action: str = ""
    resource: str = ""
    message_id: str = ""
    body: str = ""  # What is inside s:Body.
    selectors: dict = field(default_factory=dict)
    options: dict = field(default_factory=dict)

    def header(self, name):
        return re.search(rf"(?im)^{name}: *(.*?)\r?$", self.head)[1]

    def element(self, name):
        """The first element of that name in the message."""
        return next((e for e in tree.fromstring(self.text).iter() if e.tag.split("}")[-1] == name), None)


def read(request):
    head, body = request
    text = body.decode("utf-16" if body.startswith(b"\xff\xfe") else "utf-8")
    asked = Asked(head.decode(), text)
    if not text:
        return asked
    envelope = tree.fromstring(text)
    header = envelope.find(SOAP + "Header")
    asked.action = header.findtext(ADDRESSING + "Action", "")
    asked.message_id = header.findtext(ADDRESSING + "MessageID", "")
    asked.resource = header.findtext(WSMAN + "ResourceURI", "")
    asked.selectors = {e.get("Name"): e.text or "" for e in header.iter(WSMAN + "Selector")}
    asked.options = {e.get("Name"): e.text or "" for e in header.iter(WSMAN + "Option")}
    found = re.search(r"<s:Body>(.*)</s:Body>", text, re.S)
    asked.body = found[1] if found else ""
    return asked


@dataclass
class Fault:
    code: int
    text: str
    machine: str = "web01"
    detail: bool = True  # Whether it says more than SOAP does.

    def body(self):
        detail = (f'<s:Detail><f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="{self.code}" '
                  f'Machine="{self.machine}"><f:Message>{self.text}</f:Message></f:WSManFault></s:Detail>')
        return (f'<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text xml:lang="en-US">{self.text}</s:Text></s:Reason>'
                f"{detail if self.detail else ''}</s:Fault>")


LOST = object()  # In the place of an answer: the connection ends.


class Played(BadServer):
    """`answers` are given one after the other: the XML of a body, a Fault, LOST, or None for silence. `asked` is what came."""

    def __init__(self, *answers, utf16=False, tls=None):
        super().__init__(self.answer, tls)
        self.answers, self.asked, self.utf16 = list(answers), [], utf16

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/wsman"

    def answer(self, connection):
        while request := read_request(connection):
            asked = read(request)
            self.asked.append(asked)
            given = self.answers.pop(0) if self.answers else Fault(0x80338013, "asked once too often")
            if given is LOST:
                return
            if given is None:
                while connection.recv(65536):
                    pass
                return
            fault = isinstance(given, Fault)
            action = FAULT_ACTION if fault else asked.action + "Response"
            header = ("" if not asked.action else
                      f"<a:Action>{action}</a:Action><a:MessageID>uuid:{uuid.uuid4()}</a:MessageID><a:RelatesTo>{asked.message_id}</a:RelatesTo>")
            text = (f'<s:Envelope xml:lang="en-US" xmlns:s="{SOAP[1:-1]}" xmlns:a="{ADDRESSING[1:-1]}"><s:Header>{header}</s:Header>'
                    f"<s:Body>{given.body() if fault else given}</s:Body></s:Envelope>")
            body = text.encode("utf-16" if self.utf16 else "utf-8")
            status = "500 Internal Server Error" if fault else "200 OK"
            connection.sendall(f"HTTP/1.1 {status}\r\nContent-Type: application/soap+xml;charset={'UTF-16' if self.utf16 else 'UTF-8'}\r\n"
                               f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
