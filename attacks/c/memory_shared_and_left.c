//: what     System V memory and semaphores that nobody removes: they go with the box
//: id       A-018 A-113
//: control  ipc
//: expect   ok
//: output   left
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>

int main(void) {
    for (int key = 1; key <= 20; key++) {
        int memory = shmget(key, 1 << 16, IPC_CREAT | 0666);
        char *at = memory < 0 ? (char *)-1 : shmat(memory, NULL, 0);
        if (at != (char *)-1) {
            memset(at, 1, 1 << 16);
        }
        semget(key, 4, IPC_CREAT | 0666);
    }
    puts("left");
}
