#!/bin/sh
set -eu
# <pdd-keep>
trap "echo ciao" EXIT
# </pdd-keep>

fill() {
  echo "fill $1"
}

grind() {
  echo "grind"
}

fill beans
grind
