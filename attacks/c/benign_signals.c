//: what     an alarm and its handler, a timer, a blocked signal that is waited for: benign
//: id       G-11
//: expect   ok
//: output   woken 5 12
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t ticks;

static void tick(int number) {
    (void)number;
    ticks++;
}

int main(void) {
    struct sigaction action = {.sa_handler = tick};
    sigaction(SIGALRM, &action, NULL);
    struct itimerval every = {{0, 10000}, {0, 10000}};
    setitimer(ITIMER_REAL, &every, NULL);
    while (ticks < 5) {
        pause();
    }
    setitimer(ITIMER_REAL, &(struct itimerval){{0, 0}, {0, 0}}, NULL);
    sigset_t waited;
    int number = 0;
    sigemptyset(&waited);
    sigaddset(&waited, SIGUSR2);
    sigprocmask(SIG_BLOCK, &waited, NULL);
    raise(SIGUSR2);
    sigwait(&waited, &number);
    printf("woken %d %d\n", ticks >= 5 ? 5 : 0, number);
}
