const char *solve(char *input_str) { return input_str + 1;
}
#include "harness_end.h"
