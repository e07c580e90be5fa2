//: what     looks for System V and POSIX objects of the run before, and leaves some of each kind for the next
//: id       A-113
//: control  ipc
//: inputs   first;second
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

enum { KEY = 0xc0de };

static int escaped;

static void found(int is_found, const char *what) {
    if (is_found) {
        printf("ESCAPED %s\n", what);
        escaped++;
    }
}

int main(void) {
    struct shm_info memory;
    struct seminfo semaphores;
    found(shmget(KEY, 0, 0) >= 0, "shared memory was left");
    found(semget(KEY, 0, 0) >= 0, "semaphores were left");
    found(shmctl(0, SHM_INFO, (struct shmid_ds *)&memory) != 0 || memory.used_ids != 0, "memory is listed");
    found(semctl(0, 0, SEM_INFO, &semaphores) < 0 || semaphores.semusz != 0, "semaphores are listed");
    found(shm_open("/left", O_RDWR, 0) >= 0, "a file of shared memory was left");
    found(sem_open("/left", 0) != SEM_FAILED, "a named semaphore was left");
    // Queues are refused altogether.
    found(msgget(KEY, IPC_CREAT | 0666) >= 0 || errno != EPERM, "a message queue");
    found(mq_open("/left", O_CREAT | O_RDWR, 0666, NULL) >= 0 || errno != EPERM, "a POSIX message queue");

    char *segment = shmat(shmget(KEY, 4096, IPC_CREAT | 0666), NULL, 0);
    int is_left = segment != (char *)-1 && strcpy(segment, "left") != NULL && semget(KEY, 1, IPC_CREAT | 0666) >= 0;
    is_left = is_left && shm_open("/left", O_CREAT | O_RDWR, 0666) >= 0 && sem_open("/left", O_CREAT, 0666, 1) != SEM_FAILED;
    if (!is_left) {
        puts("nothing could be left");
    } else if (escaped == 0) {
        puts("held");
    }
}
