"""Leaks that are planted in a service: each check of what is left must catch its own."""
import os
import subprocess
from contextlib import contextmanager

from tests.soak.left import ENUMERATE, Left
from tests.soak.managed import WORKERS, Managed
from tests.support import soap
from tests.support.service import ADMIN, DEADLINE, wait_until

SOON = 1  # Seconds: what is planted does not go by itself.


@contextmanager
def a_process(service):
    """One that came of a shell, and that the service knows nothing of any more."""
    child = subprocess.Popen(["sleep", "600"], env={**os.environ, service.mark.name: service.mark.value}, start_new_session=True)
    try:
        wait_until(service.mark.processes, "the planted process")
        yield
    finally:
        child.kill()
        child.wait()


@contextmanager
def a_command(service):
    """Below the service, without the mark."""
    with a_shell(service) as shell, service.connect(WORKERS[0]) as winrm:
        winrm.command(shell, "sleep 600")
        yield


@contextmanager
def a_control_group(service):
    left = Left(service).groups_folder / "LEFT"
    left.mkdir()
    try:
        yield
    finally:
        left.rmdir()


@contextmanager
def a_shell(service, account=WORKERS[0]):
    with service.connect(account) as winrm:
        shell = winrm.create()
    try:
        yield shell
    finally:
        with service.connect(account) as winrm:
            winrm.well(soap.delete(shell))


@contextmanager
def a_user(service):
    """Whose quotas are looked at by nobody else."""
    with a_shell(service, ADMIN):
        yield


@contextmanager
def a_connection(service):
    with service.connect(WORKERS[0]):
        yield


@contextmanager
def a_file(service):
    service.write("policy.d/left.yml", "")
    try:
        yield
    finally:
        os.unlink(service.state / "policy.d/left.yml")


@contextmanager
def an_operation(service):
    """One that does not go by itself within the check: it is waited for an hour."""
    service.put("service", {"EnumerationTimeoutms": "3600000"})
    with service.connect(WORKERS[0]) as winrm:
        context = soap.value_of(winrm.well(ENUMERATE), "EnumerationContext")
    yield
    with service.connect(WORKERS[0]) as winrm:
        winrm.well(soap.envelope(soap.ENUMERATION + "Release", soap.SHELL, f"<n:Release><n:EnumerationContext>{context}</n:EnumerationContext></n:Release>"))


# What is planted, the check that must see it, and a word of what that says.
PLANTED = ((a_process, Left.processes, "by their mark"), (a_command, Left.processes, "below the service"), (a_control_group, Left.groups, "LEFT"),
           (a_shell, Left.shells, f"shells of {WORKERS[0][0]}"), (a_connection, Left.descriptors, "descriptors of mullion-service"),
           (a_file, Left.state, "left.yml"), (a_shell, Left.units, f"MaxShellsPerUser, as {WORKERS[0][0]}"),
           (a_user, Left.units, "MaxConcurrentUsers does not let"), (an_operation, Left.units, f"MaxConcurrentOperationsPerUser, as {WORKERS[0][0]}"),
           (a_connection, Left.units, "MaxConnections is"))


def nothing(service):
    """Two whose clients are gone."""
    for account in WORKERS[:2]:
        with service.connect(account) as winrm:
            shell = soap.shell_of(winrm.well(service.create()))
            winrm.well(soap.command(shell, "sleep 600 & sleep 600"))


def told(right, good, bad, name, found):
    print(f"{good if right else bad}: {name} {[line[:300] for line in found]}")
    return not right


def missed():
    """How many of them no check saw."""
    with Managed() as service:
        with service.connect() as winrm:
            winrm.run("true")
        left, count = Left(service, SOON), 0
        for plant, check, said in PLANTED:
            name = f"{plant.__name__.replace('_', ' ')} ({check.__name__})"
            if plant is a_control_group and left.groups_folder is None:
                print(f"left out: {name}: there are no control groups here")
                continue
            with plant(service):
                found = check(left)
            count += told(any(said in line for line in found), "caught", "MISSED", name, found)
            if check is Left.units:  # One that fails leaves shells of its own.
                Left(service).shells_end_by_themselves()
        nothing(service)
        left.seconds = DEADLINE
        found = left.all()
        return count + told(not found, "passed", "MISSED", "a service that left nothing", found)
