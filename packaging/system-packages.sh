#!/bin/sh
# Installs the system packages that are missing: with apt, as root or by a sudo that asks nothing. Otherwise names them.
# Usage: system-packages.sh run|test VENV [PYTHON]. Says nothing when nothing is missing.
set -eu

purpose=$1
venv=$2
[ -x "$venv/bin/python" ] || python=$(sh "$(dirname "$0")/find-python.sh" "${3:-}")
PATH="$PATH:/usr/sbin:/sbin"

# What PySide6's wheels load from the system: library=Debian package.
window_libraries='
    libdbus-1.so.3=libdbus-1-3 libEGL.so.1=libegl1 libfontconfig.so.1=libfontconfig1 libfreetype.so.6=libfreetype6
    libGL.so.1=libgl1 libglib-2.0.so.0=libglib2.0-0 libX11.so.6=libx11-6 libX11-xcb.so.1=libx11-xcb1
    libxcb-cursor.so.0=libxcb-cursor0 libxcb-icccm.so.4=libxcb-icccm4 libxcb-image.so.0=libxcb-image0
    libxcb-keysyms.so.1=libxcb-keysyms1 libxcb-randr.so.0=libxcb-randr0 libxcb-render.so.0=libxcb-render0
    libxcb-render-util.so.0=libxcb-render-util0 libxcb-shape.so.0=libxcb-shape0 libxcb-shm.so.0=libxcb-shm0
    libxcb-sync.so.1=libxcb-sync1 libxcb-util.so.1=libxcb-util1 libxcb-xfixes.so.0=libxcb-xfixes0
    libxcb-xkb.so.1=libxcb-xkb1 libxkbcommon.so.0=libxkbcommon0 libxkbcommon-x11.so.0=libxkbcommon-x11-0'
test_commands='dbus-daemon=dbus gnome-keyring-daemon=gnome-keyring npm=npm'
# Confines MCP servers, which are off without it.
confining_commands='bwrap=bubblewrap'

has_command() { command -v "$1" >/dev/null 2>&1; }

missing_build_packages() {
    has_command c++ || has_command g++ || has_command clang++ || printf ' g++'
    [ -x "$venv/bin/python" ] || "$python" -c 'import ensurepip, venv' 2>/dev/null || printf ' %s-venv' "${python##*/}"
}

missing_window_packages() {
    has_command ldconfig || return 0
    known=$(ldconfig -p)
    for pair in $window_libraries; do
        case $known in *"	${pair%%=*} "*) ;; *) printf ' %s' "${pair#*=}" ;; esac
    done
}

missing_packages_of() {
    for pair in $1; do
        has_command "${pair%%=*}" || printf ' %s' "${pair#*=}"
    done
}

find_missing() {
    needed=$(missing_build_packages)
    useful=$(missing_window_packages)
    confining=$(! has_command ldconfig || missing_packages_of "$confining_commands") # elsewhere than on Linux there is none
    if [ "$purpose" = test ]; then
        needed="$needed$useful$confining$(missing_packages_of "$test_commands")"
        useful=
        confining=
    fi
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

install() {
    has_command apt-get || return 0
    as_root true 2>/dev/null || return 0
    echo "Installing system packages: $*" >&2
    apt_install "$@" 2>/dev/null || { as_root apt-get -q update && apt_install "$@"; } || true
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qy -o Dpkg::Use-Pty=0 install --no-install-recommends "$@"
}

how_to_install() {
    if has_command apt-get; then
        echo "    sudo apt-get update && sudo apt-get install -y$*"
    else
        echo "Install what corresponds to these Debian packages:$*"
    fi
}

find_missing
if [ -n "$needed$useful$confining" ]; then
    # shellcheck disable=SC2086 # lists of package names
    install $needed $useful $confining
    find_missing
fi

if [ -n "$useful" ]; then
    echo "The window cannot open until these system libraries are installed; until then, the chat runs in the terminal:"
    how_to_install "$useful"
fi >&2
if [ -n "$confining" ]; then
    echo "MCP servers are off until this is installed, which confines them:"
    how_to_install "$confining"
fi >&2
if [ -n "$needed" ]; then
    echo "These system packages are needed first:"
    how_to_install "$needed"
    exit 1
fi >&2
