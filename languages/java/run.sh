# Waits for a program, in a JVM that has loaded what programs use.
#
#   run.sh JAVA [OPTION...]      the command of a program, up to `-jar`
ready=/opt/code-runner/java
# The shell's own, which the program would see.
unset PWD
if [ -e $ready/program.jar ]; then
    exec "$@" -XX:SharedArchiveFile=$ready/program.jsa -Xbootclasspath/a:$ready/program.jar -cp /code/program.jar \
        coderunner.warm.WarmProgram /code/gate $ready/sample.jar "$@" -jar /code/program.jar
fi
head -c 1 /code/gate >/dev/null
exec "$@" -jar /code/program.jar
