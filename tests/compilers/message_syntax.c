#include <stdio.h>

int main(void) {
    int n
    scanf("%d", &n);
    for (int i = 0; i < m; i++ {
        printf("%d\n", i);
    }
#endif
