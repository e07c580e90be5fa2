//: what     ends in the middle of the call for some of its inputs, in every way there is: the others do not suffer
//: id       A-129
//: mode     function
//: inputs   1;exit;halt;status;error;death;thread;kill;9
//: expect   ok;runtime_error;runtime_error;runtime_error;runtime_error;runtime_error;runtime_error;runtime_error;ok
//: error    ;ended before;ended before;exit code 4;java.lang.Error: own|at Solution.solve;ThreadDeath|at Solution.solve;ended before;SIGKILL;
//: output   1;;;;;;;;9
switch (input_str) {
    case "exit" -> System.exit(0);
    case "halt" -> Runtime.getRuntime().halt(0);
    case "status" -> System.exit(4);
    case "error" -> throw new Error("own");
    case "death" -> throw new ThreadDeath();
    case "thread" -> {
        new Thread(() -> Runtime.getRuntime().halt(0)).start();
        Thread.sleep(10_000);
    }
    case "kill" -> {
        new ProcessBuilder("sh", "-c", "kill -9 " + ProcessHandle.current().pid()).start();
        Thread.sleep(10_000);
    }
    default -> { }
}
return input_str;
