#: what     a pipeline of other programs, and a shell: benign
#: id       G-02
#: expect   ok
#: output   2\n7
import subprocess, sys

first = subprocess.Popen([sys.executable, "-c", "print('a'); print('b')"], stdout=subprocess.PIPE)
count = subprocess.run([sys.executable, "-c", "import sys; print(len(sys.stdin.readlines()))"], stdin=first.stdout,
                       capture_output=True, text=True)
print(count.stdout.strip())
print(subprocess.run("exit 7", shell=True).returncode)
