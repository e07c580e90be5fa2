//: what     arrays with as many elements as 31 bits can count
//: id       A-024
//: mode     function
//: expect   runtime_error
//: error    OutOfMemoryError
long[][] arrays = new long[4][];
for (int number = 0; number < arrays.length; number++) {
    arrays[number] = new long[Integer.MAX_VALUE - 8];
}
return String.valueOf(arrays.length);
