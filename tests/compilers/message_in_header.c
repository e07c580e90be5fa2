#include <stdio.h>
int time(void);
// The first message is of a file that is included here.
#include <time.h>
int main(void) { return 1 }
