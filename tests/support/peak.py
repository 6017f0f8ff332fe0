"""Runs a command and tells the most memory it had: peak.py DESCRIPTOR COMMAND…

A process of its own, and a small one: the kernel counts what a child had before it became the command.
"""
import os
import signal
import sys


def main():
    told = int(sys.argv[1])
    child = os.fork()
    if child == 0:
        os.close(told)
        os.execv(sys.argv[2], sys.argv[2:])
    _, status, usage = os.wait4(child, 0)
    os.write(told, b"%d" % usage.ru_maxrss)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:  # As it died, so do we.
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


main()
