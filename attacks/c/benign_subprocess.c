//: what     a pipeline of other programs, and a shell: benign
//: id       G-02
//: expect   ok
//: output   b\n7
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

int main(void) {
    char line[10] = "";
    FILE *pipeline = popen("printf 'a\\nb\\n' | cat | sed -n 2p", "r");
    fgets(line, sizeof line, pipeline);
    pclose(pipeline);
    printf("%s%d\n", line, WEXITSTATUS(system("exit 7")));
}
