#!/bin/sh
set -eu

fill() {
  echo "fill $1"
}

fill beans
