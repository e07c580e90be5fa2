//: what     memory that parent and child share, of each of the four kinds, and a semaphore in it: benign
//: id       G-24
//: expect   ok
//: output   42 43 44 45
#define _GNU_SOURCE
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

static int *shared(int file) {
    if (file >= 0 && ftruncate(file, 4096) != 0) {
        return NULL;
    }
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | (file < 0 ? MAP_ANONYMOUS : 0), file, 0);
}

int main(void) {
    int *blocks[] = {
        shared(-1),
        shared(shm_open("/own", O_CREAT | O_RDWR, 0600)),
        shared(memfd_create("own", 0)),
        shmat(shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600), NULL, 0),
    };
    sem_t *done = (sem_t *)(blocks[0] + 16);
    sem_init(done, 1, 0);
    if (fork() == 0) {
        for (int i = 0; i < 4; i++) {
            blocks[i][0] = 42 + i;
        }
        sem_post(done);
        _exit(0);
    }
    sem_wait(done);
    printf("%d %d %d %d\n", blocks[0][0], blocks[1][0], blocks[2][0], blocks[3][0]);
    shm_unlink("/own");
}
