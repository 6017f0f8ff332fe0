"""Signals as a terminal's user has them."""
import signal


def as_on_a_terminal():
    """Whoever started this may ignore them (nohup, a shell's background job), and what the tests start would do so too."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
