// What the compiler knows of the file's name and of its place.
#include <assert.h>
#include <stdio.h>

#if __has_include("compile.sh") && __has_include("solution.c") && !__has_include("gate") && !__has_include("messages")
#define NEIGHBOURS "as they should be"
#else
#define NEIGHBOURS "wrong"
#endif

int main(void) {
    printf("%s %s %d %d %d\n", __FILE__, __BASE_FILE__, __LINE__, __INCLUDE_LEVEL__, __COUNTER__);
    printf("%s, %d\n", NEIGHBOURS, __COUNTER__);
#line 100 "elsewhere.c"
    printf("%s %s %d\n", __FILE__, __BASE_FILE__, __LINE__);
#line 200
    fflush(stdout);
    assert(__LINE__ == 1);
}
