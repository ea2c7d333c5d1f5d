#!/bin/sh
# Installs the Debian packages that `make run` or `make test` needs and that are missing, where that
# is permitted (as root, or with sudo that asks no password); else prints the one line to type.
# Never fails: Songloom starts without them and says in the app what is missing.
set -u

have_soundfont() {
    for folder in /usr/share/sounds/sf2 /usr/share/sounds/sf3 /usr/share/soundfonts /usr/local/share/soundfonts; do
        for file in "$folder"/*.sf2 "$folder"/*.sf3; do
            [ -e "$file" ] && return 0
        done
    done
    return 1
}

have_postgres() {
    command -v initdb >/dev/null 2>&1 && return 0
    for file in /usr/lib/postgresql/*/bin/initdb; do
        [ -x "$file" ] && return 0
    done
    return 1
}

packages=""
command -v fluidsynth >/dev/null 2>&1 || packages="$packages fluidsynth"
have_soundfont || packages="$packages fluid-soundfont-gm"
command -v fpcalc >/dev/null 2>&1 || packages="$packages libchromaprint-tools"
if [ "${1:-run}" = test ]; then
    command -v chromium >/dev/null 2>&1 || packages="$packages chromium"
    command -v node >/dev/null 2>&1 || packages="$packages nodejs"
    have_postgres || packages="$packages postgresql"
fi
packages="${packages# }"
[ -z "$packages" ] && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "Missing: $packages. Install them with your system's package manager (macOS: brew install fluid-synth)."
    exit 0
fi
if [ "$(id -u)" -eq 0 ]; then
    as_root="env"
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n env"
else
    echo "Missing: $packages. Please type: sudo apt-get install $packages"
    exit 0
fi

echo "Installing $packages ..."
log=$(mktemp)
# shellcheck disable=SC2086  # lists of words on purpose
if { $as_root apt-get update -qq && $as_root DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages; } \
    >"$log" 2>&1 </dev/null; then
    rm -f "$log"
else
    tail -n 3 "$log"
    echo "Could not install $packages. Please type: sudo apt-get install $packages"
fi
exit 0
