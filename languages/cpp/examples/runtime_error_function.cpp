#include <cassert>

assert(input_str.empty());
return input_str;
