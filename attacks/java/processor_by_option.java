//: what     asks for a processor of annotations by name and by a folder in which one could lie
//: id       A-058
//: compile_options -processor Main -processorpath /code:/box:/tmp:/tmp/classes
//: expect   ok
//: output   only now
import java.util.Set;
import javax.annotation.processing.*;
import javax.lang.model.element.TypeElement;

@SupportedAnnotationTypes("*")
public class Main extends AbstractProcessor {
    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        System.exit(1);
        return true;
    }

    @Deprecated
    public static void main(String[] args) {
        System.out.println("only now");
    }
}
