#!/bin/sh
set -eu
# <pdd-keep>
trap "echo goodbye" EXIT
# </pdd-keep>

fill() {
  echo "fill $1"
}

grind() {
  echo "grinding"
}

fill beans
grind
