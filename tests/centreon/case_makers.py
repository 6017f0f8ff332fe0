"""What the tables of cases are made of, and the reasons why ours is to differ."""
import dataclasses

from tests.centreon.oracle import CONNECTION, NOW, Case, Run
from tests.centreon.played import later

# Reasons. Each is a difference that people who come from Centreon are told about.
EMPTY = "an answer without instances says OK; ours is UNKNOWN, since a user without rights gets the same"
PULL = "a fault on a Pull ends the loop in silence, and a part is taken for the whole; ours is UNKNOWN"
PERL = "Perl's own text, with its file and line; ours says what is wrong in its own words"
NULL = "a null is counted as 0 or as an empty text; ours says that the host gave no value"
WENT_DOWN = "a counter that went down counts from 0; ours knows a wrap by the counter's width and a restart by the boot time"
FAULT = "the words are the host's own, or the binding's; ours also tells the step, the code and what to do"
NEGATIVE = "a usage under 0 or over 100; ours keeps to 0..100"
NO_TYPE = "the host's language decides what matches, and two of the types that are offered exist nowhere"
ZONE = "the host's UTC is read as the local time of the zone; ours converts it"
NEVER_COMPARED = "an option that is accepted and has no effect"
HASH_ORDER = "the order is that of a Perl hash, another one in each run"
LATIN = "letters that are not ASCII come out as Latin-1, or encoded twice; ours writes UTF-8"
BYTES_AS_LATIN = "UTF-8 is encoded once more; ours writes it as it is"
SHELL_TEXT = "the localised text of a command is parsed"
SHARED_STATE = "the state file's name has no host: two hosts overwrite each other's"
WHOLE_SECOND = "a time without a fraction of a second is refused; ours reads it"
ESCAPES = "quotes in a name break the query; ours escapes them"
DEFAULT_WARNING = "the documented default, a warning while a restart is pending, is never applied"
NO_NUMBER = "a time frame that is no number counts as 0; ours refuses it"
NO_FOLDER = "what is no folder is asked for all the same; ours refuses it"
NAME_REGEX = "the name of an option is matched as a regular expression; ours has names only"
HELP = "texts of Centreon's own"
STAND_IN = "the stand-in of openwsman lets anybody in; no service of Windows does, and ours says so"
NO_SERVICE = "no service of Windows takes this method; ours refuses it"
RUNS_PERL = "an expression of Perl is run; ours runs none"
NO_TIMEOUT = "a time that is no number is none; ours refuses it"
NAME_AGAIN = "the long name of a counter is known with --use-new-perfdata alone; ours knows it always"
STATE_FILE = "the words name a file that ours does not have; ours says what is wrong with the folder"


def one(mode, name, *argv, on=("server2022",), now=NOW, **rest):
    """One run. `on` are the host files."""
    on = (on,) if isinstance(on, str) else tuple(on)
    return Case(f"{mode or 'none'}-{name}", mode, argv, (Run(on, now),), **rest)


def some(mode, name, *argv, on, seconds=60, **rest):
    """A run for each of `on`, one after the other, with one state directory."""
    runs = tuple(Run((files,) if isinstance(files, str) else tuple(files), later(NOW, at * seconds)) for at, files in enumerate(on))
    return Case(f"{mode or 'none'}-{name}", mode, argv, runs, **rest)


def outputs(mode, *argv, name="", maker=one, **rest):
    """One question in all the forms of output."""
    forms = {
        "json": ("--output-json", "--verbose"), "xml": ("--output-xml", "--verbose"), "openmetrics": ("--output-openmetrics",),
        "ignore-perfdata": ("--output-ignore-perfdata", "--verbose"), "ignore-label": ("--output-ignore-label",), "debug": ("--debug",),
        "filter-perfdata": ("--filter-perfdata=percentage|count",), "filter-perfdata-none": ("--filter-perfdata=^nothing$",),
        "filter-uom": ("--filter-uom=^%$",), "range-1": ("--range-perfdata=1",), "range-2": ("--range-perfdata=2",), "new-perfdata": ("--use-new-perfdata",),
        "explode": ("--explode-perfdata-max",), "float-precision": ("--float-precision=1",),
    }
    return [maker(mode, f"{name}{form}", *argv, *words, **rest) for form, words in forms.items()]


def marked(cases, differs, *ids):
    """The same cases; those of these ids carry a reason."""
    return [dataclasses.replace(case, differs=differs) if case.id in ids else case for case in cases]


def faults_of(mode, *argv, **rest):
    """What can go wrong with the first question of a mode that enumerates."""
    text = "The WS-Management service cannot process the request. Access is denied. "
    return [
        one(mode, "fault", *argv, faults=({"step": "enumerate", "code": "5", "text": "Access is denied. "},), differs=FAULT, **rest),
        one(mode, "fault-exit", *argv, "--wsman-errors-exit=critical", faults=({"step": "enumerate", "code": "0x80041003", "text": text},), differs=FAULT, **rest),
        one(mode, "no-answer", *argv, faults=({"step": "connect", "do": "drop"},), differs=FAULT, **rest),
        one(mode, "no-class", *argv, on="nothing", differs=FAULT, **rest),
    ]


__all__ = [name for name in globals() if not name.startswith("_")]
assert CONNECTION
