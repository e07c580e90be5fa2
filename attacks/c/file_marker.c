//: what     leaves a file in every place it may write to, and looks for what earlier runs have left
//: id       A-115
//: control  shared_scratch
//: inputs   1;2;3;4;5
//: expect   ok
//: output   held
#include <dirent.h>
#include <stdio.h>
#include <string.h>

int main(void) {
    const char *places[] = {"/box", "/tmp", "/dev/shm"};
    int found = 0;
    for (int i = 0; i < 3; i++) {
        DIR *folder = opendir(places[i]);
        for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
            if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
                printf("ESCAPED %s/%s\n", places[i], entry->d_name);
                found++;
            }
        }
        char path[40];
        sprintf(path, "%s/marker-%d", places[i], i);
        FILE *marker = fopen(path, "w");
        if (folder == NULL || marker == NULL || fputs("marker", marker) == EOF || fclose(marker) == EOF) {
            printf("no marker in %s\n", places[i]);
            found++;
        }
    }
    if (found == 0) {
        puts("held");
    }
}
