"""Runs a program to which the kernel's keyrings are forbidden, as containers forbid them: no_keyrings.py PROGRAM [WORD…]"""
import ctypes
import os
import struct
import sys

KEYRING_CALLS = {"x86_64": (248, 249, 250), "aarch64": (217, 218, 219)}  # add_key, request_key, keyctl
LOAD_NUMBER, IS_EQUAL, RETURN = 0x20, 0x15, 0x06  # Of <linux/bpf_common.h>.
ALLOW, FAIL = 0x7FFF0000, 0x00050000  # Of <linux/seccomp.h>; an errno goes with the second.
EPERM = 1
SET_SECCOMP, FILTER, NO_NEW_PRIVILEGES = 22, 2, 38  # Of <linux/prctl.h>.


def possible():
    return os.uname().machine in KEYRING_CALLS


def forbid():
    calls = KEYRING_CALLS[os.uname().machine]
    steps = [(LOAD_NUMBER, 0, 0, 0)]
    steps += [(IS_EQUAL, len(calls) - at, 0, call) for at, call in enumerate(calls)]
    steps += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, FAIL | EPERM)]
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    filter_ = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(program)))
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() != 0 and libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no new privileges")
    if libc.prctl(SET_SECCOMP, FILTER, filter_, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")


if __name__ == "__main__":
    forbid()
    os.execv(sys.argv[1], sys.argv[1:])
