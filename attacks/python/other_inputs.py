#: what     looks for the inputs of other runs in files, descriptors, arguments, environment and objects
#: id       A-125
#: control  shared_scratch
#: mode     function
#: inputs   input-of-run-1;input-of-run-2;input-of-run-3
#: expect   ok
#: output   held
import gc, os, re
# Written so that it does not find itself. Behind a space or `;` it is the header above.
sought = re.compile(rb"(?<![ ;])input-of-ru[n]-[0-9]")
breaches = []
def look(place, data):
    if isinstance(data, str):
        data = data.encode(errors="replace")
    breaches.extend(f"ESCAPED {word.decode()} in {place}" for word in sought.findall(data) if word != input_str.encode())
for descriptor in range(1024):
    if descriptor not in (1, 2):
        try:
            look(f"descriptor {descriptor}", os.read(descriptor, 1 << 20))
        except OSError:
            pass
for top in ("/box", "/tmp", "/dev/shm", "/code", "/proc/self"):
    for folder, _, files in os.walk(top):
        for name in files:
            if top != "/proc/self" or name in ("cmdline", "environ") and folder == top:
                try:
                    with open(os.path.join(folder, name), "rb") as file:
                        look(file.name, file.read(1 << 20))
                except OSError:
                    pass
look("the answer", open("/answer", "rb").read())
for value in gc.get_objects():
    if isinstance(value, (list, dict, tuple)):
        for part in (value.values() if isinstance(value, dict) else value):
            if isinstance(part, (str, bytes)):
                look("an object", part)
with open("/tmp/input", "w") as file:
    file.write(input_str)
return "\n".join(breaches) or "held"
