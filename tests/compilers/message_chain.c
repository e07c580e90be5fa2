#include <stdlib.h>
#include <tgmath.h>
#define INNER(x) ((x) + "text" * 2)
#define OUTER(x) INNER(x)
_Static_assert(sizeof(div_t) == 1, "through a header");

int div(int one, int other, int third);

int main(void) {
	return OUTER(1) + sqrt("tab before this");
}
