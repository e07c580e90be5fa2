# Compiles what was sent and packs it, with the name of the class to start, into one archive.
#
#   compile.sh program|function [OPTION...]
set -e
mode=$1
shift
sources=/tmp/sources classes=/tmp/classes
mkdir -p $sources/files $classes/META-INF

if [ "$mode" = function ]; then
    own=Solution.java name=Solution
else
    own=Main.java
    # A public class has to be in a file of its name, whatever that is.
    modifiers='\(\(abstract\|final\|sealed\|non-sealed\|strictfp\)[[:space:]]\+\)*'
    kinds='\(class\|interface\|enum\|record\)'
    name=$(sed -n "/^public[[:space:]]/{s/^public[[:space:]]\+$modifiers$kinds[[:space:]]\+\([A-Za-z_\$][A-Za-z0-9_\$]*\).*/\4/p;}" /code/Main.java |
        sed -n 1p)
fi
cp /code/$own "$sources/${name:-Main}.java"
for file in /code/*.java; do
    [ "$file" = /code/$own ] || cp "$file" $sources/files/
done

# The names in messages are relative to this folder.
cd $sources
further=
for file in files/*.java; do
    [ ! -e "$file" ] || further="$further $file"
done
javac -J-XX:+UseSerialGC -J-XX:TieredStopAtLevel=1 -J-XX:-UsePerfData -J-Xshare:auto -encoding UTF-8 -g -proc:none \
    -d $classes "$@" "${name:-Main}.java" $further

cd $classes
package=$(sed -n 's/^[[:space:]]*package[[:space:]]\+\([A-Za-z0-9_.$]*\).*/\1/p' /code/$own | sed -n 1p)
folder=$(echo "$package" | sed 's|\.|/|g')
if [ "$mode" = function ]; then
    start=CodeRunner
    echo "${package:+$package.}Solution" >solution-class
elif [ -n "$name" ]; then
    start=$name
else
    # Without a public class, the first that declares `main(String[])`.
    start=Main
    for file in "${folder:-.}"/*.class; do
        if grep -qaF '([Ljava/lang/String;)V' "$file" && grep -qaF main "$file"; then
            start=${file##*/}
            start=${start%.class}
            break
        fi
    done
fi
[ "$mode" = function ] || start=${package:+$package.}$start
echo "Main-Class: $start" >META-INF/MANIFEST.MF
zip -0 -q -r /tmp/program.jar .
cat /tmp/program.jar >/artifact
