#!/bin/sh
set -eu
# <pdd-keep>
	trap x EXIT  

# </pdd-keep>

fill() {
  echo "filling $1"
}

grind() {
  echo "grind"
}

fill beans
grind
