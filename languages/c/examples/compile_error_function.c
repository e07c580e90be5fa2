#include <ctype.h>
int number = 1;
return numbr;
