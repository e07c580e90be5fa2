# Starts the compiler: CodeRunnerCompiler.java, as it was compiled on this host, or else from its source.
#
#   compile.sh [wait] SOURCE [OPTION...]      Main.java: a program; Solution.java: a class with `solve`
ready=/opt/code-runner/java
class=coderunner.CodeRunnerCompiler
if [ "$1" = wait ]; then
    shift
    if [ -e $ready/compiler.jar ]; then
        class="coderunner.warm.WarmCompiler /code/gate $ready/Sample.java"
    else
        head -c 1 /code/gate >/dev/null
    fi
fi
own=$1
shift

# As javac does.
java="-Xms8m"
for option; do
    shift
    case $option in
    -J*) java="$java ${option#-J}" ;;
    *) set -- "$@" "$option" ;;
    esac
done

# The compiler's own classes need no verification.
java="/usr/bin/java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData \
    -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote $java"
cd /tmp || exit
if [ -e $ready/compiler.jar ]; then
    exec $java -XX:SharedArchiveFile=$ready/compiler.jsa --add-exports jdk.compiler/com.sun.tools.javac.api=ALL-UNNAMED \
        -cp $ready/compiler.jar $class /code /artifact "$own" "$@"
fi
exec $java /code/CodeRunnerCompiler.java /code /artifact "$own" "$@"
