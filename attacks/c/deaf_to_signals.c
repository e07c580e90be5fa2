//: what     handles or blocks every signal, faults on purpose and goes on
//: id       A-012
//: control  cpu_time
//: limits   cpu_time_ms=300 wall_time_ms=5000
//: expect   time_limit
//: error    CPU time
#include <setjmp.h>
#include <signal.h>

static sigjmp_buf again;

static void back(int number) {
    siglongjmp(again, number);
}

int main(void) {
    for (int number = 1; number < 65; number++) {
        signal(number, back);
    }
    sigsetjmp(again, 1);
    for (;;) {
        *(volatile int *)8 = 1;
    }
}
