//: what     wants a core file, aborts with a secret in memory, and looks whether there is one
//: id       A-048
//: control  core
//: expect   ok
//: output   held
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    static const int SIGNALS[] = {SIGABRT, SIGSEGV, SIGQUIT, SIGSYS};
    int reached = 0;
    for (int index = 0; index < 4; index++) {
        int status = 0;
        if (fork() == 0) {
            struct rlimit limit;
            volatile char secret[] = "a secret in memory";
            getrlimit(RLIMIT_CORE, &limit);
            limit.rlim_cur = limit.rlim_max;
            setrlimit(RLIMIT_CORE, &limit);
            limit.rlim_cur = limit.rlim_max = RLIM_INFINITY;
            setrlimit(RLIMIT_CORE, &limit);
            prctl(PR_SET_DUMPABLE, 1);
            raise(SIGNALS[index]);
            _exit(secret[0]);
        }
        wait(&status);
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGNALS[index]) {
            printf("signal %d: status %x\n", SIGNALS[index], status);
            reached++;
        }
        if (WCOREDUMP(status)) {
            printf("ESCAPED a core file for signal %d\n", SIGNALS[index]);
            reached++;
        }
    }
    struct dirent *entry;
    for (DIR *folder = opendir("/box"); folder != NULL && (entry = readdir(folder)) != NULL;) {
        if (strstr(entry->d_name, "core") != NULL) {
            printf("ESCAPED %s\n", entry->d_name);
            reached++;
        }
    }
    if (reached == 0) {
        puts("held");
    }
}
