/* Stands between a process and the system calls that change files below one folder (Linux on x86-64 or ARM64).
 *
 * Each such call is numbered and logged with its data; the one with a chosen number is killed before it is made or
 * when it is half done, or fails. Calls that would change nothing (unlinking what is not there) have no number.
 *
 * A seccomp filter turns the calls into SIGSYS, whose handler makes them in the thread's place. Standing in for the
 * functions of libc (LD_PRELOAD) would miss what never asks libc: tantivy renames its files by instructions of its own.
 * The filter cannot be taken off again, and a program started from here would die of it: arm it in a forked child.
 *
 * A sync is counted and logged but not done: what a disk holds after a power cut is worked out from the log, and a kill
 * loses nothing of what the kernel holds. Copies within the kernel (sendfile) are refused, as a file system without
 * them does, so that whoever copies falls back to write.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

enum kind { OPEN, WRITE, GROW, TRUNCATE, SYNC, RENAME, UNLINK, RMDIR, MKDIR, LINK, NOTE };
enum mode { OFF, COUNT, KILL, HALF, FAIL_ONCE, FAIL_FROM };
struct record {
    uint32_t kind, number, error, path_length, path2_length, data_length;
    uint64_t inode;
    int64_t offset; /* of a write; the new size of a truncation; of an open: whether the file was there */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static volatile int mode = OFF;
static unsigned mask, number, chosen;
static int failure, log_fd = -1, broken;
static char folder[PATH_MAX];
static size_t folder_length;

/* The one place whose system calls the filter lets through: raw(number, six arguments), -errno where it fails. */
long raw(long call, ...) __attribute__((visibility("hidden")));
extern const char after_raw[] __attribute__((visibility("hidden")));
#if defined __x86_64__
__asm__(".text\n.globl raw\n.hidden raw\n.globl after_raw\n.hidden after_raw\nraw:\n"
        "mov %rdi, %rax\nmov %rsi, %rdi\nmov %rdx, %rsi\nmov %rcx, %rdx\nmov %r8, %r10\nmov %r9, %r8\n"
        "mov 8(%rsp), %r9\nsyscall\nafter_raw:\nret\n");
#define ARGUMENTS(g) {g[REG_RDI], g[REG_RSI], g[REG_RDX], g[REG_R10], g[REG_R8], g[REG_R9]}
#define REGISTERS(context) (context)->uc_mcontext.gregs
#define RESULT(g) g[REG_RAX]
#elif defined __aarch64__
__asm__(".text\n.globl raw\n.hidden raw\n.globl after_raw\n.hidden after_raw\nraw:\n"
        "mov x8, x0\nmov x0, x1\nmov x1, x2\nmov x2, x3\nmov x3, x4\nmov x4, x5\nmov x5, x6\nsvc #0\n"
        "after_raw:\nret\n");
#define ARGUMENTS(g) {(long)g[0], (long)g[1], (long)g[2], (long)g[3], (long)g[4], (long)g[5]}
#define REGISTERS(context) (context)->uc_mcontext.regs
#define RESULT(g) g[0]
#else
#error "only x86-64 and ARM64"
#endif

static void log_bytes(const void *bytes, size_t length) {
    if (length && raw(SYS_write, (long)log_fd, bytes, length, 0L, 0L, 0L) != (long)length)
        broken = 1;
}

static void record(enum kind kind, int error, const char *path, const char *path2, uint64_t inode, int64_t offset,
                   const void *data, size_t length) {
    struct record r = {kind, number, error, strlen(path), strlen(path2), length, inode, offset};
    log_bytes(&r, sizeof r);
    log_bytes(path, r.path_length);
    log_bytes(path2, r.path2_length);
    log_bytes(data, length);
}

static int inside(const char *path) {
    return !strncmp(path, folder, folder_length) && (path[folder_length] == '/' || !path[folder_length]);
}

static int path_of(int fd, char *path) { /* whether it is inside */
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
    char *deleted = strstr(path, " (deleted)");
    if (deleted)
        *deleted = 0;
    return inside(path);
}

static int resolve(long at, const char *name, char *path) { /* whether it is inside */
    char start[PATH_MAX] = "";
    if (name[0] != '/') {
        if ((int)at != AT_FDCWD)
            path_of(at, start);
        else if (!getcwd(start, sizeof start))
            return 0;
        strncat(start, "/", sizeof start - strlen(start) - 1);
    }
    return snprintf(path, PATH_MAX, "%s%s", start, name) < PATH_MAX && inside(path);
}

static int there(const char *path) {
    struct stat status;
    return !lstat(path, &status);
}

static struct stat status_of(int fd) {
    struct stat status = {0};
    fstat(fd, &status);
    return status;
}

/* Numbers a call, and kills it or lets it fail if it is its turn: returns 0 where it is to be made, -errno where it
 * fails, 1 where a write is to be half done. */
