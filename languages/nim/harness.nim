## Function mode: calls the student's `solve` once with the whole input and hands its answer over.
##
## An exception is left to the runtime: its message and trace go to stderr, the status is 1.
import loader

proc leave(status: cint) {.importc: "_exit", header: "<unistd.h>".}

let answer = solveInput(stdin.readAll)
stdout.flushFile
writeFile("/answer", "=" & answer)
leave(0)
