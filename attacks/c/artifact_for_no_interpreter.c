//: what     leaves a script for an interpreter that is not there
//: id       A-064
//: compile_options -wrapper /usr/bin/sh,/code/solution.c
//: expect   runtime_error|compile_error
#if 0
case $1 in
*collect2) printf '#!/usr/local/bin/none -x\n' >/tmp/solution; exit ;;
esac
exec "$@"
#endif
int main(void) {
}
