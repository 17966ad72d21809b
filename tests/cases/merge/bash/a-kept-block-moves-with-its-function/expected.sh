#!/bin/sh
set -eu

grind() {
  echo "grind"
}

fill() {
  # <pdd-keep>
  test -n "$1"
  # </pdd-keep>
  echo "fill $1"
}

fill beans
grind
