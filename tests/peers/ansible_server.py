"""Ansible's own command line, kept warm: importing it takes a fifth of a second, and the oracle asks it thousands of times.

Imports ansible.cli once. A request is a line of JSON; each command line in it is served by a forked child that runs the real main
of InventoryCLI or AdHocCLI, as `ansible-inventory` and `ansible` do, with its standard output and error captured.
Run by ansible_oracle.py, in the peers' virtual environment.

The one thing changed: the order of hosts below nested groups hangs on the order of a Python set of groups, which is that of
their addresses in memory. Here it is that of a checksum of their names and a `salt`, so that an answer can be had twice, and
other salts show which orders Ansible leaves open.
"""
import hashlib
import json
import os
import sys
import warnings

from ansible.cli import CLI  # noqa: F401  First of all, as the programs in bin/ have it.
from ansible import constants as C
from ansible.cli.adhoc import AdHocCLI
from ansible.cli.inventory import InventoryCLI
from ansible.inventory.group import Group
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible.plugins.loader import init_plugin_loader, inventory_loader
from ansible.vars import plugins as vars_plugins

PROGRAMS = {"ansible": AdHocCLI, "ansible-inventory": InventoryCLI}


def run(words):
    """One command line: exit status, standard output, standard error. Both are files, put back afterwards."""
    files = [os.memfd_create(name) for name in ("out", "err")]
    kept = [os.dup(number) for number in (1, 2)]
    for number, file in zip((1, 2), files):
        os.dup2(file, number)
    code = 0
    try:
        PROGRAMS[words[0]].cli_executor(list(words))
    except SystemExit as end:
        code = end.code or 0
    sys.stdout.flush()
    sys.stderr.flush()
    texts = []
    for number, file, before in zip((1, 2), files, kept):
        os.dup2(before, number)
        texts.append(os.pread(file, os.fstat(file).st_size, 0).decode(errors="surrogateescape"))
        os.close(file)
        os.close(before)
    return [code, *texts]


def encrypt(text, password, label, salt):
    """As `ansible-vault encrypt_string` does; the salt is given, so that a seed is the same inventory every time."""
    return VaultLib().encrypt(text, VaultSecret(password.encode()), vault_id=label, salt=salt).decode()


def in_child(work):
    """What `work` gives, as JSON: Ansible keeps its first command line for the life of a process. None when the child died."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            with open(write_end, "w") as answer:
                answer.write(json.dumps(work()))
            status = 0
        finally:
            os._exit(status)
    os.close(write_end)
    with open(read_end) as answer:
        text = answer.read()
    _, status = os.waitpid(pid, 0)
    return text if status == 0 else "null"


def serve(request):
    if "encrypt" in request:
        return json.dumps([encrypt(*row) for row in request["encrypt"]])
    os.chdir(request["folder"])
    salt = str(request["salt"])
    Group.__hash__ = lambda self: int.from_bytes(hashlib.blake2b(f"{salt} {self.name}".encode(), digest_size=7).digest(), "big")
    return "[" + ",".join(in_child(lambda words=words: run(words)) for words in request["commands"]) + "]"


def warm_up():
    """Finding its plugins is most of what Ansible does for a small inventory, and the same each time."""
    init_plugin_loader()
    warnings.filterwarnings("ignore", message="AnsibleCollectionFinder")  # Each child starts it a second time.
    for name in C.INVENTORY_ENABLED:
        inventory_loader.get(name)
    vars_plugins._prime_vars_loader()


def main():
    warm_up()
    with open(3, "w") as answers:
        for line in sys.stdin:
            answers.write(serve(json.loads(line)) + "\n")
            answers.flush()


if __name__ == "__main__":
    main()
