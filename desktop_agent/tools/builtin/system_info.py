"""What computer this is, without names of people or paths."""

import os
import platform
import shutil
from pathlib import Path

from desktop_agent.tools.shown import size
from desktop_agent.tools.tool import tool


@tool(
    "none",
    group="computer",
    title="Look at this computer",
    icon="computer",
    words="computer system memory ram disk cpu processor battery 电脑 系统 内存 硬盘 处理器 电池",
)
def system_info() -> str:
    """Get this computer's system, processor, memory, disk and battery."""
    import psutil

    memory, disk = psutil.virtual_memory(), shutil.disk_usage(Path.home())
    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    lines = [
        f"System: {_system()}",
        f"Processor: {_processor()}, {psutil.cpu_count(logical=False) or '?'} cores, {os.cpu_count()} threads",
        f"Memory: {size(memory.available)} of {size(memory.total)} free",
        f"Disk: {size(disk.free)} of {size(disk.total)} free",
    ]
    if battery:
        lines.append(f"Battery: {battery.percent:.0f} %, {'charging' if battery.power_plugged else 'not plugged in'}")
    return "\n".join(lines)


def _system() -> str:
    """Return the name and version of the operating system."""
    if platform.system() != "Linux":
        version = platform.mac_ver()[0] if platform.system() == "Darwin" else platform.version()
        return f"{'macOS' if platform.system() == 'Darwin' else platform.system()} {version}"
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        name = "Linux"
    return f"{name}, kernel {platform.release()}"


def _processor() -> str:
    """Return the model of the processor, else its kind."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, "") or platform.processor() or platform.machine()
