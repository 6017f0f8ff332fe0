"""Debian's Prometheus for tests: on a port that the kernel chooses, stopped by process."""
import http.client
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from tests.support.service import DEADLINE, wait_until


class Prometheus:
    """With these scrape_configs, once a second where nothing else is said. Use as a context manager."""

    def __init__(self, scrape_configs, interval="1s"):
        self.folder = Path(tempfile.mkdtemp(prefix="mullion-prometheus-"))
        (self.folder / "prometheus.yml").write_text(f"global: {{scrape_interval: {interval}}}\nscrape_configs:\n{scrape_configs}")

    def __enter__(self):
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(["prometheus", f"--config.file={self.folder}/prometheus.yml", f"--storage.tsdb.path={self.folder}/data",
                                             "--web.listen-address=127.0.0.1:0"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self.port = int(wait_until(self.listening, "prometheus listens")[1])
        except BaseException:
            self.__exit__()
            raise
        return self

    def listening(self):
        log = (self.folder / "log").read_text()
        if self.process.poll() is not None:
            raise AssertionError(log)
        return re.search(r'msg="Listening on" address=127.0.0.1:(\d+)', log)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(DEADLINE)
        shutil.rmtree(self.folder, ignore_errors=True)

    def query(self, text):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)
        try:
            connection.request("GET", "/api/v1/query?" + urlencode({"query": text}))
            answer = connection.getresponse()
            body = answer.read()
            return json.loads(body)["data"]["result"] if answer.status == 200 else []
        finally:
            connection.close()
