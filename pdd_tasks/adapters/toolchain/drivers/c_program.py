"""Builds an example, or the tests, of one unit of C or C++.

``c_program.py run|test OUT FOLDERS FILE... -- COMPILER [FLAG...]``

What is compiled with the given files are the sources whose headers they include,
looked for in the folders, which a colon separates. A test is a function ``test_*``
without parameters that returns nothing: each runs in a process of its own, and fails
if that ends badly. The program writes TAP into the file that its argument names; of
what a test prints it keeps the beginning and the end.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final


SOURCES: Final = (".c", ".cpp", ".cc", ".cxx")
_PROSE: Final = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL
)
_TEST: Final = re.compile(
    r"^[ \t]*(?:static\s+)?void\s+(test_\w+)\s*\(\s*(?:void)?\s*\)\s*\{", re.MULTILINE
)
_INCLUDE: Final = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', re.MULTILINE)
_NO_TESTS: Final = (
    "no function `void test_*(void)` is in the tests;"
    " those of other frameworks are not run\n"
)
_DRIVER: Final = r"""
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct pdd_test {
    const char *name, *file;
    void (*call)(void);
};

static const struct pdd_test pdd_tests[] = {
@TESTS@    {NULL, NULL, NULL},
};

enum { PDD_HALF = 65536 }; /* bytes kept of the beginning, and of the end */

static char pdd_head[PDD_HALF + 1], pdd_tail[2 * PDD_HALF + 1];
static long pdd_size, pdd_begun, pdd_ended; /* printed, and kept of it */

static void pdd_keep(const char *said, long size)
{
    long room = PDD_HALF - pdd_begun, first = size < room ? size : room;
    memcpy(pdd_head + pdd_begun, said, first);
    pdd_begun += first;
    pdd_size += size;
    said += first;
    size -= first;
    if (pdd_ended + size > 2 * PDD_HALF) {
        memmove(pdd_tail, pdd_tail + pdd_ended - PDD_HALF, PDD_HALF);
        pdd_ended = PDD_HALF;
    }
    memcpy(pdd_tail + pdd_ended, said, size);
    pdd_ended += size;
}

/* Reads what a test prints until it has ended; returns how it did. */
static int pdd_wait(pid_t child, int said)
{
    static char chunk[PDD_HALF];
    struct pollfd pipe = {said, POLLIN, 0};
    int status = 0, ended = 0, late = 0;
    pdd_size = pdd_begun = pdd_ended = 0;
    while (late < 16) { /* a process that it left behind may print on */
        ended = ended || waitpid(child, &status, WNOHANG) == child;
        late += ended;
        if (poll(&pipe, 1, ended ? 0 : 20) <= 0) {
            if (ended)
                break;
            continue;
        }
        ssize_t size = read(said, chunk, sizeof chunk);
        if (size <= 0)
            break;
        pdd_keep(chunk, size);
    }
    if (!ended)
        waitpid(child, &status, 0);
    pdd_head[pdd_begun] = pdd_tail[pdd_ended] = 0;
    return status;
}

/* Prints lines, the first or the last of them; returns what is behind those. */
static const char *pdd_lines(FILE *out, const char *text, int most, int last)
{
    int lines = 0, skipped = 0;
    for (const char *at = text; *at; at++)
        lines += *at == '\n';
    skipped = last && lines > most ? lines - most : 0;
    for (int line = 0; *text && line < skipped + most; line++) {
        int size = (int)strcspn(text, "\n");
        if (line >= skipped)
            fprintf(out, "    %.*s\n", size < 2000 ? size : 2000, text);
        text += size + (text[size] == '\n');
    }
    return text;
}

static void pdd_tell(FILE *out, const char *file, int status)
{
    int asserted = strstr(pdd_head, "Assertion ") || strstr(pdd_tail, "Assertion ");
    fprintf(out, "  ---\n  location: '%s'\n", file);
    if (asserted)
        fprintf(out, "  name: AssertionError\n");
    fprintf(out, "  message: |-\n");
    const char *rest = pdd_lines(out, pdd_head, 100, 0);
    if (pdd_ended) {
        fprintf(out, "    [... of %ld bytes the middle is left out ...]\n", pdd_size);
        rest = pdd_tail;
    }
    pdd_lines(out, rest, 100, 1);
    if (WIFSIGNALED(status))
        fprintf(out, "    ended by signal %d\n", WTERMSIG(status));
    else
        fprintf(out, "    ended with exit code %d\n", WEXITSTATUS(status));
    fprintf(out, "  ...\n");
}

