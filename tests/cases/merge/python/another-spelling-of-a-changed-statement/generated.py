import re


def pattern(start, end):
    return re.compile(
        rf"(.*?)(?:{start})"
        rf"|{end}"
        rf"(?:\+{end}|\-{end}\s*)"
    )
