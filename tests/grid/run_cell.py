"""How each client runs one command in a cell: what it printed, its exit code, and whether messages were sealed where that can be asked."""
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.e2e.client import mullion


@dataclass
class Ran:
    stdout: str
    code: int
    sealed: object = None  # None: it cannot be asked. Over http AllowUnencrypted is off, so that it must be.


def ours(scene, cell, command):
    user, password = scene.account(cell.transport)
    options = [scene.url(cell.scheme), "--transport", cell.transport, "--output", "json"]
    options += ["--kerberos-hostname", scene.known_as] if scene.known_as else []
    options += ["-u", user] if cell.transport != "certificate" else ["--client-cert", scene.certificate, "--client-key", scene.key]
    options += ["--ca-file", scene.service.ca] if cell.scheme == "https" else []
    options += ["--message-encryption", "always"] if cell.way == "https + always" else []
    ran = mullion("run", *options, "--", command, password=password).host
    if ran["status"] not in ("ok", "failed"):
        raise AssertionError(f"{ran['status']}: {ran['error']}")
    return Ran(ran["stdout"], ran["exit_code"], mullion("ping", *options, password=password).host["sealed"])


def pywinrm(scene, cell, command):
    from tests.peers import clients
    user, password = scene.account(cell.transport)
    more = {"message_encryption": "always"} if cell.sealed else {}
    if cell.transport == "kerberos":
        password, more = None, {**more, "kerberos_hostname_override": scene.known_as}
    if cell.transport == "certificate":
        user, password, more = None, None, {"cert_pem": str(scene.certificate), "cert_key_pem": str(scene.key)}
    client = clients.pywinrm(scene.url(cell.scheme), scene.service.ca, (user, password), cell.transport, **more)
    ran = clients.pywinrm_run(client, command)
    return Ran(ran.stdout.decode(), ran.code, client.transport.encryption is not None)


def pypsrp(scene, cell, command):
    from tests.peers import clients
    user, password = scene.account(cell.transport)
    more = {"encryption": "always"} if cell.sealed else {}
    if cell.transport == "certificate":
        user, password, more = None, None, {"certificate_pem": str(scene.certificate), "certificate_key_pem": str(scene.key)}
    if cell.transport in ("kerberos", "negotiate") and scene.known_as:
        more["negotiate_hostname_override"] = scene.known_as
    client = clients.pypsrp(scene.url(cell.scheme), scene.service.ca if cell.scheme == "https" else None, (user, password), cell.transport, **more)
    ran = clients.pypsrp_run(client, command)
    return Ran(ran.stdout.decode(), ran.code)


def ansible(scene, cell, command):
    user, password = scene.account(cell.transport)
    where = urlsplit(scene.url(cell.scheme))
    variables = {"ansible_connection": "winrm", "ansible_shell_type": "cmd", "ansible_host": where.hostname, "ansible_port": where.port,
                 "ansible_winrm_scheme": cell.scheme, "ansible_winrm_transport": cell.transport, "ansible_user": user, "ansible_password": password}
    if cell.scheme == "https":
        variables["ansible_winrm_ca_trust_path"] = scene.service.ca
    if cell.sealed:
        variables["ansible_winrm_message_encryption"] = "always"
    if cell.transport == "kerberos":
        variables["ansible_winrm_kinit_mode"] = "manual"
        variables.update({"ansible_winrm_kerberos_hostname_override": scene.known_as} if scene.known_as else {})
    if cell.transport == "certificate":
        variables.update(ansible_winrm_cert_pem=str(scene.certificate), ansible_winrm_cert_key_pem=str(scene.key))
    with tempfile.TemporaryDirectory(prefix="mullion-grid-") as folder:
        place = Path(folder)
        (place / "hosts.json").write_text(json.dumps({"all": {"hosts": {"cell": variables}}}))
        (place / "ansible.cfg").write_text("[defaults]\nretry_files_enabled = no\n")
        environment = {**{name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}, "LC_ALL": "C.UTF-8", "HOME": folder,
                       "ANSIBLE_CONFIG": str(place / "ansible.cfg"), "ANSIBLE_HOME": str(place / "home")}
        words = [str(Path(sys.executable).parent / "ansible"), "-i", "hosts.json", "all", "-m", "raw", "-a", command, "--tree", str(place / "tree")]
        done = subprocess.run(words, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, env=environment)
        tree = place / "tree/cell"
        result = json.loads(tree.read_text()) if tree.exists() else {}
        if "rc" not in result:
            raise AssertionError(f"Ansible: {result.get('msg') or done.stdout + done.stderr}")
        return Ran(result["stdout"], result["rc"])


RUN = {"ours": ours, "pywinrm": pywinrm, "pypsrp": pypsrp, "Ansible": ansible}
