#include <ctype.h>
int solve(char *text) {
    int main = 1;
    return toupper(text)
}
#include "harness_end.h"
