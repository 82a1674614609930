#!/bin/sh
# Prints the Python to use: the one asked for, or the first that fits. Usage: find-python.sh [PYTHON]
set -eu

for candidate in ${1:-python3 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1; then
        echo "$candidate"
        exit
    fi
done
echo "Desktop Agent needs Python 3.11, 3.12 or 3.13${1:+, and $1 is none of them}." >&2
echo "Install one, or name it: make run PYTHON=/path/to/python3.12" >&2
exit 1
