#include <vector>
int number = 1;
return nothing;
