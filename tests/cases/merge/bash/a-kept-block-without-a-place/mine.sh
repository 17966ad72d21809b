#!/bin/sh
set -eu

fill() {
  echo "fill $1"
}

grind() {
  echo "grind"
  # <pdd-keep>
  sleep 1
  # </pdd-keep>
}

fill beans
grind
