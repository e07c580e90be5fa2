#include <stdio.h>
int main(void) {
    int n = 0;
    if (scanf("%d", &n) != 1)
        n = 5;
        printf("%d\n", n);
}
