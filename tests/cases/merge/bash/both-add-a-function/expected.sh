#!/bin/bash
set -eu

limit=10

area() {
    local size=$(( $1 * $2 ))
    echo "$size"
}

# Twice as wide.
grow() {
    width=$(( width * 2 ))
}

show() {
    printf '%s of %s\n' "$width" "$limit"
}

hide() {
    width=0
}

is_empty() {
    [ "$width" -eq 0 ]
}

show
