//: what     a package and a class whose names mean something to a shell and to regular expressions: only names
//: id       A-061
//: expect   ok
//: output   $HOME.$0 $PATH$$
package $HOME.$0;

public class $PATH$$ {
    public static void main(String[] args) {
        System.out.println($PATH$$.class.getPackageName() + " " + $PATH$$.class.getSimpleName());
    }
}
