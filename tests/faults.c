/* Counts, logs and refuses what a program asks of a file system: a library to preload.
 *
 * Every call that changes something below one folder is an event. Events are counted;
 * a log, if there is one, gets a line for each; and at the N-th, and with `sticky` at
 * all that follow, one of these happens instead of the call:
 *
 *   a positive number  the call fails with that errno
 *   FAULT_KILL         the process is killed before the call
 *   FAULT_TEAR         half of what is written is written, then the process is killed;
 *                      other calls are done in full before
 *   FAULT_SHORT        half of what is written is written, and the call says so
 *
 * With sticky ENOSPC, only calls that need room fail. A program that was started with
 * FAULTS_AT, FAULTS_DO, FAULTS_STICKY, FAULTS_UNDER and FAULTS_LOG is armed at once,
 * and its children are left alone; one that is running calls `faults_arm`.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FAULT_KILL = -1, FAULT_TEAR = -2, FAULT_SHORT = -3 };
enum { GROWS = 1, SHRINKS = 2 };

static _Atomic long count;
static long at, act, sticky;
static int log_fd = -1;
static char under[PATH_MAX];

void faults_arm(long n, long what, long stays, const char *folder)
{
    under[0] = 0;
    count = 0;
    at = n;
    act = what;
    sticky = stays;
    snprintf(under, sizeof under, "%s/", folder);
}

void faults_disarm(void) { under[0] = 0; }

long faults_count(void) { return count; }

static long number(const char *name)
{
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

__attribute__((constructor)) static void start(void)
{
    const char *folder = getenv("FAULTS_UNDER"), *log = getenv("FAULTS_LOG");
    if (log)
        log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (folder)
        faults_arm(number("FAULTS_AT"), number("FAULTS_DO"), number("FAULTS_STICKY"),
                   folder);
    unsetenv("LD_PRELOAD"); /* children are not meant */
}

static void absolute(char *out, int dir, const char *path)
{
    char base[PATH_MAX] = "", name[64];
    ssize_t size = 0;
    if (path[0] == '/') {
        snprintf(out, PATH_MAX, "%s", path);
        return;
    }
    if (dir == AT_FDCWD)
        snprintf(name, sizeof name, "/proc/self/cwd");
    else
        snprintf(name, sizeof name, "/proc/self/fd/%d", dir);
    size = readlink(name, base, sizeof base - 1);
    base[size < 0 ? 0 : size] = 0;
    if (path[0])
        snprintf(out, PATH_MAX, "%.2000s/%.2000s", base, path);
    else
        snprintf(out, PATH_MAX, "%s", base);
}

static int inside(const char *path)
{
    size_t size = strlen(under) - 1; /* it ends in a slash */
    return under[0] && strncmp(path, under, size) == 0 &&
           (path[size] == '/' || path[size] == 0);
}

/* Logs a call that ended so: its name, its paths, its error, and what it wrote. */
static void note(long result, const char *what, const char *first, const char *second,
                 const void *data, size_t size)
{
    size_t room = 2 * PATH_MAX + 2 * size + 128, used;
    int error = errno;
    char *line;
    if (log_fd < 0 || !(line = malloc(room)))
        return;
    used = snprintf(line, room, "%s\t%s\t%s\t%d\t", what, first, second,
                    result < 0 ? error : 0);
    for (size_t i = 0; i < size; i++)
        used += snprintf(line + used, room - used, "%02x", ((unsigned char *)data)[i]);
    line[used++] = '\n';
    syscall(SYS_write, log_fd, line, used);
    free(line);
    errno = error;
}

/* Returns 0 to go on, or what is to happen instead. */
static long event(int kind)
{
    long n = ++count;
    if (!at || n < at || (n > at && !sticky))
        return 0;
    if (sticky && act == ENOSPC && kind != GROWS)
        return 0;
    if (act == FAULT_KILL)
        kill(getpid(), SIGKILL);
    if (act > 0)
        errno = act;
    return act;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define TORN(fault) \
    if (fault == FAULT_TEAR) kill(getpid(), SIGKILL)

/* A call that names one path, or two, relative to descriptors. */
#define CALL2(what, kind, dir1, path1, dir2, path2, real) \
    do { \
        char first[PATH_MAX] = "", second[PATH_MAX] = ""; \
        long fault = 0, result, is_event = 0; \
        if (under[0]) { \
            absolute(first, dir1, path1); \
            if (dir2 != NOWHERE) absolute(second, dir2, path2); \
            is_event = inside(first) || inside(second); \
            if (is_event) fault = event(kind); \
        } \
        result = fault > 0 ? -1 : real; \
        if (is_event) note(result, what, first, second, "", 0); \
        TORN(fault); \
        return result; \
    } while (0)

enum { NOWHERE = -999 };
#define CALL(what, kind, dir, path, real) CALL2(what, kind, dir, path, NOWHERE, "", real)

static int changes(int flags)
{
    return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC));
}

#define OPEN(name, dir, path, flags, real) \
    do { \
        va_list rest; \
        mode_t mode = 0; \
        if (flags & (O_CREAT | __O_TMPFILE)) { \
            va_start(rest, flags); \
            mode = va_arg(rest, mode_t); \
            va_end(rest); \
        } \
        if (!changes(flags)) return real; \
        CALL(flags &O_CREAT ? "create" : "open", flags &O_CREAT ? GROWS : 0, dir, path, \
             real); \
    } while (0)

