#include <assert.h>

assert(strlen(input_str) == 0);
return input_str;
