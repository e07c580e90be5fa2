#pragma once
#include <stdio.h>

#ifdef SEEN
#error "was read twice"
#endif
#define SEEN
#include "solution.c"

int main(void) { puts("once"); }
