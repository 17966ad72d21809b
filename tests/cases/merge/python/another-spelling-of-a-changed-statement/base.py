import re


def pattern(start, end):
    return re.compile(
        fr"(.*?)(?:{start})"
        fr"|{end}"
        fr"(?:\+{end}|\-{end}\s*)"
    )
