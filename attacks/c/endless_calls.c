//: what     spins in the kernel for ever, in reads without end, random numbers and listings of folders: its time there counts too
//: id       A-009
//: control  cpu_time
//: limits   cpu_time_ms=300 wall_time_ms=5000
//: expect   time_limit
//: error    CPU time
#include <dirent.h>
#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

int main(void) {
    static char block[1 << 20];
    int random = open("/dev/urandom", O_RDONLY), zero = open("/dev/zero", O_RDONLY);
    for (;;) {
        if (read(random, block, sizeof block) < 0 || read(zero, block, sizeof block) < 0 || getrandom(block, 1 << 16, 0) < 0) {
            return 1;
        }
        DIR *processes = opendir("/proc");
        if (processes == NULL) {
            return 2;
        }
        while (readdir(processes) != NULL) {
        }
        closedir(processes);
    }
}
