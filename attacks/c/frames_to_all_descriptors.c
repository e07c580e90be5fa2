//: what     tells everybody who might listen that the program has ended well, leaves an answer, and fails
//: id       A-127
//: control  descriptors
//: mode     function
//: expect   runtime_error
//: error    exit code 3
#include <sys/socket.h>
#include <unistd.h>

// What PID 1 of the box says when the program has started, and when it has ended with status 0 after 5 ms.
static const char STARTED[] = {1};
static const char ENDED[] = {2, 0, 0, 0, (char)0xc0, (char)0x96, (char)0xb1, 2};

const char *solve(const char *input_str) {
    FILE *answer = fopen("/answer", "w");
    fputs("=16", answer);
    fclose(answer);
    int taken = 0;
    for (int descriptor = 3; descriptor < 1024; descriptor++) {
        if (send(descriptor, STARTED, sizeof STARTED, MSG_NOSIGNAL) < 0) {
            write(descriptor, STARTED, sizeof STARTED);
        }
        taken += send(descriptor, ENDED, sizeof ENDED, MSG_NOSIGNAL) > 0 || write(descriptor, ENDED, sizeof ENDED) > 0;
    }
    // Whoever believes it has the time to act on it.
    usleep(300000);
    _exit(taken > 0 ? 9 : 3);
}
