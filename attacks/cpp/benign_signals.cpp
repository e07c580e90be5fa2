//: what     an alarm and its handler, and a pipe on which that is waited for: benign
//: id       G-11 G-13
//: expect   ok
//: output   woken
#include <csignal>
#include <iostream>
#include <poll.h>
#include <sys/time.h>
#include <unistd.h>

static int ways[2];

int main() {
    if (pipe(ways) != 0) {
        return 1;
    }
    std::signal(SIGALRM, [](int) { (void)!write(ways[1], "x", 1); });
    itimerval soon = {{0, 0}, {0, 50'000}};
    setitimer(ITIMER_REAL, &soon, nullptr);
    pollfd waited = {ways[0], POLLIN, 0};
    while (poll(&waited, 1, 5000) < 0) {
    }
    std::cout << (waited.revents & POLLIN ? "woken" : "slept on") << '\n';
}