static int turn(enum kind kind, const char *path, const char *path2, size_t length) {
    if (!(mask >> kind & 1) || (mode == HALF && length < 2))
        return 0;
    number++;
    if (mode == COUNT || !(number == chosen || (mode == FAIL_FROM && number > chosen)))
        return 0;
    if (mode == HALF || (mode == FAIL_FROM && number == chosen && length > 1))
        return 1;
    record(kind, mode == KILL ? EINTR : failure, path, path2, 0, 0, NULL, 0);
    if (mode == KILL)
        kill(getpid(), SIGKILL), pause();
    return -failure;
}

static long opened(long call, const long *a, long at, const char *name, long flags) {
    char path[PATH_MAX];
    if (!(flags & (O_CREAT | O_TRUNC)) || !resolve(at, name, path))
        return raw(call, a[0], a[1], a[2], a[3], a[4], a[5]);
    int was = there(path), changes = was ? (flags & O_TRUNC) && !(flags & O_EXCL) : flags & O_CREAT, error;
    if (changes && (error = turn(OPEN, path, "", 0)))
        return error;
    long fd = raw(call, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (fd >= 0 && changes)
        record(OPEN, 0, path, "", status_of(fd).st_ino, was, NULL, 0);
    return fd;
}

static long written(int fd, const void *data, size_t length, int64_t offset) { /* offset -1: where the file stands */
    char path[PATH_MAX];
    int half = 0, at_offset = offset >= 0;
    if (path_of(fd, path)) {
        if ((half = turn(WRITE, path, "", length)) < 0)
            return half;
        if (!at_offset)
            offset = fcntl(fd, F_GETFL) & O_APPEND ? status_of(fd).st_size : lseek(fd, 0, SEEK_CUR);
        if (half)
            length /= 2;
    }
    long done = at_offset ? raw(SYS_pwrite64, (long)fd, data, length, offset, 0L, 0L)
                          : raw(SYS_write, (long)fd, data, length, 0L, 0L, 0L);
    if (done >= 0 && inside(path))
        record(WRITE, half ? EINTR : 0, path, "", status_of(fd).st_ino, offset, data, done);
    if (half && mode == HALF)
        kill(getpid(), SIGKILL), pause();
    return done;
}

/* The first part of several: a short write, and the caller comes again for the rest. */
static long written_parts(int fd, const struct iovec *parts, int count, int64_t offset) {
    while (count > 1 && !parts->iov_len)
        parts++, count--;
    return written(fd, parts->iov_base, parts->iov_len, offset);
}

static long on_file(long call, const long *a, enum kind kind, int64_t size) {
    char path[PATH_MAX];
    int fd = a[0], error = 0;
    if (!path_of(fd, path))
        return raw(call, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (kind == TRUNCATE && status_of(fd).st_size < size)
        kind = GROW;
    if ((error = turn(kind, path, "", 0)))
        return error;
    long result = kind == SYNC ? 0 : raw(call, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (!result)
        record(kind, 0, path, "", status_of(fd).st_ino, size, NULL, 0);
    return result;
}

static long on_names(long call, const long *a, enum kind kind, long at, const char *name, long at2, const char *name2) {
    char path[PATH_MAX], path2[PATH_MAX] = "";
    int touches = resolve(at, name, path), error;
    if (name2)
        touches |= resolve(at2, name2, path2);
    int changes = kind == MKDIR ? !there(path) : kind == LINK ? !there(path2) : there(path);
    if (touches && changes && (error = turn(kind, path, path2, 0)))
        return error;
    long result = raw(call, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (touches && !result)
        record(kind, 0, path, path2, 0, 0, NULL, 0);
    return result;
}

static long refused(long call, const long *a, int fd) {
    char path[PATH_MAX];
    return path_of(fd, path) ? (call == SYS_fallocate ? -EOPNOTSUPP : -EINVAL)
                             : raw(call, a[0], a[1], a[2], a[3], a[4], a[5]);
}

#define NAME(i) ((const char *)a[i])
static long made(long call, const long *a) {
    switch (call) {
    case SYS_openat: return opened(call, a, a[0], NAME(1), a[2]);
    case SYS_write: return written(a[0], NAME(1), a[2], -1);
    case SYS_pwrite64: return written(a[0], NAME(1), a[2], a[3]);
    case SYS_writev: return written_parts(a[0], (const struct iovec *)a[1], a[2], -1);
    case SYS_pwritev: case SYS_pwritev2: return written_parts(a[0], (const struct iovec *)a[1], a[2], a[3]);
    case SYS_ftruncate: return on_file(call, a, TRUNCATE, a[1]);
    case SYS_fsync: case SYS_fdatasync: return on_file(call, a, SYNC, 0);
    case SYS_renameat2: return on_names(call, a, RENAME, a[0], NAME(1), a[2], NAME(3));
    case SYS_linkat: return on_names(call, a, LINK, a[0], NAME(1), a[2], NAME(3));
    case SYS_unlinkat: return on_names(call, a, a[2] & AT_REMOVEDIR ? RMDIR : UNLINK, a[0], NAME(1), 0, NULL);
    case SYS_mkdirat: return on_names(call, a, MKDIR, a[0], NAME(1), 0, NULL);
    case SYS_sendfile: return refused(call, a, a[0]);
    case SYS_copy_file_range: case SYS_splice: return refused(call, a, a[2]);
    case SYS_fallocate: return refused(call, a, a[0]);
#ifdef SYS_renameat
    case SYS_renameat: return on_names(call, a, RENAME, a[0], NAME(1), a[2], NAME(3));
#endif
#ifdef SYS_open
    case SYS_open: return opened(call, a, AT_FDCWD, NAME(0), a[1]);
    case SYS_creat: return opened(call, a, AT_FDCWD, NAME(0), O_CREAT | O_TRUNC);
    case SYS_rename: return on_names(call, a, RENAME, AT_FDCWD, NAME(0), AT_FDCWD, NAME(1));
    case SYS_link: return on_names(call, a, LINK, AT_FDCWD, NAME(0), AT_FDCWD, NAME(1));
    case SYS_unlink: return on_names(call, a, UNLINK, AT_FDCWD, NAME(0), 0, NULL);
    case SYS_rmdir: return on_names(call, a, RMDIR, AT_FDCWD, NAME(0), 0, NULL);
    case SYS_mkdir: return on_names(call, a, MKDIR, AT_FDCWD, NAME(0), 0, NULL);
#endif
    default: return raw(call, a[0], a[1], a[2], a[3], a[4], a[5]);
    }
}

static const unsigned CALLS[] = {
    SYS_openat, SYS_write, SYS_pwrite64, SYS_writev, SYS_pwritev, SYS_pwritev2, SYS_ftruncate, SYS_fsync, SYS_fdatasync,
    SYS_renameat2, SYS_linkat, SYS_unlinkat, SYS_mkdirat, SYS_sendfile, SYS_copy_file_range, SYS_splice, SYS_fallocate,
#ifdef SYS_renameat
    SYS_renameat,
#endif
#ifdef SYS_open
    SYS_open, SYS_creat, SYS_rename, SYS_link, SYS_unlink, SYS_rmdir, SYS_mkdir,
#endif
};

static void on_call(int signal, siginfo_t *info, void *context) {
    (void)signal;
    int saved = errno;
    __typeof__(&REGISTERS((ucontext_t *)context)[0]) registers = REGISTERS((ucontext_t *)context);
    const long a[] = ARGUMENTS(registers);
    if (mode) {
        pthread_mutex_lock(&mutex);
        RESULT(registers) = made(info->si_syscall, a);
        pthread_mutex_unlock(&mutex);
    } else
        RESULT(registers) = raw(info->si_syscall, a[0], a[1], a[2], a[3], a[4], a[5]);
    errno = saved;
}

/* Lets every call of `raw` through, sends those in CALLS to the handler, and lets all others through. */
static int filter(void) {
    enum { COUNTED = sizeof CALLS / sizeof CALLS[0], HEAD = 5 };
    struct sock_filter program[HEAD + COUNTED + 2] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(uintptr_t)after_raw, 0, 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)((uintptr_t)after_raw >> 32), COUNTED + 1, 0),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    };
    for (unsigned i = 0; i < COUNTED; i++)
        program[HEAD + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CALLS[i], COUNTED - i, 0);
    program[HEAD + COUNTED] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    program[HEAD + COUNTED + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
    struct sock_fprog all = {sizeof program / sizeof program[0], program};
    struct sigaction action = {.sa_sigaction = on_call, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART};
    if (sigaction(SIGSYS, &action, NULL) || prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L))
        return -1;
    return prctl(PR_SET_SECCOMP, (long)SECCOMP_MODE_FILTER, &all, 0L, 0L);
}

/* `faulty` is a bit set of kinds: only these have numbers. Returns 0, or -1 where this system does not allow it. */
int faults_arm(const char *where, const char *log, int how, unsigned faulty, unsigned at, int error) {
    static int filtered;
    log_fd = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (log_fd < 0 || !realpath(where, folder) || (!filtered && filter()))
        return -1;
    filtered = 1;
    folder_length = strlen(folder);
    mask = faulty, chosen = at, failure = error, number = 0, broken = 0;
    mode = how;
    return 0;
}

/* Returns how many calls had a number; -1 where the log is not complete. */
int faults_disarm(void) {
    mode = OFF;
    close(log_fd);
    return broken ? -1 : (int)number;
}

void faults_note(const char *text) {
    pthread_mutex_lock(&mutex);
    if (mode)
        record(NOTE, 0, text, "", 0, 0, NULL, 0);
    pthread_mutex_unlock(&mutex);
}
