#include <stdio.h>

int numbers[100], count = 0, used;
while (count < 100 && sscanf(input_str, "%d%n", &numbers[count], &used) == 1) {
    input_str += used;
    for (int i = count++; i > 0 && numbers[i] < numbers[i - 1]; i--) {
        int smaller = numbers[i];
        numbers[i] = numbers[i - 1];
        numbers[i - 1] = smaller;
    }
}
static char answer[1200];
char *end = answer;
for (int i = 0; i < count; i++) {
    end += sprintf(end, "%s%d", i > 0 ? " " : "", numbers[i]);
}
return answer;
