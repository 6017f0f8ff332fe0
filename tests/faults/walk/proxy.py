"""Stands between client and host, follows their messages, and does one fault at one of them: once, or from there on for good.

One listener for any number of hosts: which one is meant is told by the address (of 127.0.0.0/8) that was spoken to.
"""
import asyncio
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.faults.walk import kinds
from tests.faults.walk.units import Unit
from tests.support.service import DEADLINE


@dataclass
class Fault:
    """What happens to message `number` (from 0, of those that go that way). None of it: `kind` is empty."""
    way: str = ">"
    number: int = 0
    kind: str = ""
    forever: bool = False


@dataclass
class Cell:
    """One host behind the proxy, with its fault and what was seen."""
    fault: Fault
    lane: int = 1  # Which connection the messages are counted of: the first, or the second, for input.
    fired: int = 0
    connections: int = 0
    messages: list = field(default_factory=list)  # (way, unit) until the fault.
    numbers: dict = field(default_factory=lambda: {">": 0, "<": 0})
    follow: Callable = lambda number: None  # Told each request's number, and None when the fault happens.


class Link:
    """One connection of the client, and the one to the host behind it."""

    def __init__(self, proxy, cell, client, host):
        self.proxy, self.cell = proxy, cell
        self.readers = {">": client[0], "<": host[0]}
        self.writers = {">": host[1], "<": client[1]}
        # Two connections together (the second is for input and signals) would make the numbers depend on time: one is left alone, until the fault.
        self.counted = cell.connections == cell.lane
        self.silent = False  # What comes is dropped, until a side leaves.

    def due(self, way, unit):
        """Whether the fault is to happen to this message."""
        cell, fault = self.cell, self.cell.fault
        if cell.fired:
            return fault.forever and way == fault.way and kinds.applies(fault.kind, unit, way, self.proxy.garbling)
        if not self.counted or unit.goodbye:
            return False
        number = cell.numbers[way]
        cell.numbers[way] += 1
        cell.messages.append((way, unit))
        if way == ">":
            cell.follow(number)
        return bool(fault.kind) and way == fault.way and number == fault.number and kinds.applies(fault.kind, unit, way, self.proxy.garbling)

    async def carry(self, way):
        reader, writer = self.readers[way], self.writers[way]
        while (unit := await self.proxy.next_unit(reader)) is not None:
            if self.silent:
                continue
            if self.due(way, unit):
                self.cell.fired += 1
                self.cell.follow(None)
                await self.strike(way, unit)
            else:
                writer.write(unit.data)
                await writer.drain()
        if self.silent:  # Whoever waits for what does not come ends it.
            self.close()
        elif writer.can_write_eof():
            writer.write_eof()

    async def strike(self, way, unit):
        kind, writer = self.cell.fault.kind, self.writers[way]
        if kind == "before":
            self.silent = True
            for each in self.writers.values():
                each.transport.abort()
        elif kind in ("after", "cut-head", "cut-body"):
            upto = {"after": len(unit.data), "cut-head": unit.head // 2, "cut-body": unit.head + len(unit.body) // 2}[kind]
            self.end_with(way, unit.data[:upto])
        elif kind in kinds.SILENT:
            self.silent = True
            if kind == "stall-mid":
                writer.write(unit.data[:unit.head + len(unit.body) // 2] if unit.body else unit.data[:unit.head // 2])
        elif kind in kinds.FORGED:
            writer.write(kinds.FORGED[kind])
        elif kind == "drip":
            await self.drip(writer, unit.data)
        elif kind == "pause":
            half = len(unit.data) // 2
            writer.write(unit.data[:half])
            await asyncio.sleep(kinds.PAUSE)
            writer.write(unit.data[half:])
        elif kind == "twice":
            await self.repeat(unit)
            writer.write(unit.data)
        else:
            writer.write(self.proxy.garbling[kind](unit, way))

    @staticmethod
    async def drip(writer, data):
        """One byte after the other, each on its way by itself."""
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(len(data)):
            writer.write(data[at:at + 1])
            await writer.drain()
            await asyncio.sleep(0)

    def end_with(self, way, data):
        """The last bytes and the end in one segment: the receiver can never see the one without the other."""
        self.silent = True
        receiver, sender = self.writers[way], self.writers["<" if way == ">" else ">"]
        receiver.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        receiver.write(data)
        receiver.write_eof()
        sender.close()

    async def repeat(self, unit):
        """Does what a client must never do, so that the tests can show that they see it: the same request once more, with ids of its own."""
        host = self.writers[">"].get_extra_info("peername")
        reader, writer = await asyncio.open_connection(*host)
        writer.write(kinds.GARBLING["id"](Unit(kinds.other_command(unit.data), unit.head), ">"))
        await self.proxy.next_unit(reader)
        writer.close()

    def close(self):
        for writer in self.writers.values():
            writer.close()


class Proxy:
    """Use as a context manager. `cells` by address; `port` of the hosts behind it."""

    def __init__(self, cells, port, next_unit, garbling):
        self.cells, self.upstream, self.next_unit, self.garbling = cells, port, next_unit, garbling
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        self.server = self.wait(asyncio.start_server(self.accept, "0.0.0.0", 0, backlog=1024, limit=1 << 20))
        self.tasks = set()
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        self.wait(self.end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(DEADLINE)
        self.loop.close()

    def wait(self, what):
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(DEADLINE)

    async def end(self):
        self.server.close()
        while self.tasks:
            for task in self.tasks:
                task.cancel()
            await asyncio.wait(self.tasks)

    def accept(self, reader, writer):
        task = self.loop.create_task(self.stand_between(reader, writer))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def stand_between(self, reader, writer):
        address = writer.get_extra_info("sockname")[0]
        cell = self.cells.get(address)
        if cell is None:  # Nobody of ours: 0.0.0.0 is more than the loopback.
            writer.transport.abort()
            return
        cell.connections += 1
        try:
            host = await asyncio.open_connection(address, self.upstream, limit=1 << 20)
        except OSError:
            writer.transport.abort()
            return
        link = Link(self, cell, (reader, writer), host)
        pipes = [self.loop.create_task(self.guard(link, way)) for way in "><"]
        try:
            await asyncio.wait(pipes)
        finally:
            for pipe in pipes:
                pipe.cancel()
            link.close()

    @staticmethod
    async def guard(link, way):
        try:
            await link.carry(way)
        except (OSError, asyncio.LimitOverrunError):
            link.close()
