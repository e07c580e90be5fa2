//: what     tries to change its own executable for the next run: writing, replacing, linking, mapping
//: id       A-122
//: control  readonly+landlock
//: inputs   1;2;3
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define OWN "/code/solution"

static int found;

static void refused(int result, const char *what) {
    if (result >= 0) {
        printf("ESCAPED %s\n", what);
        found++;
    }
}

int main(void) {
    struct stat before, after;
    int own = open(OWN, O_RDONLY);
    if (own < 0 || fstat(own, &before) != 0) {
        puts("no executable");
        return 0;
    }
    refused(open(OWN, O_WRONLY), "opened for writing");
    refused(open("/proc/self/exe", O_RDWR), "opened for writing through /proc");
    refused(open("/proc/self/fd/3", O_RDWR), "opened again for writing");
    refused(truncate(OWN, 0), "truncated");
    refused(chmod(OWN, 0777), "mode changed");
    refused(utimensat(AT_FDCWD, OWN, NULL, 0), "times changed");
    refused(link(OWN, "/tmp/link"), "linked to another place");
    refused(linkat(own, "", AT_FDCWD, "/tmp/link", AT_EMPTY_PATH), "linked by descriptor");
    refused(open("/code/new", O_CREAT | O_WRONLY, 0777), "file beside it");
    refused(rename(OWN, "/code/old"), "renamed");
    refused(symlink("/tmp/other", "/code/link"), "link beside it");
    refused(fallocate(own, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096), "hole punched");
    refused(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, own, 0) == MAP_FAILED ? -1 : 0, "mapped for writing");
    // A private copy may be changed; the file must not be.
    char *copy = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, own, 0), first[4] = "";
    memset(copy, 0, 4096);
    refused(pread(own, first, 4, 0) == 4 && memcmp(first, "\177ELF", 4) == 0 ? -1 : 0, "changed through a private mapping");
    refused(stat(OWN, &after) == 0 && after.st_ino == before.st_ino && after.st_size == before.st_size ? -1 : 0, "another file");
    if (found == 0) {
        puts("held");
    }
}
