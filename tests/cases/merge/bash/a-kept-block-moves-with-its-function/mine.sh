#!/bin/sh
set -eu

fill() {
  # <pdd-keep>
  test -n "$1"
  # </pdd-keep>
  echo "fill $1"
}

grind() {
  echo "grind"
}

fill beans
grind