int open(const char *path, int flags, ...)
{
    OPEN(open, AT_FDCWD, path, flags, REAL(open)(path, flags, mode));
}

int open64(const char *path, int flags, ...)
{
    OPEN(open64, AT_FDCWD, path, flags, REAL(open64)(path, flags, mode));
}

int openat(int dir, const char *path, int flags, ...)
{
    OPEN(openat, dir, path, flags, REAL(openat)(dir, path, flags, mode));
}

int openat64(int dir, const char *path, int flags, ...)
{
    OPEN(openat64, dir, path, flags, REAL(openat64)(dir, path, flags, mode));
}

#define WRITE(what, fd, data, size, real) \
    do { \
        char path[PATH_MAX] = ""; \
        long fault = 0, is_event = 0; \
        ssize_t result; \
        if (under[0] && fd > 2 && fd != log_fd) { \
            absolute(path, fd, ""); \
            is_event = inside(path); \
            if (is_event) fault = event(GROWS); \
        } \
        if (fault < 0 && size > 1) size /= 2; \
        result = fault > 0 ? -1 : real; \
        if (is_event) note(result, what, path, "", data, result < 0 ? 0 : result); \
        TORN(fault); \
        return result; \
    } while (0)

ssize_t write(int fd, const void *data, size_t size)
{
    WRITE("write", fd, data, size, REAL(write)(fd, data, size));
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t where)
{
    WRITE("pwrite", fd, data, size, REAL(pwrite)(fd, data, size, where));
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t where)
{
    WRITE("pwrite", fd, data, size, REAL(pwrite64)(fd, data, size, where));
}

ssize_t copy_file_range(int from, off64_t *in, int fd, off64_t *out, size_t size,
                        unsigned flags)
{
    WRITE("copy", fd, "", size, REAL(copy_file_range)(from, in, fd, out, size, flags));
}

#define ON_FD(what, kind, fd, real) CALL(what, kind, fd, "", real)

int fsync(int fd) { ON_FD("fsync", 0, fd, REAL(fsync)(fd)); }

int fdatasync(int fd) { ON_FD("fsync", 0, fd, REAL(fdatasync)(fd)); }

int ftruncate(int fd, off_t size)
{
    ON_FD("truncate", 0, fd, REAL(ftruncate)(fd, size));
}

int ftruncate64(int fd, off64_t size)
{
    ON_FD("truncate", 0, fd, REAL(ftruncate64)(fd, size));
}

int fchmod(int fd, mode_t mode) { ON_FD("chmod", 0, fd, REAL(fchmod)(fd, mode)); }

int chmod(const char *path, mode_t mode)
{
    CALL("chmod", 0, AT_FDCWD, path, REAL(chmod)(path, mode));
}

int fchmodat(int dir, const char *path, mode_t mode, int flags)
{
    CALL("chmod", 0, dir, path, REAL(fchmodat)(dir, path, mode, flags));
}

int mkdir(const char *path, mode_t mode)
{
    CALL("mkdir", GROWS, AT_FDCWD, path, REAL(mkdir)(path, mode));
}

int mkdirat(int dir, const char *path, mode_t mode)
{
    CALL("mkdir", GROWS, dir, path, REAL(mkdirat)(dir, path, mode));
}

int rmdir(const char *path)
{
    CALL("rmdir", SHRINKS, AT_FDCWD, path, REAL(rmdir)(path));
}

int unlink(const char *path)
{
    CALL("unlink", SHRINKS, AT_FDCWD, path, REAL(unlink)(path));
}

int unlinkat(int dir, const char *path, int flags)
{
    CALL(flags &AT_REMOVEDIR ? "rmdir" : "unlink", SHRINKS, dir, path,
         REAL(unlinkat)(dir, path, flags));
}

int link(const char *from, const char *to)
{
    CALL2("link", GROWS, AT_FDCWD, from, AT_FDCWD, to, REAL(link)(from, to));
}

int linkat(int from_dir, const char *from, int dir, const char *to, int flags)
{
    CALL2("link", GROWS, from_dir, from, dir, to,
         REAL(linkat)(from_dir, from, dir, to, flags));
}

int symlink(const char *from, const char *to)
{
    CALL("symlink", GROWS, AT_FDCWD, to, REAL(symlink)(from, to));
}

int symlinkat(const char *from, int dir, const char *to)
{
    CALL("symlink", GROWS, dir, to, REAL(symlinkat)(from, dir, to));
}

int rename(const char *from, const char *to)
{
    CALL2("rename", 0, AT_FDCWD, from, AT_FDCWD, to, REAL(rename)(from, to));
}

int renameat(int from_dir, const char *from, int dir, const char *to)
{
    CALL2("rename", 0, from_dir, from, dir, to, REAL(renameat)(from_dir, from, dir, to));
}

int renameat2(int from_dir, const char *from, int dir, const char *to, unsigned flags)
{
    CALL2(flags & 2 ? "exchange" : "rename", 0, from_dir, from, dir, to,
         REAL(renameat2)(from_dir, from, dir, to, flags));
}
