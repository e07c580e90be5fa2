//: what     makes every call by its number, by each of the three doors of the kernel: what is refused is the committed policy
//: id       A-091 A-096
//: control  seccomp
//: expect   ok
//: output   native reached 0-15,17-40,42-52,54-67,72,74-90,92,94-100,102,104,107-112,115,118,120-132,135,137-138,140-148,150-152,158,160,186-187,191-196,200-204,206-210,213,217-226,228-235,239,247,252,257-258,260-271,273-278,280-293,295-297,299,302,307,309,315-316,318-319,322,324,326-332,334,424,434,436,439,441,449,452,454-456\nnative EPERM 16,41,53,68-71,73,91,93,101,103,105-106,113-114,116-117,119,133-134,136,139,149,153-157,159,161-185,188-190,197-199,205,211-212,214-216,227,236-238,240-246,248-251,253-256,259,272,279,294,298,300-301,303-306,308,310-314,317,320-321,323,325,333,335-423,428-433,438,440,442-446,448,450-451,453,457-600\nnative ENOSYS 425-427,435,437,447\nx32 EPERM 0-600\nint 0x80 EPERM 0-500
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

// `reached` is also what blocks, ends or crashes: only the kernel proper can do that with null arguments. What the kernel itself
// answers with EPERM, whoever calls in a box, is among the refused: the filter alone is tested elsewhere.
enum result { REACHED, REFUSED, ABSENT, KILLED, RESULTS };
static const char *NAMES[RESULTS] = {"reached", "EPERM", "ENOSYS", "killed"};

// Not by a function of the library: vfork and clone return twice on the same stack.
static inline long native(long number) {
    register long fourth __asm__("r10") = 0, fifth __asm__("r8") = 0, sixth __asm__("r9") = 0;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(0L), "S"(0L), "d"(0L), "r"(fourth), "r"(fifth), "r"(sixth)
                     : "rcx", "r11", "memory");
    return result;
}

static inline long of_32_bits(long number) {
    int result = number;
    __asm__ volatile("int $0x80" : "+a"(result) : "b"(0), "c"(0), "d"(0), "S"(0), "D"(0) : "memory", "r8", "r9", "r10", "r11");
    return result;
}

// uretprobe and uprobe: newer kernels let them pass every filter, and refuse them themselves (SIGILL, ENXIO) wherever
// the kernel has not put a probe. Which of both it was makes no difference.
static int is_of_probes(long number) {
    return number == 335 || number == 336;
}

static void child(long number, int by_32_bits) {
    struct itimerval soon = {.it_value.tv_usec = 400000};
    setitimer(ITIMER_REAL, &soon, NULL);
    long result = by_32_bits ? of_32_bits(number) : native(number);
    int is_refused = result == -EPERM || (is_of_probes(number) && result == -ENXIO);
    _exit(is_refused ? REFUSED : result == -ENOSYS ? ABSENT : REACHED);
}

static enum result judge(int number, int status, int by_32_bits) {
    if (WIFEXITED(status)) {
        return WEXITSTATUS(status);
    }
    if (!by_32_bits && is_of_probes(number) && WTERMSIG(status) == SIGILL) {
        return REFUSED;
    }
    // A kernel without the door for 32-bit programs answers with SIGSEGV.
    if (by_32_bits && WTERMSIG(status) == SIGSEGV) {
        return REFUSED;
    }
    return WTERMSIG(status) == SIGSYS ? KILLED : REACHED;
}

static void print(const char *door, const enum result *results, int count) {
    for (enum result kind = 0; kind < RESULTS; kind++) {
        const char *before = " ";
        for (int from = 0; from < count; from++) {
            int to = from;
            while (to < count && results[to] == kind) {
                to++;
            }
            if (to == from) {
                continue;
            }
            if (*before == ' ') {
                printf("%s %s", door, NAMES[kind]);
            }
            printf(to - from > 1 ? "%s%d-%d" : "%s%d", before, from, to - 1);
            before = ",";
            from = to;
        }
        if (*before == ',') {
            puts("");
        }
    }
}

static void sweep(const char *door, long bit, int by_32_bits, int count) {
    static enum result results[601];
    for (int first = 0; first < count; first += 40) {
        int last = first + 40 < count ? first + 40 : count, status;
        pid_t pids[40];
        for (int number = first; number < last; number++) {
            if ((pids[number - first] = fork()) == 0) {
                child(number | bit, by_32_bits);
            }
        }
        for (int number = first; number < last; number++) {
            pid_t pid = pids[number - first];
            results[number] = pid > 0 && waitpid(pid, &status, 0) == pid ? judge(number, status, by_32_bits) : RESULTS;
        }
    }
    print(door, results, count);
}

int main(void) {
    sweep("native", 0, 0, 601);
    sweep("x32", 0x40000000, 0, 601);
    sweep("int 0x80", 0, 1, 501);
}
