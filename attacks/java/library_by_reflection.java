//: what     opens private parts of the library to change what text says: the modules are closed
//: id       A-131
//: mode     function
//: expect   ok
//: output   refused
java.lang.reflect.Field value = String.class.getDeclaredField("value");
try {
    value.setAccessible(true);
    value.set("16", new byte[] {'1', '7'});
    return "changed";
} catch (RuntimeException error) {
    return "refused";
}
