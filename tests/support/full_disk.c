/* Makes a disk look full: while the file named by FULL_DISK exists, writing to regular files fails with ENOSPC. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static int full(int fd) {
    const char *mark = getenv("FULL_DISK");
    struct stat file;
    return mark && fstat(fd, &file) == 0 && S_ISREG(file.st_mode) && access(mark, F_OK) == 0;
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = dlsym(RTLD_NEXT, #name)
#define REFUSE(fd) if (full(fd)) { errno = ENOSPC; return -1; }

ssize_t write(int fd, const void *bytes, size_t count) { REAL(write); REFUSE(fd) return real(fd, bytes, count); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { REAL(pwrite); REFUSE(fd) return real(fd, bytes, count, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) { REAL(pwrite64); REFUSE(fd) return real(fd, bytes, count, at); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { REAL(pwritev); REFUSE(fd) return real(fd, parts, count, at); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) { REAL(pwritev64); REFUSE(fd) return real(fd, parts, count, at); }
int posix_fallocate(int fd, off_t at, off_t count) { REAL(posix_fallocate); if (full(fd)) return ENOSPC; return real(fd, at, count); }
int ftruncate(int fd, off_t length) { REAL(ftruncate); REFUSE(fd) return real(fd, length); }
int ftruncate64(int fd, off64_t length) { REAL(ftruncate64); REFUSE(fd) return real(fd, length); }
