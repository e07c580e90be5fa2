#include <stdio.h>
#include <string.h>

int main(void) {
    char line[1000];
    if (fgets(line, sizeof line, stdin) == NULL) {
        return 1;
    }
    line[strcspn(line, "\n")] = '\0';
    printf("«%s»\n", line);
}
