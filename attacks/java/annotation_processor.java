//: what     code that is a processor of annotations: the compiler runs none
//: id       A-058
//: expect   ok
//: output   only now
import java.util.Set;
import javax.annotation.processing.*;
import javax.lang.model.element.TypeElement;

@SupportedAnnotationTypes("*")
public class Main extends AbstractProcessor {
    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        System.out.println("while compiling");
        System.exit(1);
        return true;
    }

    @Deprecated
    public static void main(String[] args) {
        System.out.println("only now");
    }
}
