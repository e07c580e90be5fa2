//: what     a child sleeps long after its parent has ended: only the parent's time is measured
//: id       A-137
//: control  teardown
//: expect   ok
//: output   done
//: wall_ms  1000
#include <stdio.h>
#include <unistd.h>

int main(void) {
    if (fork() == 0) {
        setsid();
        sleep(15);
        puts("late");
        return 1;
    }
    usleep(300000);
    puts("done");
}
