"""Looking for a secret in every form in which something may have written it down."""
import base64
import mmap
import os
from array import array
from pathlib import Path

from tests.support.ntlm import md4

BLOCK, PAGE = 1 << 22, mmap.PAGESIZE


def written(name, data):
    """{form: pattern}: as it is, hex, base64 at each of the three offsets."""
    found = {name: data, f"{name}, hex": data.hex().encode()}
    for offset in range(3):
        # The characters at both ends depend on the neighbours: they are left off.
        encoded = base64.b64encode(b"\0" * offset + data).rstrip(b"=")
        found[f"{name}, base64 at {offset}"] = encoded[(offset * 8 + 5) // 6:-1]
    return found


def forms(secret):
    """The secret itself, in both encodings that the protocols use."""
    return {**written("raw", secret.encode()), **written("UTF-16LE", secret.encode("utf-16-le"))}


def account_forms(user, password):
    """Also what stands for the password: its NT hash, and the token of Basic."""
    nt_hash = {name: pattern for name, pattern in written("NT hash", md4(password.encode("utf-16-le"))).items()}
    return {**forms(password), **nt_hash, "Basic": base64.b64encode(f"{user}:{password}".encode()).rstrip(b"=")[:-1]}


def passphrase_forms(passphrase):
    """PKCS#12 makes keys of it in UTF-16 with the high byte first."""
    return {**forms(passphrase), **written("UTF-16BE", passphrase.encode("utf-16-be"))}


def keys_of_keytab(path):
    """{"Kerberos key 18": key} of MIT's format: what a KDC takes in the password's place."""
    data, at, found = Path(path).read_bytes(), 2, {}
    while at + 4 <= len(data):
        size = int.from_bytes(data[at:at + 4], "big", signed=True)
        at += 4
        if size > 0:  # A negative one is a hole.
            entry, place = data[at:at + size], 2
            for _ in range(int.from_bytes(entry[:2], "big") + 1):  # The realm and the name's components.
                place += 2 + int.from_bytes(entry[place:place + 2], "big")
            kind, length = (int.from_bytes(entry[place + n:place + n + 2], "big") for n in (9, 11))  # After name type, time and version.
            found[f"Kerberos key {kind}"] = entry[place + 13:place + 13 + length]
        at += abs(size)
    return found


def hits_in(wanted, data):
    """Hex is looked for in both cases."""
    lower = None
    for form, pattern in wanted.items():
        if pattern in data:
            yield form
        elif form.endswith("hex"):
            lower = data.lower() if lower is None else lower
            if pattern in lower:
                yield form


def search(wanted, named_bytes):
    """["where: form"] for each place that holds the secret."""
    return [f"{where}: {form}" for where, data in named_bytes for form in hits_in(wanted, data)]


def processes(pids):
    for pid in pids:
        for name in ("cmdline", "environ"):
            try:
                yield f"/proc/{pid}/{name}", Path(f"/proc/{pid}/{name}").read_bytes()
            except OSError:
                continue


def files(folder):
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file():
            yield str(path), path.read_bytes()


def touched(pages, begin, end):
    """The runs of pages that hold something: present or swapped, as /proc/PID/pagemap says. Of a stack that is a small part."""
    kept, start = array("Q", os.pread(pages.fileno(), (end - begin) // PAGE * 8, begin // PAGE * 8)), None
    for number, entry in enumerate(kept):
        held = entry >> 62 != 0
        if held and start is None:
            start = number
        elif not held and start is not None:
            yield begin + start * PAGE, begin + number * PAGE
            start = None
    if start is not None:
        yield begin + start * PAGE, begin + len(kept) * PAGE


def memory(pid):
    """("heap" or another mapping's name, bytes): what a core dump of the process would hold. Needs root, for processes that hide it."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as image, \
            open(f"/proc/{pid}/pagemap", "rb", buffering=0) as pages:
        for line in maps:
            fields = line.split()
            begin, end = (int(part, 16) for part in fields[0].split("-"))
            name = fields[5] if len(fields) > 5 else "anonymous"
            if "r" not in fields[1] or name in ("[vvar]", "[vsyscall]", "[vdso]"):
                continue
            if "w" not in fields[1] and name.startswith("/"):
                continue  # A file as it is: nothing was written there.
            for first, last in touched(pages, begin, end):
                data = b""
                for at in range(first, last, BLOCK):
                    try:
                        data += os.pread(image.fileno(), min(BLOCK, last - at), at)
                    except OSError:
                        break
                yield f"{name} {first:x}", data


def in_memory(wanted, pid):
    """{form: number of copies} in the whole memory of a living process."""
    counts = {}
    for _, data in memory(pid):
        for form in hits_in(wanted, data):
            pattern = wanted[form]
            counts[form] = counts.get(form, 0) + (data.count(pattern) or data.lower().count(pattern))
    return counts
