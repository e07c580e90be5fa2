//: what     writes to its own executable in every way, after looking whether one that was sent before has done so
//: id       A-138
//: control  readonly+landlock
//: compile_cache on
//: copies   4
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
#define PAGE 4096
#define PAGES 4

/* Pages of the executable whose content everybody knows. Not static, so that they stand in the file as they are. */
const char mark[PAGES * PAGE] __attribute__((aligned(PAGE))) = {[0 ... PAGES * PAGE - 1] = 'm'};

static int found;

static void refused(int result, const char *what) {
    if (result >= 0) {
        printf("ESCAPED %s\n", what);
        found++;
    }
}

/* How many pages of the file hold the mark and nothing else. */
static int whole_pages(int own) {
    char page[PAGE];
    int whole = 0;
    for (off_t offset = 0; pread(own, page, PAGE, offset) == PAGE; offset += PAGE) {
        int same = 0;
        while (same < PAGE && page[same] == 'm') {
            same++;
        }
        whole += same == PAGE;
    }
    return whole;
}

int main(void) {
    const char *names[] = {OWN, "/proc/self/exe", "/proc/thread-self/exe", "/proc/1/root" OWN, "/artifact"};
    int own = open(OWN, O_RDONLY);
    struct stat was, is;
    if (own < 0 || fstat(own, &was) != 0 || whole_pages(own) != PAGES) {
        puts("CHANGED by another submission");
        return 0;
    }
    for (int i = 0; i < 5; i++) {
        int file = open(names[i], O_WRONLY);
        refused(file, "opened for writing");
        refused(file < 0 ? -1 : (int)pwrite(file, "changed", 7, 0), "written");
        refused(truncate(names[i], PAGE), "truncated");
        refused(chmod(names[i], 0777), "mode changed");
        refused(rename(names[i], "/code/old"), "renamed");
        refused(unlink(names[i]), "removed");
    }
    for (int descriptor = 0; descriptor < 256; descriptor++) {
        if (descriptor != 1 && descriptor != 2) {
            refused((int)pwrite(descriptor, "changed", 7, 0), "written through a descriptor");
        }
    }
    // A private copy may be changed; the file must not be.
    if (mprotect((void *)mark, sizeof mark, PROT_READ | PROT_WRITE) == 0) {
        memset((void *)mark, 'x', sizeof mark);
    }
    refused(whole_pages(own) == PAGES ? -1 : 0, "changed through its own pages");
    refused(fstat(own, &is) == 0 && is.st_size == was.st_size && is.st_mtime == was.st_mtime ? -1 : 0, "another file");
    if (found == 0) {
        puts("held");
    }
}
