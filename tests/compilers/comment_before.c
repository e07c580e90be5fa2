// What may stand before <stdio.h> when a compiler waits that has read it.

/* A comment of one line. */
/*
 * And one of several,
#include <stdlib.h>
 * with what is none of its business.
 */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    printf("%d %d\n", __LINE__, abs(-3));
}
