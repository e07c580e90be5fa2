//: what     leaves the first bytes of a program
//: id       A-064
//: compile_options -wrapper /usr/bin/sh,/code/solution.c
//: expect   runtime_error|compile_error
#if 0
case $1 in
*collect2) printf '\\177ELF\\2\\1\\1' >/tmp/solution; exit ;;
esac
exec "$@"
#endif
int main(void) {
}
