//: what     memory that may not be swapped, and pages of the larger sizes from the host's pool: refused
//: id       A-022
//: control  rlimits
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

static int reached;

static void refused(int worked, const char *what) {
    if (worked) {
        printf("ESCAPED %s\n", what);
        reached++;
    } else if (errno != EPERM && errno != ENOMEM && errno != EAGAIN) {
        printf("%s: errno %d\n", what, errno);
        reached++;
    }
}

int main(void) {
    const size_t length = 2 << 20;
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    char *own = mmap(NULL, length, PROT_READ | PROT_WRITE, flags, -1, 0);
    refused(mlock(own, 4096) == 0, "mlock");
    refused(syscall(SYS_mlock2, own, 4096, 1) == 0, "mlock2");
    refused(mlockall(MCL_CURRENT) == 0, "mlockall now");
    refused(mlockall(MCL_FUTURE) == 0, "mlockall from now on");
    refused(mmap(NULL, 4096, PROT_READ | PROT_WRITE, flags | MAP_LOCKED, -1, 0) != MAP_FAILED, "MAP_LOCKED");
    refused(mmap(NULL, length, PROT_READ | PROT_WRITE, flags | MAP_HUGETLB, -1, 0) != MAP_FAILED, "MAP_HUGETLB");
    int file = memfd_create("large", MFD_HUGETLB);
    refused(file >= 0 && mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) != MAP_FAILED, "MFD_HUGETLB");
    refused(shmget(IPC_PRIVATE, length, IPC_CREAT | SHM_HUGETLB | 0600) >= 0, "SHM_HUGETLB");
    int segment = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    refused(segment >= 0 && shmctl(segment, SHM_LOCK, NULL) == 0, "SHM_LOCK");
    if (reached == 0) {
        puts("held");
    }
}
