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

# Tells people.
show() {
    printf '%s of %s\n' "$width" "at most $limit"
}

show
