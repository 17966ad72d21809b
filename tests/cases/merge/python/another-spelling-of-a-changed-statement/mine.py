import re


def pattern(start, end):
    return re.compile(
        fr"(.*?)(?:{start})"
        fr"|{end}\b"
        fr"(?:\+{end}|\-{end}\s*)"
    )
