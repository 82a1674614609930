#!/bin/sh
# Builds the model engine where the compiler needs a flag for it, and prints the folder of the wheel; else prints nothing.
# GCC before 15 takes the stores of an AMX tile configuration for dead and drops them: llama.cpp's repacked weights then
# crash on every processor with AMX. pip's own cache does not know the flags of a build, so the wheel has a folder of its own.
# Usage: engine-wheel.sh PYTHON REQUIREMENT
set -eu

python=$1
requirement=$2
repair='-fno-dse -fno-tree-dse'

macros() {
    ${CXX:-c++} -dM -E -x c++ /dev/null 2>/dev/null || true
}

needs_repair() {
    macros | awk '$2 == "__clang__" { other = 1 } $2 == "__x86_64__" { here = 1 } $2 == "__GNUC__" { gcc = $3 }
                  END { exit !(here && !other && gcc && gcc < 15) }'
}

needs_repair || exit 0
compiled=$( (macros; echo "$requirement $repair ${CMAKE_ARGS:-} ${CXXFLAGS:-}"; uname -m) | cksum | tr ' ' '-')
cache=${XDG_CACHE_HOME:-$HOME/.cache}/desktop-agent
wheels=$cache/engine-$compiled
if [ ! -d "$wheels" ]; then
    mkdir -p "$cache"
    building=$(mktemp -d "$cache/building.XXXXXX")
    trap 'rm -rf "$building"' EXIT
    CXXFLAGS="$repair ${CXXFLAGS:-}" "$python" -m pip --disable-pip-version-check --no-input \
        wheel --quiet --no-deps --no-cache-dir --no-binary llama-cpp-python --wheel-dir "$building" "$requirement" >&2
    mv -T "$building" "$wheels" 2>/dev/null || [ -d "$wheels" ]
fi
echo "$wheels"
