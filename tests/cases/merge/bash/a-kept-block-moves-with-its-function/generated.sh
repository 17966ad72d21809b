#!/bin/sh
set -eu

grind() {
  echo "grind"
}

fill() {
  echo "fill $1"
}

fill beans
grind
