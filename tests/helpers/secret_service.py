"""A real Secret Service without a screen: gnome-keyring on a D-Bus of its own."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from jeepney import DBusAddress, new_method_call  # type: ignore[import-untyped]
from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

PASSWORD = "open sesame"
START_SECONDS = 20.0

# No service folders: nothing else, such as a dialog that asks for a password, can be started through this bus.
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
_BUS_SERVICE = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")


@contextmanager
def secret_service(folder: Path, *, locked: bool = False) -> Iterator[dict[str, str]]:
    """Yield the environment variables that lead to a keyring kept in the folder.

    The variable KEYRING_PID, for the tests only, is the daemon's process id. With `locked`, the folder must have been
    used before; its keyring is there, but nobody has opened it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with private_bus(folder) as address:
        environment = _environment(folder, address)
        with _daemon(environment, locked=locked) as daemon:
            yield {"DBUS_SESSION_BUS_ADDRESS": address, "KEYRING_PID": str(daemon.pid)}


@contextmanager
def private_bus(folder: Path) -> Iterator[str]:
    """Yield the address of a D-Bus session bus on which nothing is running."""
    configuration = folder / "bus.conf"
    configuration.write_text(_BUS)
    command = ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--nopidfile", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as bus:
        assert bus.stdout is not None
        try:
            yield bus.stdout.readline().strip()
        finally:
            bus.terminate()


def _environment(folder: Path, address: str) -> dict[str, str]:
    places = {"HOME": folder, "XDG_DATA_HOME": folder / "data", "XDG_CONFIG_HOME": folder / "config"}
    own = {"DBUS_SESSION_BUS_ADDRESS": address, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    return own | {name: str(place) for name, place in places.items()} | {"XDG_RUNTIME_DIR": str(folder)}


@contextmanager
def _daemon(environment: dict[str, str], *, locked: bool) -> Iterator["subprocess.Popen[str]"]:
    control = ["--control-directory", f"{environment['HOME']}/control"]
    command = ["gnome-keyring-daemon", "--foreground", "--components=secrets", *control]
    command += [] if locked else ["--unlock"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as daemon:  # type: ignore[call-overload]
        try:
            assert daemon.stdin is not None
            daemon.stdin.write(PASSWORD)
            daemon.stdin.close()
            _wait_for_service(environment["DBUS_SESSION_BUS_ADDRESS"])
            yield daemon
        finally:
            daemon.kill()


def _wait_for_service(address: str) -> None:
    question = new_method_call(_BUS_SERVICE, "NameHasOwner", "s", ("org.freedesktop.secrets",))
    deadline = time.monotonic() + START_SECONDS
    with closing(open_dbus_connection(address)) as connection:
        while not connection.send_and_get_reply(question).body[0]:
            if time.monotonic() > deadline:
                raise TimeoutError("gnome-keyring-daemon did not start")
            time.sleep(0.02)
