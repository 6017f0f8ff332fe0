"""WS-Management messages of a client, and what can be read in the answers. Values come from the tests."""
import base64
import re
import uuid
from xml.sax.saxutils import escape, quoteattr

SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
CMD = SHELL + "/cmd"
CONFIG = "http://schemas.microsoft.com/wbem/wsman/1/config"
TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer/"
ENUMERATION = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/"
EVENTING = "http://schemas.xmlsoap.org/ws/2004/08/eventing/"
SCX = "http://schemas.microsoft.com/wbem/wscim/1/cim-schema/2/SCX_OperatingSystem"
ANONYMOUS = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"
SOAP_TYPE = "application/soap+xml;charset=UTF-8"
NAMESPACES = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in {
    "s": "http://www.w3.org/2003/05/soap-envelope", "a": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "x": "http://schemas.xmlsoap.org/ws/2004/09/transfer", "n": "http://schemas.xmlsoap.org/ws/2004/09/enumeration",
    "e": "http://schemas.xmlsoap.org/ws/2004/08/eventing", "w": "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
    "p": "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd", "rsp": SHELL,
    "wsmid": "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"}.items())

# Codes of service-protocol.md 3.6 and 3.7, appendix A.
UNEXPECTED_SELECTORS, ACCESS_DENIED, TIMED_OUT, BROKEN_PIPE = 0x8033805B, 5, 0x80338029, 109
QUOTA_SHELLS, QUOTA_OPERATIONS, QUOTA_SHELL_USERS = 0x803381A5, 0x803381A6, 0x803381AB
IDENTIFY = f"<s:Envelope {NAMESPACES}><s:Header/><s:Body><wsmid:Identify/></s:Body></s:Envelope>"


def envelope(action, resource=CMD, body="", selectors=(), options=(), timeout="PT20S", size=153600, message_id=None, header=""):
    chosen = "".join(f"<w:Selector Name={quoteattr(name)}>{escape(value)}</w:Selector>" for name, value in selectors)
    given = "".join(f"<w:Option Name={quoteattr(name)}>{escape(value)}</w:Option>" for name, value in options)
    return (
        f"<s:Envelope {NAMESPACES}><s:Header><a:To>http://127.0.0.1/wsman</a:To>"
        f'<w:ResourceURI s:mustUnderstand="true">{resource}</w:ResourceURI>'
        f'<a:ReplyTo><a:Address s:mustUnderstand="true">{ANONYMOUS}</a:Address></a:ReplyTo>'
        f'<a:Action s:mustUnderstand="true">{action}</a:Action>'
        f'<w:MaxEnvelopeSize s:mustUnderstand="true">{size}</w:MaxEnvelopeSize>'
        f"<a:MessageID>{message_id or 'uuid:' + str(uuid.uuid4()).upper()}</a:MessageID>"
        + (f"<w:OperationTimeout>{timeout}</w:OperationTimeout>" if timeout else "")
        + (f"<w:SelectorSet>{chosen}</w:SelectorSet>" if chosen else "")
        + (f"<w:OptionSet>{given}</w:OptionSet>" if given else "")
        + f"{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>")


def of_shell(shell):
    return [("ShellId", shell)] if shell else []


def create(shell=None, environment=(), inputs="stdin", outputs="stdout stderr", **more):
    variables = "".join(f"<rsp:Variable Name={quoteattr(name)}>{escape(value)}</rsp:Variable>" for name, value in environment)
    wanted = f"<rsp:Environment>{variables}</rsp:Environment>" if variables else ""
    chosen = f' ShellId="{shell}"' if shell else ""
    body = f"<rsp:Shell{chosen}>{wanted}<rsp:InputStreams>{inputs}</rsp:InputStreams><rsp:OutputStreams>{outputs}</rsp:OutputStreams></rsp:Shell>"
    return envelope(TRANSFER + "Create", body=body, **more)


