#!/bin/sh
set -eu

fill() {
  echo "fill $1"
}

grind() {
  echo "grinding"
}

fill beans
grind
