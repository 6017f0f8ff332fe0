"""Drives tests/aws_kms/probe.cc: the AWS key manager as a process of its own, without this one's AWS_ variables."""
import json
import os
import subprocess

from tests.support.service import BUILD, DEADLINE, read_line

PROBE = BUILD / "tests/aws_kms/aws_kms_probe"


class Probe:
    def __init__(self, connector, environment=None):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        self.environment = {**kept, "AWS_EC2_METADATA_DISABLED": "true", **(environment or {})}
        self.connector = connector

    def __enter__(self):
        self.process = subprocess.Popen([PROBE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=self.environment)
        self.write(self.connector)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            status = self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self.process.stdout.close()
        if status != 0:
            raise AssertionError(f"the probe ended with {status}")

    def write(self, value):
        self.process.stdin.write(json.dumps(value).encode() + b"\n")
        self.process.stdin.flush()

    def do(self, what, **more):
        self.write({"do": what, **more})
        line = read_line(self.process.stdout, self.process, 120)
        if line is None:
            raise AssertionError(f"the probe gave no answer to {what}; exit {self.process.poll()}")
        return json.loads(line)

    def generate(self, **context):
        return self.do("generate", context=context)

    def unwrap(self, wrapped, **context):
        return self.do("unwrap", arn=wrapped["arn"], blob=wrapped["blob"], context=context)

    def rewrap(self, wrapped, **context):
        return self.do("rewrap", arn=wrapped["arn"], blob=wrapped["blob"], context=context)
