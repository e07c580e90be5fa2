#: what     returns what raises, prints, recurses, sleeps or is no text when it is made text, and text that is none
#: id       A-134
#: mode     function
#: limits   wall_time_ms=1500 cpu_time_ms=1000
#: inputs   raises;prints;recurses;sleeps;no text;surrogate;integer;nan;exit;deep;subclass;nothing
#: expect   runtime_error;ok;runtime_error;time_limit;runtime_error;runtime_error;runtime_error;ok;runtime_error;runtime_error;ok;ok
#: error    ValueError: mine;;RecursionError;longer than;TypeError;UnicodeEncodeError;ValueError;;ended before;;;
#: output   ;printed;;;;;;nan;;;as it is;None
import os, time
class Value:
    def __str__(self):
        if input_str == "raises":
            raise ValueError("mine")
        if input_str == "prints":
            print("=forged")
            return "printed"
        if input_str == "recurses":
            return str(self)
        if input_str == "sleeps":
            time.sleep(30)
        if input_str == "exit":
            os._exit(0)
        return 7
class Text(str):
    def __str__(self):
        return "another"
    def encode(self, *args):
        return b"another"
deep = []
for _ in range(100_000 if input_str == "deep" else 0):
    deep = [deep]
return {"surrogate": "\udc80", "integer": 10 ** 1_000_000, "nan": float("nan"), "deep": deep, "subclass": Text("as it is"),
        "nothing": None}.get(input_str, Value())
