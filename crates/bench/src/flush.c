/* Preloaded (LD_PRELOAD) into what is measured: counts flushes and, where asked, makes each one slower, as on a disk
 * that tells the truth. YIBAO_FLUSH_COUNT names a file whose first eight bytes are the count, shared by all processes
 * that have it; YIBAO_FLUSH_DELAY_US is the delay in microseconds, after the flush itself. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static unsigned long *count;
static long delay_us;

__attribute__((constructor)) static void start(void) {
    const char *delay = getenv("YIBAO_FLUSH_DELAY_US"), *path = getenv("YIBAO_FLUSH_COUNT");
    delay_us = delay ? atol(delay) : 0;
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *shared = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared != MAP_FAILED) count = shared;
    close(file);
}

static int flush(const char *name, int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    int result = real(file);
    if (count) __atomic_add_fetch(count, 1, __ATOMIC_RELAXED);
    if (delay_us > 0) {
        struct timespec wait = {delay_us / 1000000, delay_us % 1000000 * 1000};
        nanosleep(&wait, NULL);
    }
    return result;
}

int fsync(int file) { return flush("fsync", file); }
int fdatasync(int file) { return flush("fdatasync", file); }
