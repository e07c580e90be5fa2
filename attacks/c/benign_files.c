//: what     a thousand temporary files, folders, renames: benign
//: id       G-09
//: expect   ok
//: output   1000 yes
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    char folder[] = "/tmp/own-XXXXXX";
    if (mkdtemp(folder) == NULL || chdir(folder) != 0) {
        return 1;
    }
    for (int number = 0; number < 1000; number++) {
        char name[20];
        sprintf(name, "%d.txt", number);
        FILE *file = fopen(name, "w");
        fprintf(file, "%d", number);
        fclose(file);
    }
    int count = 0;
    DIR *entries = opendir(".");
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    closedir(entries);
    mkdir("a", 0700);
    rename("1.txt", "a/1.txt");
    printf("%d %s\n", count, access("a/1.txt", F_OK) == 0 && access("1.txt", F_OK) != 0 ? "yes" : "no");
}
