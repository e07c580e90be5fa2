//: what     millions of refused calls: they cost the caller's own time, and the log of the kernel stays quiet
//: id       A-106
//: control  cpu_time
//: limits   cpu_time_ms=500
//: expect   time_limit
//: wall_ms  3000
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
    for (;;) {
        syscall(SYS_unshare, 0x10000000);
        syscall(SYS_socket, 2, 1, 0);
        syscall(SYS_clone3, 0, 0);
        syscall(SYS_ioctl, 0, 0x5412, 0);
        syscall(100000);
    }
}