def command(shell, line, command_id=None, **more):
    chosen = f' CommandId="{command_id}"' if command_id else ""
    body = f"<rsp:CommandLine{chosen}><rsp:Command>{escape(line)}</rsp:Command></rsp:CommandLine>"
    return envelope(SHELL + "/Command", body=body, selectors=of_shell(shell), **more)


def receive(shell, command_id, streams="stdout stderr", **more):
    body = f'<rsp:Receive><rsp:DesiredStream CommandId="{command_id}">{streams}</rsp:DesiredStream></rsp:Receive>'
    return envelope(SHELL + "/Receive", body=body, selectors=of_shell(shell), **more)


def send(shell, command_id, data, end=False, **more):
    text, ended = base64.b64encode(data).decode(), ' End="true"' if end else ""
    body = f'<rsp:Send><rsp:Stream Name="stdin" CommandId="{command_id}"{ended}>{text}</rsp:Stream></rsp:Send>'
    return envelope(SHELL + "/Send", body=body, selectors=of_shell(shell), **more)


def signal(shell, command_id, code="terminate", **more):
    body = f'<rsp:Signal CommandId="{command_id}"><rsp:Code>{SHELL}/signal/{code}</rsp:Code></rsp:Signal>'
    return envelope(SHELL + "/Signal", body=body, selectors=of_shell(shell), **more)


def delete(shell, **more):
    return envelope(TRANSFER + "Delete", selectors=of_shell(shell), **more)


def get(shell, **more):
    return envelope(TRANSFER + "Get", SHELL, selectors=of_shell(shell), **more)


def enumerate_shells(**more):
    body = "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements></n:Enumerate>"
    return envelope(ENUMERATION + "Enumerate", SHELL, body, **more)


def config_uri(path=""):
    return CONFIG + ("/" + path if path else "")


def config_get(path="", selectors=(), **more):
    return envelope(TRANSFER + "Get", config_uri(path), selectors=selectors, **more)


def config_body(path, values, root=None):
    """One document: {"Auth/Basic": "true"} below the resource; `root` where that is not the path's last part."""
    name = root or {"": "Config", "certmapping": "CertMapping", "defaultports": "DefaultPorts"}.get(path.rsplit("/", 1)[-1], path.rsplit("/", 1)[-1].title())
    inside = ""
    for where, value in values.items():
        *sections, leaf = where.split("/")
        text = f"<c:{leaf}>{escape(value)}</c:{leaf}>"
        for section in reversed(sections):
            text = f"<c:{section}>{text}</c:{section}>"
        inside += text
    return f'<c:{name} xmlns:c="{config_uri(path)}">{inside}</c:{name}>'


def config_put(path, values, selectors=(), **more):
    return envelope(TRANSFER + "Put", config_uri(path), config_body(path, values), selectors, **more)


def config_create(path, values, selectors, **more):
    return envelope(TRANSFER + "Create", config_uri(path), config_body(path, values), selectors, **more)


def config_delete(path, selectors, **more):
    return envelope(TRANSFER + "Delete", config_uri(path), selectors=selectors, **more)


def config_enumerate(path, count=100, mode="", optimize=True, **more):
    body = (f"<n:Enumerate>{'<w:OptimizeEnumeration/>' if optimize else ''}<w:MaxElements>{count}</w:MaxElements>"
            f"{f'<w:EnumerationMode>{mode}</w:EnumerationMode>' if mode else ''}</n:Enumerate>")
    return envelope(ENUMERATION + "Enumerate", config_uri(path), body, **more)


