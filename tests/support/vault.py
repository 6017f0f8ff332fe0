"""ansible-vault's format 1.1 and 1.2, written: for the demo and for tests that must not need Ansible. Reading is the product's.

  python3 -m tests.support.vault PASSWORD_FILE [LABEL] < plain > vaulted

AES-256 in counter mode by the openssl command, whose key is on its command line for a moment: for throw-away texts only.
"""
import hashlib
import hmac
import os
import subprocess
import sys
from pathlib import Path

ITERATIONS = 10_000


def encrypt(plain, password, label=None):
    """Text or bytes → the armoured text, 80 columns wide."""
    plain = plain.encode() if isinstance(plain, str) else plain
    password = password.encode() if isinstance(password, str) else password
    salt = os.urandom(32)
    derived = hashlib.pbkdf2_hmac("sha256", password, salt, ITERATIONS, 80)
    key, hmac_key, counter = derived[:32], derived[32:64], derived[64:]
    padding = 16 - len(plain) % 16
    done = subprocess.run(["openssl", "enc", "-aes-256-ctr", "-K", key.hex(), "-iv", counter.hex(), "-nopad"],
                          input=plain + bytes([padding]) * padding, capture_output=True, check=True)
    mark = hmac.new(hmac_key, done.stdout, hashlib.sha256)
    inner = "\n".join((salt.hex(), mark.hexdigest(), done.stdout.hex()))
    text = inner.encode().hex()
    header = f"$ANSIBLE_VAULT;1.2;AES256;{label}" if label else "$ANSIBLE_VAULT;1.1;AES256"
    return "\n".join([header, *(text[at:at + 80] for at in range(0, len(text), 80))]) + "\n"


def as_yaml(plain, password, indent=4, label=None):
    """The value behind `key: ` in YAML."""
    lines = encrypt(plain, password, label).splitlines()
    return "!vault |\n" + "".join(" " * indent + line + "\n" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(encrypt(sys.stdin.buffer.read(), Path(sys.argv[1]).read_bytes().strip(), *sys.argv[2:3]))
