//: what     twenty processes that open descriptors until refused: 256 in each
//: id       A-036
//: control  open_files
//: expect   ok
//: output   held
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

// All of them hold what they have until everyone is done.
static int all_held(int done, int go) {
    int last = 0;
    for (int next; (next = dup(0)) >= 0;) {
        last = next;
    }
    int right = errno == EMFILE && last == 255;
    char byte;
    return write(done, "d", 1) == 1 && read(go, &byte, 1) == 0 && right ? 0 : 1;
}

int main(void) {
    int done[2], go[2], wrong = 0, status;
    char byte;
    if (pipe(done) != 0 || pipe(go) != 0) {
        return 1;
    }
    for (int count = 0; count < 20; count++) {
        if (fork() == 0) {
            close(go[1]);
            _exit(all_held(done[1], go[0]));
        }
    }
    for (int count = 0; count < 20; count++) {
        wrong += read(done[0], &byte, 1) != 1;
    }
    close(go[1]);
    while (wait(&status) > 0) {
        wrong += status != 0;
    }
    puts(wrong ? "ESCAPED more than 256" : "held");
}
