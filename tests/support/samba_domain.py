"""A Samba Active Directory domain for tests: domain controller, DNS, and a member host's account with keys.

It serves the well-known ports of 127.0.0.1 and becomes the resolver and the Kerberos configuration of whoever runs beside it,
so it lives in a network of its own only (own_network.py). Provisioning takes seconds: shared() makes one for the whole run.
"""
import atexit
import contextlib
import grp
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

from tests.support import own_network
from tests.support.service import DEADLINE, LOGS, alive, children, wait_until

REALM, DNS, NETBIOS = "AD.EXAMPLE.TEST", "ad.example.test", "ADEX"
CONTROLLER = f"dc1.{DNS}"
ADMIN = ("Administrator", "Adm1n-of-the-d0main")
PASSWORD = "Dom41n-Sesame"
HOST = f"web01.{DNS}"  # The member that our service is: a computer account, as a joined Windows has.
ADDRESSES = {CONTROLLER: "127.0.0.1", HOST: "127.0.0.2"}
REVERSE = "0.0.127.in-addr.arpa"
# Accounts, and what is done to each beyond making it. Nobody's password is known to the service.
USERS = {
    "dana": [],
    "frida": [],  # Her account at the service has her whole name.
    "erik": [],  # No account at the service.
    "disabled": [["user", "disable", "disabled"]],
    "stale": [],  # Must change the password first.
    "guarded": [["user", "sensitive", "guarded", "on"]],  # "Account is sensitive and cannot be delegated".
}
AES = 24  # msDS-SupportedEncryptionTypes: without it the keytab has RC4 only, which MIT takes no longer.
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
PROGRAMS = ("samba", "samba-tool", "ntlm_auth", "ldbmodify", "kinit", "kvno")
CONFIGURATION = """[global]
    netbios name = DC1
    realm = {realm}
    workgroup = {netbios}
    server role = active directory domain controller
    server services = rpc, ldap, cldap, kdc, winbindd, dns
    interfaces = lo
    bind interfaces only = yes
    prefork children = 1
    dns update command = /bin/true
    dns forwarder =
    idmap_ldb:use rfc2307 = yes
    private dir = {folder}/private
    state directory = {folder}/state
    cache directory = {folder}/cache
    lock directory = {folder}/lock
    binddns dir = {folder}/bind-dns
    pid directory = {folder}/run
    ncalrpc dir = {folder}/run/ncalrpc
    log file = {folder}/log/%m
[sysvol]
    path = {folder}/state/sysvol
    read only = no
[netlogon]
    path = {folder}/state/sysvol/{dns}/scripts
    read only = no
"""
KERBEROS = """[libdefaults]
  default_realm = {realm}
  dns_lookup_kdc = true
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  forwardable = true
[domain_realm]
  .{dns} = {realm}
  localhost = {realm}
"""


def missing():
    """Why there can be no domain here; nothing where there can."""
    if reason := own_network.missing():
        return reason
    lacking = [name for name in PROGRAMS if not shutil.which(name, path=PATH)]
    return f"{', '.join(lacking)} not found: tools/install-deps --peers installs Samba" if lacking else None


def in_group(group):
    """The processes of a group that are alive."""
    return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if alive(pid) and group_of(pid) == group]


def group_of(pid):
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


