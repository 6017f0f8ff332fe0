"""A service whose shells find a `PowerShell`: Ansible gives every command to that program, whichever shell it is told of.

It takes what Ansible hands it (-EncodedCommand, UTF-16LE in base64) and has sh do it. It lies over /usr/local/bin, the first
folder of the shells' PATH, for this service alone; only root can do that.
"""
import os
import shutil

from tests.support.service import Service

SCRIPT = """\
#!/bin/sh
for last; do :; done
exec /bin/sh -c "$(printf %s "$last" | base64 -d | iconv -f UTF-16LE -t UTF-8)"
"""
MOUNTED = 'mount --bind "$1" /usr/local/bin && shift && exec "$@"'


def missing():
    """Why there can be none; nothing where there can."""
    if os.geteuid() != 0:
        return "it sends each command to PowerShell, for which only root can put something into the shells' PATH"
    return None if shutil.which("iconv") and shutil.which("unshare") else "it sends each command to PowerShell; what stands in for that needs iconv and unshare"


class ServiceWithPowerShell(Service):
    def command_line(self):
        if missing():
            return super().command_line()
        programs = self.folder / "programs"
        programs.mkdir(exist_ok=True)
        (programs / "PowerShell").write_text(SCRIPT)
        (programs / "PowerShell").chmod(0o755)
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", MOUNTED, "sh", str(programs), *super().command_line()]
