#: what     ends in the middle of the call for some of its inputs, in every way there is: the others do not suffer
#: id       A-129
#: mode     function
#: inputs   1;_exit;exit;status;interrupt;base;generator;kill;exec;9
#: expect   ok;runtime_error;runtime_error;runtime_error;runtime_error;runtime_error;runtime_error;runtime_error;runtime_error;ok
#: error    ;ended before;ended before;exit code 4;KeyboardInterrupt;Mine;GeneratorExit;SIGKILL;ended before;
#: output   1;;;;;;;;;9
import os, signal, sys
class Mine(BaseException):
    pass
if input_str == "_exit":
    os._exit(0)
elif input_str == "exit":
    raise SystemExit
elif input_str == "status":
    sys.exit(4)
elif input_str == "interrupt":
    raise KeyboardInterrupt
elif input_str == "base":
    raise Mine("own")
elif input_str == "generator":
    raise GeneratorExit
elif input_str == "kill":
    os.kill(0, signal.SIGKILL)
elif input_str == "exec":
    os.execv(sys.executable, [sys.executable, "-c", "0"])
return input_str
