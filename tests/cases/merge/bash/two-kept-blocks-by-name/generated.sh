#!/bin/sh
set -eu
# <pdd-keep id=a>
A=9
# </pdd-keep>
# <pdd-keep id=b>
B=1
# </pdd-keep>

fill() {
  echo "fill $1"
}

grind() {
  echo "grinding"
}

fill beans
grind
