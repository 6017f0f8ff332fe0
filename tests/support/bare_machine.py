"""A machine on which nothing is prepared: its own /etc and /var/lib over the real ones, for what runs in it, and a package manager that is played.

What runs in it has a mount namespace of its own, so the real files are as they were; everything else (programs, network) is this machine's.
"""
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

BARE_KRB5_CONF = "[libdefaults]\n    dns_lookup_kdc = false\n    dns_canonicalize_hostname = false\n"
BARE_HOSTS = "127.0.0.1 localhost\n"
RUN = 'mount --bind "$0/etc" /etc && mount --bind "$0/lib" /var/lib && exec "$@"'
OF_KRB5 = ("KRB5_CONFIG", "KRB5CCNAME", "KRB5_KTNAME", "KRB5RCACHENAME", "KRB5_TRACE")

# One program under the names of every package manager. It knows what is "installed", and brings along one package more.
PLAYED = r"""#!/bin/sh
name=${0##*/}
list=$PLAYED/installed
printf '%s %s\n' "$name" "$*" >>"$PLAYED/calls"
has() { grep -qxF "$1" "$list"; }
add() {
    [ ! -e "$PLAYED/broken" ] || { echo "E: Unable to fetch some archives"; exit 100; }
    for one in "$@"; do case $one in -*) ;; *) has "$one" || echo "$one" >>"$list"; esac; done
    has libgssrpc4 || echo libgssrpc4 >>"$list"
}
drop() {
    [ ! -e "$PLAYED/needed" ] || { echo "dpkg: dependency problems prevent removal"; exit 1; }
    for one in "$@"; do grep -vxF "$one" "$list" >"$list.new"; mv "$list.new" "$list"; done
}
last() { for one in "$@"; do :; done; echo "$one"; }
verb=${1:-}
case $name in
    dpkg-query)
        case "$*" in
            *binary:Package*) sed 's/^/installed /' "$list" ;;
            *) has "$(last "$@")" && printf installed ;;
        esac ;;
    dpkg) shift; drop "$@" ;;
    apt-get) [ "$verb" = update ] || { shift; add "$@"; } ;;
    debconf-set-selections) cat >>"$PLAYED/answers" ;;
    rpm)
        case $verb in
            -q) has "$2" ;;
            -qa) sed 's/$/.x86_64/' "$list" ;;
            -e) shift; for one in "$@"; do drop "${one%.x86_64}"; done ;;
        esac ;;
    dnf | microdnf | yum) shift; add "$@" ;;
    zypper) shift 2; add "$@" ;;
    apk)
        case "$*" in
            "info -e "*) has "$3" ;;
            info) cat "$list" ;;
            "add "*) shift; add "$@" ;;
            "del "*) shift; drop "$@" libgssrpc4 ;;
        esac ;;
    pacman)
        case $verb in
            -Qq) if [ $# = 1 ]; then cat "$list"; else has "$2"; fi ;;
            -Sy) shift; add "$@" ;;
            -R) shift 2; drop "$@" ;;
        esac ;;
    portageq) has "$3" ;;
    emerge)
        shift
        case $verb in
            --noreplace) add "$@" ;;
            --depclean) drop "$@" libgssrpc4 ;;
        esac ;;
esac
"""
MANAGERS = {
    "debian": ("dpkg-query", "dpkg", "apt-get", "debconf-set-selections"),
    "rhel": ("rpm", "dnf"), "rhel-micro": ("rpm", "microdnf"), "rhel-yum": ("rpm", "yum"),
    "suse": ("rpm", "zypper"), "alpine": ("apk",), "arch": ("pacman",), "gentoo": ("portageq", "emerge"),
}


def missing():
    """Why there can be no such machine here; nothing where there can."""
    if not shutil.which("kinit"):
        return "kinit not found: install krb5-user (tools/install-deps)"
    tried = subprocess.run([*apart(), "true"], capture_output=True, text=True)
    return f"no mount name space here: {tried.stderr.strip()}" if tried.returncode != 0 else None


def apart():
    own = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", "--mount", *own, "--propagation", "private"]


class BareMachine:
    """Use as a context manager. `manager` is one of MANAGERS, `release` what /etc/os-release says, `installed` the packages that are there."""

    def __init__(self, manager="debian", release="ID=debian\n", installed=("krb5-user",), krb5_conf=BARE_KRB5_CONF, hosts=BARE_HOSTS):
        self.folder = Path(tempfile.mkdtemp(prefix="mullion-machine-"))
        self.folder.chmod(0o755)
        self.etc, self.lib, self.played, self.bin = (self.folder / name for name in ("etc", "lib", "played", "bin"))
        subprocess.run(["cp", "-a", "/etc", self.etc], capture_output=True)  # What only root may read stays out where this is not root.
        for folder in (self.lib, self.played, self.bin):
            folder.mkdir()
        for name in ("os-release", "krb5.conf", "resolv.conf"):
            (self.etc / name).unlink(missing_ok=True)
        shutil.rmtree(self.etc / "krb5.conf.d", ignore_errors=True)
        shutil.rmtree(self.etc / "mullion", ignore_errors=True)
        (self.etc / "os-release").write_text(release)
        (self.etc / "hosts").write_text(hosts)
        (self.etc / "resolv.conf").write_text("nameserver 127.0.0.254\noptions timeout:1 attempts:1\n")  # An empty one means 127.0.0.1.
        if krb5_conf is not None:
            (self.etc / "krb5.conf").write_text(krb5_conf)
        (self.played / "installed").write_text("".join(f"{name}\n" for name in ("base-files", *installed)))
        for name in MANAGERS.get(manager, ()):
            (self.bin / name).write_text(PLAYED)
            (self.bin / name).chmod(0o755)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def journals(self):
        return self.lib / "mullion-prepare"

    def calls(self):
        file = self.played / "calls"
        return file.read_text().splitlines() if file.exists() else []

    def installed(self):
        return set((self.played / "installed").read_text().split()) - {"base-files"}

    def run(self, *words, stdin=None, environment=None, timeout=120):
        """Runs it there to its end."""
        variables = {name: value for name, value in os.environ.items() if name not in OF_KRB5}
        variables.update(PATH=f"{self.bin}:{os.environ['PATH']}", PLAYED=str(self.played), **(environment or {}))
        given = {"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}
        return subprocess.run([*apart(), "sh", "-c", RUN, str(self.folder), *map(str, words)], capture_output=True, text=True, env=variables,
                              timeout=timeout, **given)

    def state(self):
        """Everything of it that a preparation may change, byte for byte."""
        found = {}
        for path in sorted([*self.etc.rglob("krb5*"), *self.etc.rglob("mullion*"), self.etc / "hosts", *self.lib.rglob("*")]):
            if path.is_file():
                found[str(path.relative_to(self.folder))] = (path.read_bytes(), oct(path.stat().st_mode))
        return {**found, "packages": frozenset(self.installed())}
