#include <stdio.h>

int main(void) {
    int kÃ¤se = 1;
    puts("ÿş");
    return kase;
}
