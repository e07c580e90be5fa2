#include <stdlib.h>
#define MOST 100

int numbers[MOST], count = 0, used;
while (count < MOST && sscanf(input_str, "%d%n", &numbers[count], &used) == 1) {
    input_str += used;
    count++;
}
int ascending(const void *a, const void *b) {
    int left = *(const int *)a, right = *(const int *)b;
    return (left > right) - (left < right);
}
qsort(numbers, count, sizeof numbers[0], ascending);
char *answer = calloc(MOST, 12), *end = answer;
for (int i = 0; i < count; i++) {
    end += sprintf(end, i == 0 ? "%d" : " %d", numbers[i]);
}
return answer;
