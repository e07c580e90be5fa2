#: what     starts Python twenty times and compares the first random numbers, UUIDs, seeds of hashes and temporary names
#: id       A-121
#: expect   ok
#: output   held
import subprocess, sys

code = """
import os, random, secrets, tempfile, uuid
print(random.random(), secrets.token_hex(8), uuid.uuid4(), uuid.uuid1(), hash("seed"), tempfile.mkdtemp(), os.urandom(8).hex())
"""
runs = [subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout.split()
        for _ in range(20)]
kinds = ("random", "secrets", "uuid4", "uuid1", "hash", "tempfile", "urandom")
repeated = [f"ESCAPED {kind}" for kind, words in zip(kinds, zip(*runs)) if len(set(words)) != len(runs)]
print("\n".join(repeated) or "held" if len(runs[0]) == len(kinds) else runs[0])
