#: what     a thousand temporary files, folders, renames: benign
#: id       G-09
#: expect   ok
#: output   1000 True
import os, tempfile

with tempfile.TemporaryDirectory() as folder:
    for number in range(1000):
        with open(os.path.join(folder, f"{number}.txt"), "w") as file:
            file.write(str(number))
    os.makedirs(os.path.join(folder, "a/b/c"))
    os.rename(os.path.join(folder, "1.txt"), os.path.join(folder, "a/b/c/1.txt"))
    print(sum(len(files) for _, _, files in os.walk(folder)), os.path.exists(os.path.join(folder, "a/b/c/1.txt")))
