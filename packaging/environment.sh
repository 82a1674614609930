#!/bin/sh
# Makes the virtual environment and installs the program into it, editable. May be run again at any time.
# Usage: environment.sh run|test VENV [PYTHON]
set -eu

purpose=$1
venv=$2
asked=${3:-}

version='import sys; print(*sys.version_info[:2], sep=".")'

make_venv() {
    found=$("$venv/bin/python" -c "import pip; $version" 2>/dev/null || true) # without pip it was left half made
    if [ -z "$found" ]; then
        python=$(sh "$(dirname "$0")/find-python.sh" "$asked")
        "$python" -m venv --clear "$venv"
    elif [ -n "$asked" ] && [ "$found" != "$("$asked" -c "$version" 2>/dev/null)" ]; then
        echo "$venv has Python $found. For $asked choose another folder: make $purpose PYTHON=$asked VENV=.venv-other" >&2
        exit 1
    fi
}

pip() {
    "$venv/bin/python" -m pip --disable-pip-version-check --no-input "$@"
}

# Ahead of the program, whose requirement it then meets.
install_engine() {
    requirement=$(sed -n 's/^ *"\(llama-cpp-python[^"]*\)",.*/\1/p' pyproject.toml)
    wheels=$(sh "$(dirname "$0")/engine-wheel.sh" "$venv/bin/python" "$requirement")
    if [ -n "$wheels" ] && [ "$wheels" != "$(cat "$venv/.engine" 2>/dev/null)" ]; then
        pip install --no-deps --force-reinstall "$wheels"/*.whl
        echo "$wheels" > "$venv/.engine"
    fi
}

make_venv
echo "Installing Desktop Agent into $venv. The first time this takes some minutes: the model engine is compiled." >&2
pip install 'pip>=25.1'
install_engine
if [ "$purpose" = test ]; then
    pip install --editable . --group dev
else
    pip install --editable .
fi