int main(int count, char **words)
{
    int number = 0, failed = 0;
    FILE *out = count > 1 ? fopen(words[1], "w") : stdout;
    int *done = (int *)mmap(NULL, sizeof *done, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!out || done == MAP_FAILED)
        return 2;
    for (const struct pdd_test *test = pdd_tests; test->name; test++) {
        int status = 0, said[2];
        if (pipe(said))
            return 2;
        fflush(NULL);
        *done = 0;
        pid_t child = fork();
        if (child < 0)
            return 2;
        if (child == 0) {
            dup2(said[1], 1);
            dup2(said[1], 2);
            close(said[0]);
            close(said[1]);
            test->call();
            *done = 1; /* else the code under test ended the program */
            exit(0);
        }
        close(said[1]);
        status = pdd_wait(child, said[0]);
        int skipped = WIFEXITED(status) && WEXITSTATUS(status) == 77;
        int bad = !skipped && (status != 0 || !*done);
        fprintf(out, "%sok %d - %s%s\n", bad ? "not " : "", ++number, test->name,
                skipped ? " # SKIP" : "");
        if (bad)
            pdd_tell(out, test->file, status);
        failed |= bad;
        close(said[0]);
    }
    fprintf(out, "1..%d\n", number);
    fclose(out);
    return failed;
}
"""


def test_functions(text: str) -> tuple[str, ...]:
    """Return the names of the tests in a file, in its order."""
    return tuple(dict.fromkeys(_TEST.findall(_code(text))))


def driver(tests: Sequence[Path]) -> str:
    """Return the program that runs the tests of some files."""
    head = "".join(f'#include "{path}"\n' for path in tests)
    rows = (
        f'    {{"{name}", "{path}", {name}}},\n'
        for path in tests
        for name in test_functions(path.read_text("utf-8", errors="replace"))
    )
    return head + _DRIVER.replace("@TESTS@", "".join(rows))


def sources(files: Sequence[Path], folders: Sequence[Path]) -> list[Path]:
    """Return the sources that some files need, by the headers they include."""
    found: dict[Path, None] = {}
    waiting, seen = list(files), set[Path]()
    while waiting:
        path = waiting.pop(0)
        if path in seen or not path.is_file():
            continue
        seen.add(path)
        if path.suffix in SOURCES:
            found[path] = None
        for header in _included(path, folders):
            waiting += [header, *_beside(header)]
    return list(found)


def _included(path: Path, folders: Sequence[Path]) -> Iterator[Path]:
    for name in _INCLUDE.findall(path.read_text("utf-8", errors="replace")):
        places = (Path(os.path.normpath(at / name)) for at in (path.parent, *folders))
        yield from [place for place in places if place.is_file()][:1]


def _beside(header: Path) -> Iterator[Path]:
    """Yield the sources of a header; one that is C's has none of C++ beside those."""
    is_plain = header.suffix == ".h"
    for ending in SOURCES if is_plain else SOURCES[1:]:
        source = header.with_suffix(ending)
        if source != header and source.is_file():
            yield source
            if is_plain and ending == ".c":
                return


def _code(text: str) -> str:
    """Return a text without comments and strings."""
    return _PROSE.sub(" ", text)


def main(words: Sequence[str]) -> int:
    """Build.

    Args:
        words: The arguments, as above.

    Returns:
        The exit code of the compiler.
    """
    cut = list(words).index("--")
    kind, out, folders, *names = words[:cut]
    compiler, flags = words[cut + 1], list(words[cut + 2 :])
    places = [Path(os.path.relpath(folder)) for folder in folders.split(":")]
    files = [Path(os.path.normpath(name)) for name in names]
    needed = sources(files, places)
    if kind == "test":
        tests = [path for path in files if test_functions(_read(path))]
        if not tests:
            sys.stderr.write(_NO_TESTS)
            return 2
        ending = tests[0].suffix
        program = Path(f"{out}{ending}")
        program.write_text(driver(tests), encoding="utf-8")
        needed = [program, *(path for path in needed if path not in tests)]
    included = [f"-I{place}" for place in places]
    named = "-fmacro-prefix-map=./="  # a place reads the same in every message
    built = [*flags, named, *included, *map(str, needed), "-o", out, "-lm"]
    return subprocess.run([compiler, *built], check=False).returncode


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
