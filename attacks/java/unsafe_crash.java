//: what     writes to an address where nothing is, so that the machine itself comes to grief
//: id       A-047
//: mode     function
//: expect   runtime_error
var field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
field.setAccessible(true);
((sun.misc.Unsafe) field.get(null)).putAddress(8, 1);
return "never";
