"""What Ansible does for the same: values of ansible-vault, each with a salt of its own, as inventories have them.

  vault_peer.py make FILE COUNT    vaults so many passwords
  vault_peer.py read FILE          opens them all in this process, by Ansible's own library, and says what bench/secrets.cc says

The vault's password is the first line of standard input.
"""
import hashlib
import json
import sys
from pathlib import Path

from ansible.parsing.vault import VaultLib, VaultSecret


def main():
    verb, file = sys.argv[1], Path(sys.argv[2])
    secret = VaultSecret(sys.stdin.readline().strip().encode())
    vault = VaultLib([("default", secret)])
    if verb == "make":
        file.write_text(json.dumps([vault.encrypt(f"password {number} of the bench", secret).decode() for number in range(int(sys.argv[3]))]))
        return
    digest, texts = hashlib.sha256(), json.loads(file.read_text())
    for number, text in enumerate(texts):
        digest.update(b"svc%d %b\n" % (number, vault.decrypt(text)))
    print(len(texts), digest.hexdigest())


main()
