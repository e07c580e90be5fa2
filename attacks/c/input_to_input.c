//: what     counts its calls in memory and in files and leaves a process, for the next input to find
//: id       A-124
//: control  shared_scratch
//: mode     function
//: inputs   1;2;3
//: expect   ok
//: output   held
#include <dirent.h>
#include <unistd.h>

static int calls;

static int others(void) {
    int count = 0;
    DIR *processes = opendir("/proc");
    for (struct dirent *entry; (entry = readdir(processes)) != NULL;) {
        count += atoi(entry->d_name) > 0 && atoi(entry->d_name) != getpid();
    }
    return count;
}

const char *solve(const char *input_str) {
    if (++calls != 1) {
        return "ESCAPED memory of another input";
    }
    if (access("/tmp/calls", F_OK) == 0 || access("/box/calls", F_OK) == 0) {
        return "ESCAPED a file of another input";
    }
    if (others() > 0) {
        return "ESCAPED a process of another input";
    }
    FILE *file = fopen("/tmp/calls", "w"), *second = fopen("/box/calls", "w");
    if (file == NULL || second == NULL || fputs(input_str, file) == EOF || fclose(file) == EOF) {
        return "no files";
    }
    if (fork() == 0) {
        setsid();
        pause();
    }
    return "held";
}