class Domain:
    """Use as a context manager, or shared()."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="mullion-domain-"))
        self.folder.chmod(0o755)  # A service that runs as nobody reads its keytab.
        self.configuration, self.keytab = self.folder / "etc/smb.conf", self.folder / "web01.keytab"
        self.process, self.laid_over = None, []

    def __enter__(self):
        try:
            self.provision()
            self.fill()
            self.start()
            own_network.host_name(HOST)  # We are the member. Nothing else in these namespaces cares.
            self.lay_over("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:5 attempts:2\n")
            self.lay_over("/etc/krb5.conf", KERBEROS.format(realm=REALM, dns=DNS))
            self.dns("zonecreate", REVERSE)
            for name, address in ADDRESSES.items():  # Provisioning leaves out addresses of the loopback.
                self.dns("add", DNS, name.split(".")[0], "A", address)
                self.dns("add", REVERSE, address.rsplit(".", 1)[1], "PTR", name)
        except BaseException:
            self.__exit__(True, None, None)
            raise
        return self

    def __exit__(self, failed, *_):
        for path in reversed(self.laid_over):
            own_network.lift(path)
        self.stop()
        if failed and (self.folder / "samba.log").exists():
            LOGS.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.folder / "samba.log", LOGS / "samba.log")
        shutil.rmtree(self.folder, ignore_errors=True)

    def lay_over(self, path, text):
        own_network.lay_over(path, text, self.folder)
        self.laid_over.append(path)

    def run(self, *words, text=None):
        environment = {**os.environ, "PATH": PATH, "KRB5_CONFIG": str(self.folder / "private/krb5.conf"), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(list(map(str, words)), input=text, capture_output=True, text=True, env=environment, timeout=120)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(map(str, words[:4]))}: exit {done.returncode}: {done.stdout[-1000:]}{done.stderr[-2000:]}")
        return done.stdout

    def tool(self, *words, text=None):
        return self.run("samba-tool", *words, f"--configfile={self.configuration}", text=text)

    def offline(self, *words, text=None):
        """samba-tool on the database itself: the controller need not run."""
        return self.tool(*words, "-H", self.folder / "private/sam.ldb", text=text)

    def provision(self):
        self.run("samba-tool", "domain", "provision", f"--targetdir={self.folder}", "--use-rfc2307", f"--realm={REALM}", f"--domain={NETBIOS}",
                 f"--adminpass={ADMIN[1]}", "--server-role=dc", "--dns-backend=SAMBA_INTERNAL", "--host-name=dc1", "--host-ip=127.0.0.1",
                 "--option=interfaces=lo", "--option=bind interfaces only=yes")
        for name in ("run", "lock", "cache", "log"):
            (self.folder / name).mkdir(exist_ok=True)
        self.configuration.write_text(CONFIGURATION.format(folder=self.folder, realm=REALM, netbios=NETBIOS, dns=DNS))

    def fill(self):
        for name, more in USERS.items():
            self.offline("user", "create", name, PASSWORD, *(["--must-change-at-next-login"] if name == "stale" else []))
            for words in more:
                self.offline(*words)
        computer = HOST.split(".")[0]
        self.offline("computer", "create", computer, *(f"--service-principal-name={service}/{HOST}" for service in ("HTTP", "host", "WSMAN")),
                     "--service-principal-name=HTTP/localhost")
        where = ",".join(f"DC={part}" for part in DNS.split("."))
        self.run("ldbmodify", "-H", self.folder / "private/sam.ldb", text=f"dn: CN={computer.upper()},CN=Computers,{where}\nchangetype: modify\n"
                 f"replace: msDS-SupportedEncryptionTypes\nmsDS-SupportedEncryptionTypes: {AES}\n")
        self.offline("user", "setpassword", f"{computer.upper()}$", "--random-password")
        self.delegation(True)
        self.export()

    def delegation(self, trusted):
        """Whether the member is trusted for delegation to any service."""
        self.offline("delegation", "for-any-service", f"{HOST.split('.')[0].upper()}$", "on" if trusted else "off")

    def export(self):
        for service in (f"HTTP/{HOST}", f"host/{HOST}", f"WSMAN/{HOST}", "HTTP/localhost"):
            self.tool("domain", "exportkeytab", self.keytab, f"--principal={service}")
        self.keytab.chmod(0o644)

    def start(self):
        """Its standard input is how it ends with us, whatever ends us: samba -i stops at the end of it."""
        Path("/run/samba").mkdir(exist_ok=True)  # Our own /run; winbind's clients look there.
        with open(self.folder / "samba.log", "ab") as log:
            self.process = subprocess.Popen([shutil.which("samba", path=PATH), "--interactive", "--debug-stdout", f"--configfile={self.configuration}"],
                                            stdin=subprocess.PIPE, stdout=log, stderr=log, env={**os.environ, "PATH": PATH})
        for port in (53, 88, 389):
            wait_until(lambda: self.answers(port), f"the domain controller listens on port {port}")
        wait_until(lambda: subprocess.run(["wbinfo", "--ping-dc"], capture_output=True, timeout=DEADLINE).returncode == 0, "winbind reaches the domain")
        # Winbind vouches to the group of that folder alone; services of the tests run as nobody.
        os.chown(self.folder / "state/winbindd_privileged", 0, grp.getgrnam("nogroup").gr_gid)

    def answers(self, port):
        if self.process.poll() is not None:
            raise AssertionError(f"samba ended with {self.process.returncode}: {(self.folder / 'samba.log').read_text()[-3000:]}")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def stop(self):
        """Samba ends its processes itself; what is left of them, or of its group, is killed, and said."""
        if not self.process:
            return
        process, self.process = self.process, None
        below = children(process.pid)  # Winbind has a group of its own.
        process.stdin.close()
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(DEADLINE)
            wait_until(lambda: not [*in_group(process.pid), *filter(alive, below)], "samba's processes end with it")
        finally:
            for pid in {*in_group(process.pid), *filter(alive, below)}:
                os.kill(pid, signal.SIGKILL)
            process.wait()

    @contextlib.contextmanager
    def without_winbind(self):
        """Meanwhile winbind answers nothing: it is stopped, and goes on afterwards."""
        processes = [pid for pid in children(self.process.pid) if Path(f"/proc/{pid}/comm").read_text() == "winbindd\n"]
        assert processes, "there is no winbindd among samba's processes"
        for pid in processes:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in processes:
                os.kill(pid, signal.SIGCONT)

    def dns(self, verb, *words):
        self.tool("dns", verb, "127.0.0.1", *words, f"--username={ADMIN[0]}", f"--password={ADMIN[1]}")


def shared():
    """The one domain of this run, which ends with it."""
    if not hasattr(shared, "domain"):
        domain = Domain()
        atexit.register(domain.__exit__, None, None, None)
        shared.domain = domain.__enter__()
    return shared.domain


if __name__ == "__main__":
    # By hand: unshare is done by own_network; a shell beside the domain.
    own_network.enter()
    with Domain() as one:
        subprocess.run([os.environ.get("SHELL", "/bin/sh")], check=False)
