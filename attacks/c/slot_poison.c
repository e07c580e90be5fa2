//: what     changes all that a process can change about itself and its folders, having looked that nobody did before
//: id       A-117
//: control  shared_scratch
//: inputs   1;2;3
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *FOLDERS[] = {"/box", "/tmp", "/dev/shm"};
static int found;

static void check(int is_pristine, const char *what) {
    if (!is_pristine) {
        printf("ESCAPED %s\n", what);
        found++;
    }
}

static void look(void) {
    char place[100] = "", name[60];
    struct rlimit files, core, size;
    sigset_t blocked;
    mode_t mask = umask(022);
    check(mask == 022, "umask");
    check(getcwd(place, sizeof place) != NULL && strcmp(place, "/box") == 0, "current folder");
    check(access("/tmp/poison", F_OK) != 0, "a file");
    for (int i = 0; i < 3; i++) {
        struct stat folder;
        check(stat(FOLDERS[i], &folder) == 0 && (folder.st_mode & S_ISGID) == 0 && folder.st_uid == getuid(), FOLDERS[i]);
    }
    getrlimit(RLIMIT_NOFILE, &files);
    getrlimit(RLIMIT_CORE, &core);
    getrlimit(RLIMIT_FSIZE, &size);
    check(files.rlim_cur == 256 && files.rlim_max == 256, "limit of descriptors");
    check(core.rlim_max == 0 && size.rlim_cur == 64 << 20, "limit of files");
    check(getpriority(PRIO_PROCESS, 0) == 0, "priority");
    check(sched_getscheduler(0) == SCHED_OTHER, "scheduler");
    sigprocmask(SIG_BLOCK, NULL, &blocked);
    for (int number = 1; number < 32; number++) {
        struct sigaction action;
        sprintf(name, "signal %d", number);
        check(sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_DFL && !sigismember(&blocked, number), name);
    }
    check(prctl(PR_GET_TIMERSLACK) == 50000 && personality(0xffffffff) == 0 && prctl(PR_GET_DUMPABLE) == 1, "process");
    check(clock() < CLOCKS_PER_SEC / 4, "counted time");
    for (int i = 0; i < 3; i++) {
        sprintf(name, "pipe %d", i);
        check((fcntl(i, F_GETFL) & (O_NONBLOCK | O_ASYNC | O_APPEND)) == 0 && fcntl(i, F_GETPIPE_SZ) == 65536, name);
    }
}

static void poison(void) {
    struct rlimit least = {4, 4};
    cpu_set_t one;
    sigset_t all;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    sigfillset(&all);
    close(open("/tmp/poison", O_CREAT | O_WRONLY, 0666));
    for (int i = 0; i < 3; i++) {
        chmod(FOLDERS[i], 02777);
        fcntl(i, F_SETPIPE_SZ, 4096);
        fcntl(i, F_SETFL, O_NONBLOCK | O_ASYNC);
    }
    mkdir("/tmp/gone", 0700);
    found += chdir("/tmp/gone") + rmdir("/tmp/gone");
    prctl(PR_SET_TIMERSLACK, 1000000);
    prctl(PR_SET_DUMPABLE, 0);
    while (clock() < CLOCKS_PER_SEC / 10) {
    }
    sched_setaffinity(0, sizeof one, &one);
    sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){0});
    setpriority(PRIO_PROCESS, 0, 19);
    for (int number = 1; number < 32; number++) {
        signal(number, SIG_IGN);
    }
    sigprocmask(SIG_SETMASK, &all, NULL);
    setrlimit(RLIMIT_NOFILE, &least);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){4096, 4096});
    umask(0777);
}

int main(void) {
    look();
    poison();
    if (found == 0) {
        puts("held");
    }
}
