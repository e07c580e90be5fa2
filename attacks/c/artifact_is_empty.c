//: what     leaves an empty file in place of the program
//: id       A-064
//: compile_options -wrapper /usr/bin/sh,/code/solution.c
//: expect   compile_error
//: error    made no program
#if 0
case $1 in
*collect2) : >/tmp/solution; exit ;;
esac
exec "$@"
#endif
int main(void) {
}
