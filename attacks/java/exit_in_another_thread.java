//: what     another thread ends everything with status 0 while the function still works
//: id       A-129
//: mode     function
//: expect   runtime_error
//: error    ended before the function returned
new Thread(() -> Runtime.getRuntime().halt(0)).start();
Thread.sleep(30_000);
return "16";
