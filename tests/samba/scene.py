"""A service that is a member of the domain, with the keys that the domain gave it, and accounts for some of the domain's users."""
import contextlib
import subprocess

from tests.e2e.client import mullion
from tests.grid.scene import EVERYTHING
from tests.support import samba_domain
from tests.support.kdc import in_environment
from tests.support.samba_domain import ADDRESSES, DNS, HOST, NETBIOS, PASSWORD, REALM, USERS
from tests.support.service import DEADLINE, MULLION
from tests.support.stand_in_powershell import ServiceWithPowerShell

PRINCIPAL = f"dana@{REALM}"
DOMAIN_NAME = f"{NETBIOS}\\dana"  # As NTLM has it.
LOCAL = ("loki", "L0cal-only")  # An account of the host alone.
# Accounts here of the domain's users: without a password, so that the domain alone lets them in.
MEMBERS = [f"frida@{REALM}" if name == "frida" else name for name in USERS if name != "erik"]


class DomainScene:
    """Use as a context manager: what tests/grid's clients want of a scene."""

    known_as = None  # Kerberos' name of the host is the URL's.
    settings = EVERYTHING

    def __enter__(self):
        self.stack = contextlib.ExitStack()
        try:
            self.domain = samba_domain.shared()
            variables = {"KRB5CCNAME": f"FILE:{self.domain.folder}/dana.ccache", "KRB5_CONFIG": "/etc/krb5.conf"}
            self.stack.enter_context(in_environment(variables))
            subprocess.run(["kinit", "-f", "dana"], input=PASSWORD, text=True, check=True, capture_output=True, timeout=DEADLINE)
            options = ["--keytab", str(self.domain.keytab)] + (["--winbind"] if asks_winbind() else [])
            self.service = ServiceWithPowerShell(self.settings, accounts=[(*LOCAL, ["--admin"])], options=options,
                                                 listen=[f"{scheme}://{ADDRESSES[HOST]}:0" for scheme in ("http", "https")])
            for name in MEMBERS:
                self.add_member(name)
            self.stack.enter_context(self.service)
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *failed):
        return self.stack.__exit__(*failed)

    def add_member(self, name):
        subprocess.run([MULLION, "user", "add", name, "--no-password", "--admin", "--as", "nobody", "--state", self.service.state], check=True,
                       capture_output=True, timeout=DEADLINE)

    def url(self, scheme):
        return f"{scheme}://{HOST}:{self.service.port(scheme)}/wsman"

    @staticmethod
    def account(transport):
        return (DOMAIN_NAME if transport == "ntlm" else PRINCIPAL, PASSWORD)

    def ask(self, verb, *more, user=PRINCIPAL, password=PASSWORD, transport="kerberos", scheme="http", command=None):
        """The one host's object."""
        words = [self.url(scheme), "-u", user, "--transport", transport, "--output", "json", *more]
        words += ["--ca-file", self.service.ca] if scheme == "https" else []
        return mullion(verb, *words, *(["--", command] if command else []), password=password).host

    def said(self):
        return self.service.log.read_text()


def asks_winbind():
    """Whether this build's service can have winbind judge what NTLM brings."""
    told = subprocess.run([MULLION, "serve", "--help"], capture_output=True, text=True, timeout=DEADLINE)
    return "--winbind" in told.stdout


missing = samba_domain.missing
__all__ = ["DNS", "HOST", "LOCAL", "PASSWORD", "PRINCIPAL", "REALM", "DomainScene", "asks_winbind", "missing"]
