#!/bin/sh
set -eu

fill() {
  echo "fill $1"
}

grind() {
  echo "grind"
}

fill beans
grind
