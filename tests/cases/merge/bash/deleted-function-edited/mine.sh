#!/bin/bash
set -eu

limit=10

# Twice as wide.
grow() {
    width=$(( width * 2 ))
}

show() {
    printf '%s of %s\n' "$width" "$limit"
}

show
