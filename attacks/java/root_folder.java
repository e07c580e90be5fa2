//: what     the whole of the root folder, and the five device nodes
//: id       A-069 A-078
//: control  devices
//: mode     function
//: expect   ok
//: output   answer bin box code dev etc lib lib64 proc sbin tmp usr warm | fd full null random shm stderr stdin stdout urandom zero
import java.io.File;
import java.util.*;
// `opt` holds what is there for Java itself, where that was made; `read_host_files` looks into it.
Set<String> names = new TreeSet<>(Arrays.asList(new File("/").list()));
names.remove("opt");
return String.join(" ", names) + " | "
    + String.join(" ", new TreeSet<>(Arrays.asList(new File("/dev").list())));
