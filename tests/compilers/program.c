#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct node {
    struct node *next;
    double value;
};

static int compare(const void *one, const void *other) {
    const double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

int main(void) {
    struct node *list = NULL;
    size_t count = 0;
    for (double value; scanf("%lf", &value) == 1; count++) {
        struct node *node = malloc(sizeof *node);
        *node = (struct node){list, sqrt(value)};
        list = node;
    }
    double values[count + 1];
    for (size_t i = 0; list != NULL; i++) {
        values[i] = list->value;
        struct node *next = list->next;
        free(list);
        list = next;
    }
    qsort(values, count, sizeof *values, compare);
    for (size_t i = 0; i < count; i++)
        printf("%.3f%c", values[i], i + 1 < count ? ' ' : '\n');
    static uint64_t table[16];
    for (int i = 0; i < 16; i++)
        table[i] = (uint64_t)i * 0x9e3779b97f4a7c15u;
    printf("%llx %d\n", (unsigned long long)table[15], INT_MAX);
}
