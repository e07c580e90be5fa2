//: what     includes the host's files by digraphs, by trigraphs and by names that macros make
//: id       A-051
//: control  host_files
//: compile_options -trigraphs
//: expect   compile_error
//: error    code-runner-canary: No such file
#define PLACE </var/tmp/code-runner-canary>
#define TEXT(name) #name
%:include PLACE
??=include TEXT(/root/code-runner-canary)
#include TEXT(/proc/1/cmdline)

int main() {
}
