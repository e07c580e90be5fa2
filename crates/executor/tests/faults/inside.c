/* Prints what only the inside of a box can tell: its names, its room, and what it refuses. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

static void tried(const char *what, int result) { printf("%s %s\n", what, result < 0 ? strerrorname_np(errno) : "done"); }

int main(void) {
    struct utsname names;
    uname(&names);
    char folder[64];
    printf("%s %s %s\n", names.nodename, names.domainname, getcwd(folder, sizeof folder));
    uid_t uids[3];
    gid_t gids[3];
    getresuid(&uids[0], &uids[1], &uids[2]);
    getresgid(&gids[0], &gids[1], &gids[2]);
    printf("%u %u %u %u %u %u %d\n", uids[0], uids[1], uids[2], gids[0], gids[1], gids[2], getgroups(0, NULL));
    const char *places[] = {"/", "/box", "/tmp", "/dev", "/dev/shm", "/code", "/usr/lib", "/proc"};
    for (int i = 0; i < 8; i++) {
        struct statvfs room;
        char path[64];
        statvfs(places[i], &room);
        printf("%s %d %lu\n", places[i], room.f_files < 10000, room.f_flag);
        snprintf(path, sizeof path, "%s/new", places[i]);
        tried("write", open(path, O_CREAT | O_WRONLY, 0600));
    }
    int argument;
    /* With Landlock no call of this kind reaches a device; without it the device would say that it is no terminal. */
    tried("ioctl", ioctl(open("/dev/zero", O_RDONLY), 0x5401, &argument));
    tried("mount", mount("none", "/tmp", "tmpfs", 0, NULL));
    tried("unshare", unshare(CLONE_NEWUSER));
    tried("chroot", chroot("/tmp"));
    tried("setuid", setuid(0));
    tried("sethostname", sethostname("x", 1));
    tried("socket", socket(AF_INET, SOCK_STREAM, 0));
    tried("signal", kill(1, 0));
}
