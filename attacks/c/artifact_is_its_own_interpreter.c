//: what     leaves a script whose interpreter it is itself
//: id       A-064
//: compile_options -wrapper /usr/bin/sh,/code/solution.c
//: expect   runtime_error|compile_error
#if 0
case $1 in
*collect2) printf '#!/code/solution\n' >/tmp/solution; exit ;;
esac
exec "$@"
#endif
int main(void) {
}
