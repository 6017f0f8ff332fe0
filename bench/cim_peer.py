"""cim_peer.py elementtree|xmltodict FOLDER INSTANCES: reads the answers that bench/cim.cc made, over and over, a dict for each instance, until so
many were seen. Says "instances properties nulls sum", as cim read does. No value is typed; the sum is one int() for each instance."""
import sys
from pathlib import Path

ENUMERATION = "{http://schemas.xmlsoap.org/ws/2004/09/enumeration}"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def elementtree():
    import xml.etree.ElementTree as tree

    def rows(body):
        items = tree.fromstring(body).find(f".//{ENUMERATION}Items")
        for item in items:
            cut = item.tag.index("}") + 1
            # A time stands in an element of its own.
            yield {value.tag[cut:]: value[0].text if len(value) else None if NIL in value.attrib else value.text for value in item}

    return rows


def xmltodict():
    import xmltodict as library

    def simple(value):
        if not isinstance(value, dict):
            return value
        return value.get("cim:Datetime")

    def rows(body):
        items = library.parse(body)["s:Envelope"]["s:Body"]["n:PullResponse"]["n:Items"]["p:Win32_Process"]
        for item in items:
            yield {name[2:]: simple(value) for name, value in item.items() if name[0] != "@"}

    return rows


def main(reader, folder, wanted):
    rows = {"elementtree": elementtree, "xmltodict": xmltodict}[reader]()
    answers = [(Path(folder) / f"{i}.xml").read_bytes() for i in range(len(list(Path(folder).glob("*.xml"))))]
    instances = properties = nulls = total = at = 0
    while instances < wanted:
        for row in rows(answers[at % len(answers)]):
            instances += 1
            properties += len(row)
            nulls += list(row.values()).count(None)
            total += int(row["WorkingSetSize"])
            if instances == wanted:
                break
        at += 1
    print(instances, properties, nulls, total)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
