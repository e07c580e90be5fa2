# Compiles what was sent and packs it, with the name of the class to start, into one archive.
#
#   compile.sh SOURCE [OPTION...]      Main.java: a program; Solution.java: a class with `solve`
set -e
own=$1
shift
sources=/tmp/sources classes=/tmp/classes messages=/tmp/messages
mkdir -p $sources/files $sources/coderunner $classes/META-INF
for file in /code/*.java; do
    case ${file##*/} in
    "$own" | CodeRunner.java) ;;
    *) cp "$file" $sources/files/ ;;
    esac
done
# The names in messages are relative to this folder.
cd $sources

# A public class has to be in a file of its name, whatever that is. This finds it where everybody writes it; where it
# does not, the compiler says what it wants.
word='[[:alpha:]_$][[:alnum:]_$]*'
before='\(@[A-Za-z.]\+\(([^)]*)\)\?[[:space:]]*\|[a-z-]\+[[:space:]]\+\)*'
name=$(sed -n "s/^${before}public[[:space:]]\+$before\(class\|interface\|enum\|record\)[[:space:]]\+\($word\).*/\6/p" "/code/$own" |
    sed -n 1p)
package=$(sed -n 's/^[[:space:]]*package[[:space:]]\+\([A-Za-z0-9_.$]*\)[[:space:]]*;.*/\1/p' "/code/$own" | sed -n 1p)

compile() {
    cp "/code/$own" "$name.java"
    further=
    for file in files/*.java; do
        [ ! -e "$file" ] || further="$further $file"
    done
    if [ "$own" = Solution.java ]; then
        sed "s/@SOLUTION@/${package:+$package.}$name/" /code/CodeRunner.java >coderunner/CodeRunner.java
        further="$further coderunner/CodeRunner.java"
    fi
    # The compiler's own classes need no verification. `layout` is the usual one with a column. Without `stringConcat`
    # the first `+` of a run would take 15 ms.
    javac -J-XX:+UseSerialGC -J-XX:TieredStopAtLevel=1 -J-XX:-UsePerfData \
        -J-XX:+UnlockDiagnosticVMOptions -J-XX:-BytecodeVerificationRemote \
        -XDdiags.layout='%f:%l:%c:%_%p%L%m|%p%L%m|%f:%_%p%L%m' -XDsuppressNotes -XDstringConcat=inline \
        -encoding UTF-8 -g -proc:none -d $classes "$@" "$name.java" $further >$messages 2>&1
}

name=${name:-${own%.java}}
if ! compile "$@"; then
    wanted=$(sed -n "s/^$name\.java:.* \($word\) is public, should be declared in a file named .*/\1/p" $messages |
        sed -n 1p)
    if [ -z "$wanted" ] || [ "$wanted" = "$name" ]; then
        cat $messages
        exit 1
    fi
    rm "$name.java"
    name=$wanted
    compile "$@" || { cat $messages && exit 1; }
fi
cat $messages

cd $classes
if [ "$own" = Solution.java ]; then
    start=coderunner.CodeRunner
else
    # The first class that has a `main`, of those in the code; the public one before all others.
    start=$name
    names=$(sed -n "s/.*\b\(class\|interface\|enum\|record\)[[:space:]]\+\($word\).*/\2/p" "/code/$own")
    folder=$(echo "${package:-.}" | sed 's|\.\(.\)|/\1|g')
    for each in "$name" $names; do
        if LC_ALL=C grep -qaP '\x01\x00\x04main' "$folder/$each.class" 2>/dev/null &&
            grep -qaF '([Ljava/lang/String;)V' "$folder/$each.class"; then
            start=$each
            break
        fi
    done
    start=${package:+$package.}$start
fi
echo "Main-Class: $start" >META-INF/MANIFEST.MF
zip -0 -q -r -X -D /tmp/program.jar .
cat /tmp/program.jar >/artifact
