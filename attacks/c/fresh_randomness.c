//: what     starts itself a hundred times and compares first random numbers, keys, temporary names and addresses
//: id       A-121
//: expect   ok
//: output   held
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <unistd.h>

enum { RUNS = 100, KINDS = 5 };

static void tell(void) {
    unsigned char key[8], *given = (unsigned char *)getauxval(AT_RANDOM);
    unsigned long call = 0, device = 0, seed = 0;
    char name[] = "/tmp/XXXXXX";
    getrandom(&call, sizeof call, 0);
    FILE *file = fopen("/dev/urandom", "r");
    fread(&device, sizeof device, 1, file);
    memcpy(key, given, 8);
    memcpy(&seed, key, 8);
    close(mkstemp(name));
    // The last one is where the stack is; of those some may be the same.
    printf("%lx %lx %lx %s %p\n", call, device, seed, name + 5, (void *)name);
}

int main(int count, char **arguments) {
    static char words[RUNS][KINDS][30];
    if (count > 1) {
        tell();
        return 0;
    }
    for (int run = 0; run < RUNS; run++) {
        FILE *child = popen("/code/solution again", "r");
        if (fscanf(child, "%29s %29s %29s %29s %29s", words[run][0], words[run][1], words[run][2], words[run][3],
                   words[run][4]) != KINDS) {
            return 1;
        }
        pclose(child);
    }
    const char *kinds[] = {"getrandom", "/dev/urandom", "key of the process", "temporary name", "address"};
    int found = 0;
    for (int kind = 0; kind < KINDS; kind++) {
        int same = 0;
        for (int one = 0; one < RUNS; one++) {
            for (int other = 0; other < one; other++) {
                same += strcmp(words[one][kind], words[other][kind]) == 0;
            }
        }
        if (same > (kind == 4 ? RUNS : 0)) {
            found += printf("ESCAPED %s: %d times the same\n", kinds[kind], same);
        }
    }
    if (found == 0) {
        puts("held");
    }
}
