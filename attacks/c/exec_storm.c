//: what     starts itself again a hundred thousand times: it stays one process, whose time counts
//: id       A-014
//: control  cpu_time
//: limits   cpu_time_ms=400 wall_time_ms=5000
//: expect   time_limit
//: error    CPU time
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int count, char **arguments) {
    int round = count > 1 ? atoi(arguments[1]) : 0;
    char next[16];
    sprintf(next, "%d", round + 1);
    if (round < 100000) {
        execl("/code/solution", "solution", next, NULL);
        return 1;
    }
}
