#: what     leaves a file in every place it may write to, and looks for what earlier runs have left
#: id       A-115
#: control  shared_scratch
#: inputs   1;2;3;4;5
#: expect   ok
#: output   held
import os

breaches = []
for number, place in enumerate(("/box", "/tmp", "/dev/shm")):
    breaches += [f"ESCAPED {place}/{name}" for name in os.listdir(place)]
    with open(f"{place}/marker-{number}", "w") as marker:
        marker.write("marker")
print("\n".join(breaches) or "held")
