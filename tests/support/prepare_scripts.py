"""The scripts that `mullion prepare` prints: every variant, and what stands in one."""
import re
import subprocess

from tests.support.service import MULLION

THUMBPRINT = "E6CDAA82EEAF2ECE8546E05DB7F3E01AA47D76CE"

# Each kind of step is in one of them.
VARIANTS = {
    "host": ["host"],
    "host, everything": ["host", "--transport", "both", "--auth", "basic,kerberos,no-negotiate,certificate,credssp", "--credssp-cert", "listener", "--tls12",
                         "--set", "Winrs/MaxShellRunTime=2147483647", "--set", "Service/Auth/CbtHardeningLevel=Strict", "--set",
                         "Service/AllowUnencrypted=true", "--set", "MaxEnvelopeSizekb=8192", "--remove-listeners", "all", "--allow-from",
                         "10.0.0.0/8,fd00::/8,LocalSubnet", "--profiles", "any", "--cert-days", "90"],
    "host, a chosen certificate": ["host", "--cert", THUMBPRINT, "--credssp-cert", THUMBPRINT, "--port", "4443", "--no-firewall"],
    "host, by a template": ["host", "--cert", "template:WinRM Cert (2)", "--remove-listeners", "https"],
    "host, http": ["host", "--transport", "http", "--port", "80", "--profiles", "domain,public"],
    "host, no listeners": ["host", "--transport", "none", "--remove-listeners", "all"],
    "monitoring-user": ["monitoring-user", "--user", "monitor"],
    "monitoring-user, of a domain": ["monitoring-user", "--user", "CORP\\svc monitor"],
    "monitoring-user, in any letters": ["monitoring-user", "--user", "J\u00fcrgen O'Neill\u2019"],
    "domain": ["domain", "--domain", "corp.example.com", "--user", "svc-monitor"],
    "domain, in other words": ["domain", "--domain", "corp.example.com", "--user", "svc-monitor", "--gpo", "WinRM (all)", "--template", "WinRM Cert",
                               "--no-auto-enrollment", "--allow-from", "10.0.0.0/8,LocalSubnet", "--profiles", "domain"],
}
MODES = {"Apply": [], "Check": ["--check"], "Undo": ["--undo"]}


def printed(*words):
    done = subprocess.run([str(MULLION), "prepare", *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    if done.returncode != 0:
        raise AssertionError(f"mullion prepare {' '.join(words)}: exit {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode("ascii")


def steps(script):
    """The steps of a script, in their order: {id: {"needs": [...], "does": [...], "kind": …}}."""
    found = {}
    for block in re.findall(r"(?m)^# mullion: step .*\n(?:#.*\n)*Add-Step .*$", script):
        call = re.search(r"Add-Step '([^']+)' @\(([^)]*)\) (?:'(?:[^']|'')*'|\('(?:[^\n])*?\)) '(\w+)' @\{", block)
        found[call[1]] = {"needs": re.findall(r"'([^']+)'", call[2]), "kind": call[3], "does": re.findall(r"(?m)^# does: (.*)$", block), "text": block}
    return found
