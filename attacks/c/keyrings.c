//: what     looks for a key of the run before in every ring, and leaves one in each for the next
//: id       A-114
//: control  seccomp
//: inputs   first;second
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static int escaped;

static void call(const char *what, int ring, long number, long a, long b, long c, long d, long e) {
    errno = 0;
    long result = syscall(number, a, b, c, d, e);
    if (result != -1 || errno != EPERM) {
        printf("ESCAPED %s of ring %d: %ld, errno %d\n", what, ring, result, errno);
        escaped++;
    }
    if (number == SYS_add_key && result > 0) {
        // Where keys can be made, they do not stay for long.
        syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, result, 5);
    }
}

int main(void) {
    long type = (long)"user", name = (long)"attacks-left", text = (long)"left";
    // From the thread's (-1) to the requestor's (-8).
    for (int ring = -1; ring >= -8; ring--) {
        call("the id", ring, SYS_keyctl, KEYCTL_GET_KEYRING_ID, ring, 1, 0, 0);
        call("a search", ring, SYS_keyctl, KEYCTL_SEARCH, ring, type, name, 0);
        call("a request", ring, SYS_request_key, type, name, 0, ring, 0);
        call("a key", ring, SYS_add_key, type, name, text, 4, ring);
        call("the text", ring, SYS_keyctl, KEYCTL_READ, ring, 0, 0, 0);
    }
    call("the persistent ring", 0, SYS_keyctl, KEYCTL_GET_PERSISTENT, -1, KEY_SPEC_PROCESS_KEYRING, 0, 0);
    call("a new session", 0, SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, 0, 0, 0, 0);
    FILE *list = fopen("/proc/keys", "r");
    if (list != NULL) {
        puts("ESCAPED the list of keys");
    } else if (escaped == 0) {
        puts("held");
    }
}
