"""What passes on a connection: a relay on loopback that keeps every byte of both directions."""
import contextlib
import socket
import threading


class Recorder:
    def __init__(self, port):
        """`port` of 127.0.0.1 is where connections lead."""
        self.target = port
        self.bytes = bytearray()
        self.lock = threading.Lock()

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.open, self.threads = set(), [threading.Thread(target=self.accept, daemon=True)]
        self.threads[0].start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        with self.lock:
            connections = list(self.open)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in list(self.threads):
            thread.join(10)

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            with self.lock:
                self.open |= {near, far}
            ends = threading.Semaphore(0)
            for source, sink in ((near, far), (far, near)):
                thread = threading.Thread(target=self.pass_on, args=(source, sink, ends), daemon=True)
                self.threads.append(thread)
                thread.start()
            closer = threading.Thread(target=self.close, args=(near, far, ends), daemon=True)
            self.threads.append(closer)
            closer.start()

    def pass_on(self, source, sink, ends):
        """A direction is kept in one piece, so that what goes in several is found."""
        kept = bytearray()
        with contextlib.suppress(OSError):
            while part := source.recv(65536):
                kept += part
                sink.sendall(part)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
        with self.lock:
            self.bytes += kept + b"\n"
        ends.release()

    def close(self, near, far, ends):
        ends.acquire()
        ends.acquire()
        with self.lock:
            self.open -= {near, far}
        near.close()
        far.close()
