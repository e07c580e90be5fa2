#include <stdio.h>
static const int never = 3;
/* Warnings of this file, of a header that it includes, and of this file again. */
int first(void) { int unused; return 1 }
#define main 1 +
#include <complex.h>
#include <tgmath.h>
int second(void) { int unused; char *text = 5; printf("%s\n", 3); return text; }
