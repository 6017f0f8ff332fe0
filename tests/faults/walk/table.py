"""The table of a walk: a row for each message, a column for each fault, in each cell what came of it and how often the command ran."""

from tests.support.service import LOGS

LEGEND = """\
The fault walk. Rows: the message that the fault happens to. Columns: the fault. Cells: what the client said (an error id; `done`: the
command's exit code; `lossy`: done, and output_complete is false) / how often the host ran the command; `+left`: the client said that
the shell may be left open. `!` is a cell that is not what it should be; `.`: the message has nothing that this could happen to.

  before     nothing of the message comes, the connection ends (reset)     after      the message comes, and then the connection ends
  cut-head   half of the header comes, the connection ends                 cut-body   half of the body
  stall      nothing of the message comes, the connection stays            stall-mid  half of it
  garbled, each in one byte: line (the first), status (200 becomes 300), type (Content-Type), length (Content-Length, longer),
  token (log-on), signature and data (of the sealed body), xml, id (MessageID, RelatesTo); TLS records: payload, header
  drip       all of it, one byte after the other                          pause      all of it, with a pause in its middle
  401 403 503  the host did it, and a refusal that somebody else sends comes in place of its answer

  once: at that message only.  for good: at that message and all after it that go the same way, on all connections.

  tls … are the records of a handshake that the client has not finished, tls-end … those after which it holds the connection for good.
"""

WAYS = {">": "what the client sends", "<": "what the host answers"}


def cell(walk, place, counts):
    result = walk.results.get(place.host)
    if result is None:
        return "!no result"
    what = (result["error"] or {}).get("id") or ("done" if result["output_complete"] else "lossy")
    ran = counts["hosts"].get(place.host, {}).get("executions", 0)
    left = "+left" if place.host in walk.left else ""
    return f"{'!' if place.problems else ''}{what}/{ran}{left}"


def grid(walk, counts):
    for way, title in WAYS.items():
        here = [place for place in walk.places if place.cell.fault.way == way]
        kinds = [kind for kind in walk.transport.kinds if any(place.cell.fault.kind == kind for place in here)]
        cells = {(place.message, place.cell.fault.kind): cell(walk, place, counts) for place in here}
        rows = [[f"{title}", *kinds]]
        rows += [[message, *(cells.get((message, kind), ".") for kind in kinds)] for message in walk.transport.messages(way)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for number, row in enumerate(rows):
            yield "  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip()
            if number == 0:
                yield "  ".join("-" * width for width in widths)
        yield ""


def text(walks, counts):
    lines = [LEGEND]
    for walk in walks:
        wrong = sum(bool(place.problems) for place in walk.places)
        lines += [f"== {walk.name}: {len(walk.places)} faults, {wrong} not as they should be", "", *grid(walk, counts)]
    return "\n".join(lines) + "\n"


def publish(walks, counts, name):
    """On standard output, and in a file of build/test-logs."""
    what = text(walks, counts)
    LOGS.mkdir(parents=True, exist_ok=True)
    (LOGS / name).write_text(what)
    print(what, flush=True)