def every_message(line="true", shell="11111111-2222-3333-4444-555555555555"):
    """One of each kind of message that a client of WS-Management, WinRM or OMI knows. `line` is the command in those that run one."""
    command_id, text = "66666666-7777-8888-9999-AAAAAAAAAAAA", escape(line)
    empty = {name: envelope(TRANSFER + action, CONFIG + path) for name, action, path in (
        ("Get of the configuration", "Get", ""), ("Get of the winrs configuration", "Get", "/winrs"),
        ("Delete of a listener", "Delete", "/listener"))}
    return {
        "Identify": IDENTIFY, "Create": create(shell), "Command": command(shell, line, command_id),
        "Send": send(shell, command_id, b"input", True), "Receive": receive(shell, command_id),
        "Signal": signal(shell, command_id), "Delete": delete(shell), "Get": get(shell), "Enumerate": enumerate_shells(),
        "Pull": envelope(ENUMERATION + "Pull", SHELL, "<n:Pull><n:EnumerationContext>uuid:1</n:EnumerationContext></n:Pull>"),
        "Release": envelope(ENUMERATION + "Release", SHELL, "<n:Release><n:EnumerationContext>uuid:1</n:EnumerationContext></n:Release>"),
        "Disconnect": envelope(SHELL + "/Disconnect", body="<rsp:Disconnect/>", selectors=of_shell(shell)),
        "Reconnect": envelope(SHELL + "/Reconnect", selectors=of_shell(shell)),
        "Connect": envelope(SHELL + "/Connect", body="<rsp:Connect/>", selectors=of_shell(shell)),
        **empty,
        "Put of the configuration": envelope(TRANSFER + "Put", CONFIG, f'<c:Config xmlns:c="{CONFIG}"><c:MaxTimeoutms>1</c:MaxTimeoutms></c:Config>'),
        "Put of Auth": envelope(TRANSFER + "Put", CONFIG + "/service/auth", f'<c:Auth xmlns:c="{CONFIG}/service/auth"><c:Basic>true</c:Basic></c:Auth>'),
        "Create of a listener": envelope(TRANSFER + "Create", CONFIG + "/listener", f'<c:Listener xmlns:c="{CONFIG}/listener"/>'),
        "Invoke restore": envelope(CONFIG + "/restore", CONFIG, "<restore_INPUT/>"),
        "Subscribe": envelope(EVENTING + "Subscribe", SHELL, f"<e:Subscribe><e:Delivery><e:NotifyTo><a:Address>{ANONYMOUS}</a:Address></e:NotifyTo></e:Delivery></e:Subscribe>"),
        "Unsubscribe": envelope(EVENTING + "Unsubscribe", SHELL, "<e:Unsubscribe/>"),
        "Renew": envelope(EVENTING + "Renew", SHELL, "<e:Renew/>"),
        "Invoke ExecuteShellCommand": envelope(
            SCX + "/ExecuteShellCommand", SCX, f'<p:ExecuteShellCommand_INPUT xmlns:p="{SCX}"><p:command>{text}</p:command>'
            "<p:timeout>0</p:timeout></p:ExecuteShellCommand_INPUT>", [("__cimnamespace", "root/scx")]),
        "Create of a PowerShell pool": envelope(
            TRANSFER + "Create", "http://schemas.microsoft.com/powershell/Microsoft.PowerShell",
            '<rsp:Shell><rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams></rsp:Shell>'),
        "an unknown action": envelope("http://example.org/Run", CMD, f"<Run>{text}</Run>"),
        "no envelope": f"<Run>{text}</Run>", "no XML": line, "nothing": "",
    }


def code_of(xml):
    """The fault's code, or None where there is no fault."""
    found = re.search(r"WSManFault[^>]* Code=\"(\d+)\"", xml)
    return int(found[1]) if found else None


def value_of(xml, name):
    found = re.search(rf"<(?:\w+:)?{name}\b[^>]*>([^<]*)<", xml)
    return found[1] if found else None


def shell_of(xml):
    found = re.search(r'Selector Name="ShellId">([^<]+)<', xml)
    return found[1] if found else None


def output_of(xml, stream="stdout"):
    return b"".join(base64.b64decode(text) for text in re.findall(rf'<(?:\w+:)?Stream Name="{stream}"[^>]*>([^<]*)<', xml))


def is_done(xml):
    return "CommandState/Done" in xml


def exit_code_of(xml):
    value = value_of(xml, "ExitCode")
    return int(value) if value is not None else None
