//: what     looks for a privilege in every thread and descendant, then asks for all of them back and looks again
//: id       A-099
//: control  capabilities
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NONE "\t0000000000000000\n"

static const char *EXPECTED[][2] = {
    {"CapInh:", NONE}, {"CapPrm:", NONE},      {"CapEff:", NONE},    {"CapBnd:", NONE},
    {"CapAmb:", NONE}, {"NoNewPrivs:", "\t1\n"}, {"Seccomp:", "\t2\n"}, {"Groups:", "\t \n"},
};

static int expects(const char *who, const char *line, const char *name, const char *value) {
    size_t length = strlen(name);
    if (strncmp(line, name, length) != 0 || strncmp(line + length, value, strlen(value)) == 0) {
        return 0;
    }
    printf("ESCAPED %s: %s", who, line);
    return 1;
}

// 1 if this thread is more than nobody.
static int examine(const char *who) {
    FILE *status = fopen("/proc/thread-self/status", "r");
    char line[256];
    int escaped = 0, lines = 0;
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        lines++;
        for (unsigned i = 0; i < sizeof EXPECTED / sizeof EXPECTED[0]; i++) {
            escaped += expects(who, line, EXPECTED[i][0], EXPECTED[i][1]);
        }
        unsigned ids[4];
        if (sscanf(line, "%*[UG]id:\t%u\t%u\t%u\t%u", &ids[0], &ids[1], &ids[2], &ids[3]) == 4) {
            for (int i = 0; i < 4; i++) {
                if (ids[i] != getuid() || ids[i] < 10000) {
                    printf("ESCAPED %s: %s", who, line);
                    escaped++;
                }
            }
        }
    }
    if (lines < 20) {
        printf("%s could not be examined\n", who);
        return 1;
    }
    fclose(status);
    fflush(stdout);
    return escaped != 0;
}

static void *in_a_thread(void *who) {
    return (void *)(long)examine(who);
}

static int thread(const char *who) {
    pthread_t started;
    void *result = (void *)1;
    int is_joined = pthread_create(&started, NULL, in_a_thread, (void *)who) == 0 && pthread_join(started, &result) == 0;
    return !is_joined || result != NULL;
}

static int in_a_child(int generations, const char *path) {
    int status = 0;
    fflush(stdout);
    if (fork() == 0) {
        if (path != NULL) {
            execl(path, path, "child", NULL);
            _exit(1);
        }
        _exit(generations > 1 ? in_a_child(generations - 1, NULL) : examine("a descendant"));
    }
    wait(&status);
    return status != 0;
}

static int gain(const char *what, long result) {
    if (result == -1) {
        return 0;
    }
    printf("ESCAPED %s\n", what);
    return 1;
}

static int regain(void) {
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct all[2] = {{-1, -1, -1}, {-1, -1, -1}};
    gid_t root[] = {0};
    int gained = 0;
    gained += gain("setuid", setuid(0)) + gain("setreuid", setreuid(0, 0)) + gain("setresuid", setresuid(0, 0, 0));
    gained += gain("seteuid", seteuid(0)) + gain("setgid", setgid(0)) + gain("setresgid", setresgid(0, 0, 0));
    gained += gain("setgroups", setgroups(1, root)) + gain("setgroups to none", setgroups(0, root));
    gained += gain("capset", syscall(SYS_capset, &head, all));
    gained += gain("ambient", prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN, 0, 0));
    gained += gain("securebits", prctl(PR_SET_SECUREBITS, 0)) + gain("keepcaps", prctl(PR_SET_KEEPCAPS, 1));
    gained += gain("new privileges", prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0)) + gain("no filter", prctl(PR_SET_SECCOMP, 0));
    gained += gain("a file of root", chown("/code/solution", getuid(), getgid())) + gain("for root", chown("/box", 0, 0));
    setfsuid(0);
    setfsgid(0);
    return gained;
}

// A copy of this program that runs as whoever owns it: that is us.
static int through_a_file(void) {
    int from = open("/code/solution", O_RDONLY), to = open("/tmp/copy", O_WRONLY | O_CREAT, 0755);
    struct stat found;
    fstat(from, &found);
    int is_copied = sendfile(to, from, NULL, found.st_size) == found.st_size && fchmod(to, 06755) == 0;
    close(to);
    if (!is_copied) {
        puts("no copy to try");
    }
    return in_a_child(1, "/tmp/copy");
}

int main(int count, char **arguments) {
    if (count > 1) {
        return examine("an executed child");
    }
    int escaped = examine("the program") + thread("a thread") + in_a_child(1, NULL) + in_a_child(3, NULL);
    escaped += in_a_child(1, "/code/solution");
    escaped += regain() + through_a_file();
    escaped += examine("the program, later") + thread("a later thread") + in_a_child(2, NULL);
    if (escaped == 0) {
        puts("held");
    }
}
