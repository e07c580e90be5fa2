//: what     writes, seeks, shuts down and sends to every descriptor, then fails
//: id       A-127
//: control  descriptors
//: mode     function
//: expect   runtime_error
//: error    exit code 3
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
for (int descriptor = 3; descriptor < 65536; descriptor++) {
    if (fcntl(descriptor, F_GETFD) >= 0 || write(descriptor, "\2\0\0", 3) == 3) {
        _exit(9);
    }
    lseek(descriptor, 0, SEEK_SET);
    shutdown(descriptor, SHUT_RDWR);
    send(descriptor, "\2", 1, 0);
}
_exit(3);
