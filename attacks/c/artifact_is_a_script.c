//: what     leaves a script for another interpreter in place of the program
//: id       A-064
//: compile_options -wrapper /usr/bin/sh,/code/solution.c
//: expect   ok
//: output   #!/usr/bin/cat\nscript
#if 0
case $1 in
*collect2) printf '#!/usr/bin/cat\nscript\n' >/tmp/solution; exit ;;
esac
exec "$@"
#endif
int main(void) {
}
