/* What a body may use without an include line of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
