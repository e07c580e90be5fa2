//: what     handles or blocks every signal, faults on purpose and goes on
//: limits   cpu_time_ms=300
//: expect   time_limit
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
