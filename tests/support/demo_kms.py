"""tests/support/fake_aws.py for tools/demo: a KMS on loopback with one key, until standard input ends.

    python3 -m tests.support.demo_kms ACCESS_KEY_FILE SECRET_KEY_FILE

writes what its one user signs with into the files, and prints {"url","key","region"}; at the end how often it was asked for what.
"""
import json
import secrets
import sys
from pathlib import Path

from tests.support.fake_aws import REGION, FakeAws


def main(access_key_file, secret_key_file):
    with FakeAws() as aws:
        access_key, secret = aws.user(access_key="AKIA" + secrets.token_hex(8).upper(), secret=secrets.token_urlsafe(30))
        Path(access_key_file).write_text(access_key)
        Path(secret_key_file).write_text(secret)
        print(json.dumps({"url": aws.url, "key": aws.key(), "region": REGION}), flush=True)
        sys.stdin.read()
        print(json.dumps(dict(sorted(aws.asked.items()))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
