//: what     a child of PID 1 of the box leaves an answer, the function fails: the failure counts
//: id       A-126
//: mode     function
//: expect   runtime_error
//: error    SIGABRT
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>
// CLONE_PARENT
if (syscall(SYS_clone, 0x8000 | SIGCHLD, 0, 0, 0, 0) == 0) {
    int file = open("/answer", O_WRONLY | O_TRUNC);
    _exit(write(file, "=16", 3) == 3 ? 0 : 1);
}
usleep(100000);
abort();
